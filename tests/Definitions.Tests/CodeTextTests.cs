using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Definitions.Tests;

/// <summary>What codes mean, in the reader's language.</summary>
public class CodeTextTests
{
    private const int CodesMax = 40;

    private static readonly DefinitionCatalogue Catalogue = RepositoryDefinitions.Catalogue;

    [Fact]
    public void The_lists_a_sender_meets_on_its_pages_are_in_the_three_languages()
    {
        var taken = Catalogue.MessageTypes.Where(type => type.Register == RegisterCode.Kpr).SelectMany(ListsOf);
        var suggested = Catalogue.Checks.SelectMany(check => check.Edits).SelectMany(ListsOf);
        var services = Catalogue.CodeLists.Where(list => list.Id is "9151" or "8481" or "tjenesteomrade");

        taken.Concat(suggested).Concat(services).Where(list => list.Codes.Count < CodesMax)
            .SelectMany(list => list.Codes)
            .Where(code => code.Texts.Nn is null || code.Texts.En is null)
            .Select(code => code.Value.ToString()).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void A_code_is_read_in_the_languages_it_is_written_in_and_published_in_them()
    {
        using var folder = new DefinitionFolder(DefinitionMistakeTests.Sound, DefinitionMistakeTests.YesNo.Replace(
            "'1': Ja", "'1': { text: { nb: Ja, nn: Jau, en: 'Yes' } }", StringComparison.Ordinal));

        var check = folder.Check();

        check.Mistakes.ShouldBeEmpty();
        check.CodeLists[0].Codes[0].Texts.ShouldBe(new LocalizedText("Ja", "Jau", "Yes"));
        check.CodeLists[0].Codes[1].Texts.LanguageOf("nn").ShouldBe("nb");
        MarkdownPage.Of(DocumentationPage.Of(check.MessageTypes[0])).ShouldContain("| `1` | Ja | Jau | Yes |  |");
    }

    private static IEnumerable<CodeList> ListsOf(MessageType type) =>
        DocumentationPage.Of(type).CodeLists
            .Concat(type.RecordTypes.SelectMany(record => record.Columns).Select(column => column.Field.CodeList)
                .OfType<CodeList>());

    private static IEnumerable<CodeList> ListsOf(CheckEdit edit) =>
        from source in edit.View.Sources
        let name = source.Columns.GetValueOrDefault(edit.Column)
        from type in Catalogue.MessageTypes
        from record in type.RecordTypes.Where(record => record.Table == source.Table)
        from column in record.Columns.Where(column => column.Name == name)
        where column.Field.CodeList is not null
        select column.Field.CodeList;
}
