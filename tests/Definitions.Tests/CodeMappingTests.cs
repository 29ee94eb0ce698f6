using Kilde.Definitions.Compiling;

namespace Kilde.Definitions.Tests;

/// <summary>What codes mean in the common contact model, told by a file in <c>mappings/</c>.</summary>
public class CodeMappingTests
{
    private const string Mapping =
        """
        mapping: svar-form
        title: Hva svaret betyr
        source: Kilde
        codeList: '1101'
        groups:
          - { gives: '2', of: [a, b] }
          - { gives: '1', of: [c], to: 2025-12-31 }
          - { gives: '2', of: [c], from: 2026-01-01 }
        """;

    private static readonly string Message = DefinitionMistakeTests.Sound.Replace(
        "contact: { serviceArea: HST }", "contact: { serviceArea: HST, kind: { of: svar, by: svar-form } }");

    [Fact]
    public void A_contact_takes_its_kind_from_codes_by_the_mapping()
    {
        using var folder = Folder(Message, Mapping);

        var kind = DefinitionCatalogue.Load(folder.Path).Find("Prove", "1")!.RecordTypes[0].Contact!.Kind!;

        kind.Column.ShouldBeNull();
        kind.Codes.ShouldHaveSingleItem().Column.ShouldBe("svar");
        kind.Codes[0].By.Groups.Select(group => $"{group.Gives}: {string.Join(' ', group.Of)}")
            .ShouldBe(["2: a b", "1: c", "2: c"]);
    }

    [Theory]
    [InlineData("codeList: '1101'", "codeList: '1102'", "DEF-016")]
    [InlineData("gives: '1'", "gives: '3'", "DEF-042")]
    [InlineData("of: [a, b]", "of: [\"a'; drop\"]", "DEF-042")]
    [InlineData("to: 2025-12-31", "to: 2026-01-01", "DEF-042")]
    [InlineData("of: [a, b]", "of: [a, a]", "DEF-042")]
    [InlineData("title: Hva", "titel: Hva", "DEF-003")]
    public void A_mistake_in_a_mapping_is_told(string was, string now, string id)
    {
        Mapping.ShouldContain(was);
        using var folder = Folder(Message, Mapping.Replace(was, now));

        folder.Check().Mistakes.ShouldContain(mistake => mistake.Id == id && mistake.File == "mappings/m.yaml");
    }

    [Theory]
    [InlineData("by: svar-form", "by: svarform", "Mente du «svar-form»?")]
    [InlineData("of: svar,", "of: tid,", "kode eller en tekst")]
    [InlineData("by: svar-form }", "by: svar-form }, unless: svar", "true eller false")]
    [InlineData("by: svar-form }", "by: svar-form }, unless: { of: svar, is: q }", "«q» er ikke i")]
    [InlineData("by: svar-form }", "by: svar-form }, unless: [{ of: tid, is: a }]", "kode eller en tekst")]
    public void A_contact_that_asks_for_what_is_not_there_is_a_mistake(string was, string now, string says)
    {
        using var folder = Folder(Message.Replace(was, now), Mapping);

        folder.Check().Mistakes.ShouldContain(mistake => mistake.Id == "DEF-042"
            && $"{mistake.Text} {mistake.Advice}".Contains(says));
    }

    private static DefinitionFolder Folder(string message, string mapping)
    {
        var folder = new DefinitionFolder(message, DefinitionMistakeTests.YesNo);
        folder.Write("mappings", "m.yaml", mapping);
        return folder;
    }
}
