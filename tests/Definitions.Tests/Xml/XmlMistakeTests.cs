using Kilde.Testing;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>Mistakes in the description of XML, and in what a definition took from the one it is based on.</summary>
public class XmlMistakeTests
{
    private const string Basis = "messages/kpp-53.1.3.yaml";
    private const string New = "messages/kpp-58.0.1.yaml";

    /// <summary>One line changed in one of the two, and where the mistake is told and how.</summary>
    [Theory]
    [InlineData(New, "version: 53.1.3 }", "version: 52 }", "DEF-027", New, 3, 10, "som ikke finnes")]
    [InlineData(New, "type: integer, length", "type: integr, length", "DEF-005", New, 16, 23, "Mente du «integer»?")]
    [InlineData(New, "Melding/@uttakTidspunkt", "Melding/@finnesIkke", "DEF-025", New, 10, 16, "finnesIkke")]
    [InlineData(New, "fixed: 58.0.1", "fixde: 58.0.1", "DEF-003", New, 15, 18, "«fixde» er ukjent")]
    [InlineData(New, "length: ~, use: ~ }", "length: ~, use: ~ }\n      versjonEPJ: ~", "DEF-025", Basis, 28, 18,
        "Det er messages/kpp-58.0.1.yaml som bygger på dette.")]
    [InlineData(Basis, "content: [{ Institusjon: 1..* }]", "content: [{ Institusjon: 1..* }]\n    text: string",
        "DEF-023", Basis, 74, 14, "både text og content")]
    [InlineData(Basis, "content: [{ Institusjon: 1..* }]", "content: [{ Institution: 1..* }]", "DEF-025", Basis, 74,
        15, "«Institution» er ikke beskrevet")]
    [InlineData(Basis, "store: { TjenesteKPP: arrays }", "store: { '*': arrays }", "DEF-025", Basis, 156, 12,
        "«*» kan bare være json eller jsonText")]
    public void A_mistake_is_told_in_the_file_it_stands_in(
        string file, string was, string now, string id, string told, long line, long column, string says)
    {
        using var folder = new DefinitionFolder("");
        File.Delete(Path.Combine(folder.Path, "messages", "m.yaml"));
        foreach (var list in Repository.Files("definitions/code-lists", "*.yaml"))
            folder.Write("code-lists", Path.GetFileName(list), File.ReadAllText(list));
        foreach (var each in (string[])[Basis, New])
        {
            var text = File.ReadAllText(Repository.At(["definitions", .. each.Split('/')]));
            if (each == file) text.ShouldContain(was);
            folder.Write("messages", Path.GetFileName(each), each == file ? text.Replace(was, now) : text);
        }

        var mistakes = folder.Check().Mistakes;

        mistakes.ShouldContain(
            mistake => mistake.Id == id && mistake.File == told && mistake.Line == line && mistake.Column == column
                && $"{mistake.Text} {mistake.Advice}".Contains(says, StringComparison.Ordinal),
            string.Join('\n', mistakes));
    }
}
