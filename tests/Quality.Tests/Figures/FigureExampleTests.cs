using System.Text.Json.Nodes;
using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Quality.Figures;
using Kilde.Quality.Tests.Checks;
using Kilde.Register.Reading;
using Kilde.Testing;
using Shouldly;

namespace Kilde.Quality.Tests.Figures;

/// <summary>Every example of every figure, counted by PostgreSQL as the register's rows would be.</summary>
public sealed class FigureExampleTests(CheckExampleTests.Database database) : IClassFixture<CheckExampleTests.Database>
{
    private static readonly DefinitionCatalogue Catalogue = RepositoryDefinitions.Catalogue;

    public static IEnumerable<TheoryDataRow<string, string>> Examples =>
        from figure in Catalogue.Figures
        from example in figure.Examples
        select new TheoryDataRow<string, string>(figure.Id, example.Title);

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_figure_counts_what_its_example_says(string id, string title)
    {
        var figure = Catalogue.Figures.Single(each => each.Id == id);
        var example = figure.Examples.Single(each => each.Title == title);
        await using var connection = await database.OpenAsync();
        var parameters = new DynamicParameters();
        foreach (var (view, rows) in example.Rows) parameters.Add($"rows_{view}", rows.ToJsonString());

        var counted = (await connection.QueryAsync<string>(
            $"select to_jsonb(c)::text from ({RunFigures.Counted(figure, RowsOf)}) as c", parameters))
            .Select(row => JsonNode.Parse(row)!.AsObject()).ToList();

        foreach (var expected in example.Counts)
        {
            counted.Count(row => expected.All(wanted => Same(row[wanted.Key], wanted.Value)))
                .ShouldBe(1, string.Join('\n', counted.Prepend(expected).Select(row => row.ToJsonString())));
        }

        counted.Select(row => (row["unit"]!.ToString(), $"{row["data_year"]}", $"{row["part"]}", $"{row["category"]}"))
            .ShouldBeUnique();
    }

    private static string RowsOf(RecordView view) =>
        $"select * from {RecordViewSql.OfJson(view, $"rows_{view.Name}")}";

    private static bool Same(JsonNode? actual, JsonNode? expected) =>
        expected is JsonValue number && number.TryGetValue<decimal>(out var wanted)
            && actual is JsonValue value && value.TryGetValue<decimal>(out var own)
            ? own == wanted
            : actual?.ToString() == expected?.ToString();
}
