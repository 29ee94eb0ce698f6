using Dapper;
using Kilde.Definitions;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using Shouldly;

namespace Kilde.Quality.Tests.Checks;

/// <summary>Every example of every score, worked out by PostgreSQL as checks and figures have it done.</summary>
public sealed class ScoreExampleTests(ExampleDatabase database) : IClassFixture<ExampleDatabase>
{
    private static readonly DefinitionCatalogue Catalogue = RepositoryDefinitions.Catalogue;

    public static IEnumerable<TheoryDataRow<string, string>> Examples =>
        from score in Catalogue.Scores
        from example in score.Examples
        select new TheoryDataRow<string, string>(score.Id, example.Title);

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_score_gives_what_its_example_says(string id, string title)
    {
        var example = Catalogue.Scores.Single(score => score.Id == id).Examples.Single(each => each.Title == title);
        await using var connection = await database.OpenAsync();

        var level = await connection.ExecuteScalarAsync<string>(
            $"select register.{id}(@items, @scores)",
            new
            {
                items = example.Scores.Keys.Select(long.Parse).ToArray(),
                scores = example.Scores.Values.Select(score => (long)score).ToArray(),
            });

        level.ShouldBe(example.Gives);
    }

    [Fact]
    public async Task Nothing_scored_is_not_a_level_and_every_level_has_an_example()
    {
        await using var connection = await database.OpenAsync();
        foreach (var score in Catalogue.Scores)
        {
            (await connection.ExecuteScalarAsync<string>($"select register.{score.Id}('{{}}', '{{}}')"))
                .ShouldBe(score.Otherwise);
            score.Levels.Select(level => level.Gives).Append(score.Otherwise)
                .Except(score.Examples.Select(example => example.Gives)).ShouldBeEmpty();
        }
    }
}
