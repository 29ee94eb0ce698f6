using System.Text.Json.Nodes;
using Kilde.Definitions;
using Kilde.Quality.Figures;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using Shouldly;

namespace Kilde.Quality.Tests.Figures;

/// <summary>Every example of every figure, counted by PostgreSQL as the register's rows would be.</summary>
public sealed class FigureExampleTests(ExampleDatabase database) : IClassFixture<ExampleDatabase>
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

        var counted = await database.QueryAsync(
            RunFigures.Counted(figure, ExampleDatabase.RowsOf), example.Rows);

        foreach (var expected in example.Counts)
        {
            counted.Count(row => expected.All(wanted => Same(row[wanted.Key], wanted.Value)))
                .ShouldBe(1, string.Join('\n', counted.Prepend(expected).Select(row => row.ToJsonString())));
        }

        counted.Select(row => (row["unit"]!.ToString(), $"{row["data_year"]}", $"{row["part"]}", $"{row["category"]}"))
            .ShouldBeUnique();
    }

    private static bool Same(JsonNode? actual, JsonNode? expected) =>
        expected is JsonValue number && number.TryGetValue<decimal>(out var wanted)
            && actual is JsonValue value && value.TryGetValue<decimal>(out var own)
            ? own == wanted
            : actual?.ToString() == expected?.ToString();
}
