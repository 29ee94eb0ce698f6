using System.Text.Json.Nodes;
using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Quality.Checks;
using Kilde.Register.Reading;
using Kilde.Testing;
using Npgsql;
using Shouldly;

namespace Kilde.Quality.Tests.Checks;

/// <summary>Every example of every check, measured and judged by PostgreSQL as the register's rows would be.</summary>
public sealed class CheckExampleTests(CheckExampleTests.Database database)
    : IClassFixture<CheckExampleTests.Database>
{
    private static readonly DefinitionCatalogue Catalogue = DefinitionCatalogue.Load(Repository.At("definitions"));

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
        foreach (var (view, rows) in example.Rows) parameters.Add($"rows_{view}", rows.ToJsonString());
        var measured = sql.Measured(RowsOf, "true");
        var found = await connection.QueryAsync<string>(
            $"select to_jsonb(m)::text from ({measured}) as m where {check.Finding}", parameters);
        return [.. found.Select(each => JsonNode.Parse(each)!.AsObject())];
    }

    private static string RowsOf(RecordView view) =>
        $"select * from {RecordViewSql.OfJson(view, $"rows_{view.Name}")}";

    /// <summary>One database for all: examples bring their rows with them, and write nothing.</summary>
    public sealed class Database(PostgresServer postgres) : IAsyncLifetime
    {
        private TestDatabases? _databases;

        public async ValueTask InitializeAsync() => _databases = await postgres.NewDatabasesAsync();

        public async Task<NpgsqlConnection> OpenAsync() =>
            await _databases!.Register.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync() => await _databases!.DisposeAsync();
    }

    private static bool Holds(JsonObject actual, JsonObject expected) =>
        expected.All(wanted => (actual[wanted.Key], wanted.Value) switch
        {
            (JsonValue value, JsonValue other) when other.TryGetValue<decimal>(out var number) =>
                value.TryGetValue<decimal>(out var own) && own == number,
            var (value, other) => value?.ToString() == other?.ToString(),
        });
}
