namespace Kilde.Definitions.Tests;

/// <summary>A figure is read by people in three languages, so every word of it is written in all of them.</summary>
public class FigureMistakeTests
{
    private const string View =
        """
        view: answer
        title: Det som er svart
        columns: { answer: text }
        from: { prove_kontakt: { answer: svar } }
        """;

    private const string Figure =
        """
        figure: answers
        order: 1
        kind: parts
        title: { nb: Svar, nn: Svar, en: Answers }
        about: { nb: Dem som har svart., nn: Dei som har svart., en: Those who have answered. }
        amount: { nb: Svar per person, nn: Svar per person, en: Answers per person }
        source: R3.16
        codeList: '1101'
        groups:
          all: { nb: Alle, nn: Alle, en: All }
        categories:
          none: { nb: Ikke svart, nn: Ikkje svart, en: Not answered }
        reads: [answer]
        count: select 1
        examples:
          - title: Ett svar
            answer: [{ answer: '1' }]
            counts: [{ persons: 1 }]
        """;

    private const string YesNo =
        """
        codeList: '1101'
        title: Ja, nei
        source: Volven 1101
        codes:
          '1': { text: { nb: Ja, nn: Ja, en: Yes } }
          '2': { text: { nb: Nei, nn: Nei, en: No }, from: 2019-01-01 }
        """;

    [Fact]
    public void A_figure_and_its_codes_have_their_words_in_three_languages()
    {
        using var folder = Folder(Figure, YesNo);

        var check = folder.Check();

        check.Mistakes.ShouldBeEmpty();
        var figure = check.Figures.ShouldHaveSingleItem();
        figure.About.In("nn").ShouldBe("Dei som har svart.");
        figure.AmountTitle!.In("en").ShouldBe("Answers per person");
        figure.Categories.Select(category => $"{category.Group!.In("en")}: {category.Text.In("en")}")
            .ShouldBe(["All: Yes", "All: No", "All: Not answered"]);
    }

    [Theory]
    [InlineData("title: { nb: Svar, nn: Svar, en: Answers }", "title: Svar", "DEF-004")]
    [InlineData("en: Answers }", "}", "DEF-002")]
    [InlineData("about: { nb: Dem som har svart., ", "about: { ", "DEF-002")]
    [InlineData("nn: Dei som har svart., ", "", "DEF-002")]
    [InlineData("{ nb: Svar per person, nn: Svar per person, en: Answers per person }", "Svar per person", "DEF-004")]
    [InlineData("nn: Alle, ", "", "DEF-002")]
    [InlineData("{ nb: Ikke svart, nn: Ikkje svart, en: Not answered }", "Ikke svart", "DEF-004")]
    [InlineData(", en: Not answered", ", en: Not answered, sv: Inte svarat", "DEF-003")]
    public void A_figure_that_a_language_lacks_is_refused(string was, string now, string id)
    {
        Figure.ShouldContain(was);
        using var folder = Folder(Figure.Replace(was, now, StringComparison.Ordinal), YesNo);

        folder.Check().Mistakes.ShouldContain(mistake => mistake.Id == id && mistake.File == "figures/f.yaml");
    }

    [Fact]
    public void A_code_that_a_language_lacks_is_refused_where_a_figure_counts_by_it()
    {
        using var folder = Folder(Figure, YesNo.Replace(", en: No", "", StringComparison.Ordinal));

        var mistake = folder.Check().Mistakes.ShouldHaveSingleItem();

        mistake.Id.ShouldBe("DEF-059");
        mistake.Text.ShouldContain("1101:2");
    }

    private static DefinitionFolder Folder(string figure, string codeList)
    {
        var folder = new DefinitionFolder(DefinitionMistakeTests.Sound, codeList);
        folder.Write("views", "v.yaml", View);
        folder.Write("figures", "f.yaml", figure);
        return folder;
    }
}
