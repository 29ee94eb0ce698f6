using Kilde.Definitions.Publishing;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Definitions.Tests;

/// <summary>What records and items are called, in the reader's language.</summary>
public class TitleTests
{
    [Fact]
    public void Every_record_and_item_has_a_title_in_the_three_languages()
    {
        var titles = RepositoryDefinitions.Catalogue.MessageTypes.SelectMany(type =>
            DocumentationPage.Of(type).Objects
                .SelectMany(one => one.Fields.Select(field => field.Titles).Prepend(one.Titles))
                .Concat(type.RecordTypes.SelectMany(
                    record => record.Columns.Select(column => column.Titles).Prepend(record.Titles))));

        titles.Where(title => title.Nb.Length > 0 && (title.Nn is null || title.En is null))
            .Select(title => title.Nb).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Every_code_list_has_a_title_in_the_three_languages() =>
        RepositoryDefinitions.Catalogue.CodeLists.Select(list => list.Titles)
            .Where(title => title.Nn is null || title.En is null).Select(title => title.Nb).ShouldBeEmpty();

    [Fact]
    public void No_title_is_translated_that_nothing_has()
    {
        var messages = string.Join('\n', new[] { "messages", "code-lists" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.At("definitions", folder)))
            .Select(File.ReadAllText));

        File.ReadLines(Repository.At("definitions", "titles.yaml"))
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal))
            .Select(line => line[..line.IndexOf(": {", StringComparison.Ordinal)].Trim().Trim('\''))
            .Where(title => !messages.Contains(title, StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_title_that_is_not_told_in_English_is_a_mistake()
    {
        using var folder = new DefinitionFolder(DefinitionMistakeTests.Sound, DefinitionMistakeTests.YesNo);
        folder.Write("", "titles.yaml", "titles:\n  Kontakt: { nn: Kontakten }\n");

        folder.Check().Mistakes.ShouldContain(mistake => mistake.File == "titles.yaml" && mistake.Id == "DEF-002");
    }

    [Fact]
    public void A_title_is_translated_where_it_stands_in_bokmaal_alone_and_nynorsk_may_be_the_same()
    {
        using var folder = new DefinitionFolder(DefinitionMistakeTests.Sound, DefinitionMistakeTests.YesNo);
        folder.Write(
            "", "titles.yaml",
            """
            titles:
              Kontakt: { nn: Kontakten, en: Contact }
              Organisasjonsnummer: { en: Organisation number }
            """);

        var type = folder.Check().MessageTypes.ShouldHaveSingleItem();

        type.RecordTypes[0].Titles.ShouldBe(new LocalizedText("Kontakt", "Kontakten", "Contact"));
        type.UnitFields[0].Titles.ShouldBe(
            new LocalizedText("Organisasjonsnummer", "Organisasjonsnummer", "Organisation number"));
    }
}
