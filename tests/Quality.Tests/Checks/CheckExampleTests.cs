using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Quality.Checks;
using Kilde.Quality.Tests.Kit;
using Kilde.Register.Reading;
using Kilde.Testing;
using Npgsql;
using Shouldly;

namespace Kilde.Quality.Tests.Checks;

/// <summary>Every example of every check, measured and judged by PostgreSQL as the register's rows would be.</summary>
public sealed partial class CheckExampleTests(ExampleDatabase database) : IClassFixture<ExampleDatabase>
{
    private static readonly DefinitionCatalogue Catalogue = RepositoryDefinitions.Catalogue;

    public static IEnumerable<TheoryDataRow<string, string>> Examples =>
        from check in Catalogue.Checks
        from example in check.Examples
        select new TheoryDataRow<string, string>(check.Id, example.Title);

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_check_finds_what_its_example_says(string id, string title)
    {
        var check = Catalogue.Checks.Single(each => each.Id == id);
        var example = check.Examples.Single(each => each.Title == title);
        await using var connection = await database.OpenAsync();

        var found = await FindAsync(check, example, connection);

        found.Count.ShouldBe(example.Finds.Count, string.Join('\n', found.Select(each => each.ToJsonString())));
        foreach (var expected in example.Finds) found.ShouldContain(actual => Holds(actual, expected));
        foreach (var detail in found.Select(each => (string?)each["detail"]).OfType<string>().Where(IsInBokmaal))
        {
            var english = DetailPhrase.Say(check.Details, check.DetailCodes, detail, "en", out var isSaid);
            isSaid.ShouldBeTrue($"«{detail}» is said in bokmål only");
            IsInBokmaal(english).ShouldBeFalse(english);
        }
    }

    // Codes, dates, numbers and names are no words.
    private static bool IsInBokmaal(string detail) => BokmaalWords.IsMatch(detail);

    [GeneratedRegex(
        @"\b(er|og|uten|av|på|ikke|bare|holdt|tjeneste\w*|år|\w+ering|\w+dato|individuell|timer|husstand|venteliste)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BokmaalWords { get; }

    [Fact]
    public void Each_check_says_what_would_mend_the_record_or_why_that_cannot_be_known()
    {
        Catalogue.Checks.Where(check => check.Edits.Count > 0 == check.NoEdit is not null).Select(check => check.Id)
            .ShouldBeEmpty();
        Catalogue.Checks.Count(check => check.Edits.Count > 0).ShouldBeGreaterThanOrEqualTo(8);
    }

    public static IEnumerable<TheoryDataRow<string>> ChecksWithEdits =>
        Catalogue.Checks.Where(check => check.Edits.Count > 0).Select(check => new TheoryDataRow<string>(check.Id));

    [Theory]
    [MemberData(nameof(ChecksWithEdits))]
    public async Task What_a_check_says_would_mend_its_examples_does(string id)
    {
        var check = Catalogue.Checks.Single(each => each.Id == id);
        await using var connection = await database.OpenAsync();
        var isUsed = check.Edits.ToDictionary(edit => edit, _ => false);

        foreach (var example in check.Examples)
        {
            foreach (var finding in await FindAsync(check, example, connection))
            {
                var mended = await MendAsync(check, example, finding, isUsed, connection);
                if (mended is null) continue;
                (await FindAsync(check, mended, connection)).Select(each => (string?)each["subject"])
                    .ShouldNotContain((string?)finding["subject"], example.Title);
            }
        }

        isUsed.Where(edit => !edit.Value).Select(edit => $"{edit.Key.Column} {edit.Key.When}").ShouldBeEmpty();
    }

    // The example with the edits of a finding made; null where none is known.
    private static async Task<CheckExample?> MendAsync(
        Check check, CheckExample example, JsonObject finding, Dictionary<CheckEdit, bool> isUsed,
        NpgsqlConnection connection)
    {
        var made = new List<(string View, string Column, JsonNode? Becomes)>();
        foreach (var edit in check.Edits.Where(edit => example.Rows.ContainsKey(edit.View.Name)))
        {
            var becomes = (await connection.QueryAsync<string?>(
                $"""
                select to_jsonb({edit.Value ?? "null::text"})::text from {RecordViewSql.OfJson(edit.View, "rows")}
                cross join (select @measured::numeric as measured, @basis::numeric as basis, @detail as detail) as found
                where record_key = @record and ({edit.When ?? "true"})
                """,
                new
                {
                    rows = example.Rows[edit.View.Name].ToJsonString(),
                    measured = (decimal?)finding["measured"],
                    basis = (decimal?)finding["basis"],
                    detail = (string?)finding["detail"],
                    record = (string?)finding["record_key"],
                })).ToList();
            if (becomes is not [var value] || (value is null && !edit.Removes)) continue;
            made.Add((edit.View.Name, edit.Column, value is null ? null : JsonNode.Parse(value)));
            isUsed[edit] = true;
        }

        if (made.Count == 0) return null;
        var rows = example.Rows.ToDictionary(view => view.Key, view => view.Value.DeepClone().AsArray());
        foreach (var (view, column, becomes) in made)
        {
            rows[view].Single(row => (string?)row!["record_key"] == (string?)finding["record_key"])![column] = becomes;
        }

        return example with { Rows = rows };
    }

    private static async Task<IReadOnlyList<JsonObject>> FindAsync(
        Check check, CheckExample example, NpgsqlConnection connection)
    {
        var sql = CheckSql.Of(check);
        var parameters = new DynamicParameters();
        parameters.Add("firstYear", check.FirstDataYear);
        parameters.Add("lastYear", check.LastDataYear ?? int.MaxValue);
        foreach (var (name, value) in sql.Ends) parameters.Add(name, value);
        foreach (var limit in check.Limits) parameters.Add(limit.Name, limit.Value);
        ExampleDatabase.Give(parameters, example.Rows);
        var measured = sql.Measured(ExampleDatabase.RowsOf, "true");
        var found = await connection.QueryAsync<string>(
            $"select to_jsonb(m)::text from ({measured}) as m where {check.Finding}", parameters);
        return [.. found.Select(each => JsonNode.Parse(each)!.AsObject())];
    }

    private static bool Holds(JsonObject actual, JsonObject expected) =>
        expected.All(wanted => (actual[wanted.Key], wanted.Value) switch
        {
            (JsonValue value, JsonValue other) when other.TryGetValue<decimal>(out var number) =>
                value.TryGetValue<decimal>(out var own) && own == number,
            var (value, other) => value?.ToString() == other?.ToString(),
        });
}
