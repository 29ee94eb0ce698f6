namespace Kilde.Definitions.Tests;

/// <summary>What several scored items come to together, told by a file in <c>scores/</c>.</summary>
public class ScoreTests
{
    private const string Sound =
        """
        score: prove_1
        title: Til prøve
        source: Kilde
        codeList: '1101'
        values: { min: 1, max: 5 }
        atLeast: 1
        groups: { one: ['1'], two: ['2'] }
        levels:
          - { gives: low, upTo: 2.5 }
          - { gives: high }
        otherwise: unknown
        examples:
          - { title: Lavt, scores: { '1': 2 }, gives: low }
        """;

    [Fact]
    public void A_score_is_read_as_it_is_written()
    {
        using var folder = Folder(Sound);

        var score = DefinitionCatalogue.Load(folder.Path).Scores.ShouldHaveSingleItem();

        score.Groups.Select(group => $"{group.Name} {string.Join(' ', group.Items)}").ShouldBe(["one 1", "two 2"]);
        score.Levels.Select(level => (level.Gives, level.UpTo)).ShouldBe([("low", 2.5m), ("high", null)]);
        score.Examples.ShouldHaveSingleItem().Scores["1"].ShouldBe(2);
    }

    [Theory]
    [InlineData("score: prove_1", "score: prove", "DEF-058")]
    [InlineData("codeList: '1101'", "codeList: '1102'", "DEF-005")]
    [InlineData("two: ['2']", "two: ['1']", "DEF-058")]
    [InlineData("two: ['2']", "two: ['7']", "DEF-058")]
    [InlineData("upTo: 2.5 }", "upTo: to }", "DEF-058")]
    [InlineData("{ gives: high }", "{ gives: high, upTo: 2 }", "DEF-058")]
    [InlineData("gives: high", "gives: \"x' or\"", "DEF-058")]
    [InlineData("atLeast: 1", "atLeast: 3", "DEF-006")]
    [InlineData("otherwise: unknown", "ellers: unknown", "DEF-003")]
    [InlineData("  - { title: Lavt, scores: { '1': 2 }, gives: low }", "  []", "DEF-058")]
    public void A_mistake_in_a_score_is_told(string was, string now, string id)
    {
        Sound.ShouldContain(was);
        using var folder = Folder(Sound.Replace(was, now));

        folder.Check().Mistakes.ShouldContain(mistake => mistake.Id == id && mistake.File == "scores/s.yaml");
    }

    private static DefinitionFolder Folder(string score)
    {
        var folder = new DefinitionFolder(DefinitionMistakeTests.Sound, DefinitionMistakeTests.YesNo);
        folder.Write("scores", "s.yaml", score);
        return folder;
    }
}
