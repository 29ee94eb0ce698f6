using System.Text;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Publishing;

/// <summary>The documentation of a message type as a Markdown file.</summary>
public static class MarkdownPage
{
    public static string Of(DocumentationPage page)
    {
        var type = page.Type;
        var text = new StringBuilder();
        text.Append($"# {type.Name} versjon {type.Version}: {type.Title}\n\n{type.Description}\n\n");
        text.Append("| | |\n|---|---|\n");
        Fact(text, "Register", type.Register.ToString().ToUpperInvariant());
        Fact(text, "Tjenesteområde", type.ServiceArea);
        Fact(text, "Status", page.Status);
        Fact(text, "Rettslig vurdering", type.LegalAssessment is { } legal
            ? $"{legal.AssessedOn:yyyy-MM-dd}, {legal.Reference}"
            : "ikke vurdert");
        Fact(text, "Dataår", page.DataYears);
        Fact(text, "Kanal og format", $"{type.Channel}, {type.Format.ToString().ToUpperInvariant()}");
        Fact(text, "Erstatning", page.Replacement);
        text.Append(type.Xml is { } xml
            ? $"\nRoten er `{xml.Root.Name}` i navnerommet `{xml.Namespace}`. Andre felt enn disse avvises.\n"
            : "\nRoten er en liste med ett objekt for hver rapporteringsenhet. Andre felt enn disse avvises.\n");
        foreach (var one in page.Objects) Object(text, one, type.Format);
        foreach (var list in page.CodeLists) Codes(text, list);
        var language = type.Format.ToString().ToLowerInvariant();
        text.Append($"\n## Eksempel\n\n```{language}\n{page.Example}```\n");
        return text.ToString();
    }

    private static void Fact(StringBuilder text, string name, string value) =>
        text.Append($"| {name} | {Cell(value)} |\n");

    private static void Object(StringBuilder text, DocumentedObject one, WireFormat format)
    {
        text.Append($"\n## {one.Title}\n\n");
        if (one.WireName.Length > 0)
        {
            text.Append(format == WireFormat.Xml ? "Elementet" : "Listen").Append($" `{one.WireName}`");
            text.Append(one.Table is { } table ? $", tabellen `{table}`." : ".");
        }

        if (one.DeletionWireName is { } deletions)
        {
            text.Append($" Slettede poster står i `{deletions}` med id og `erSlettet: true`;");
            text.Append(" `false` betyr ikke slettet.");
        }

        foreach (var sentence in one.HeldApart) text.Append($" {sentence}");
        if (one.WireName.Length > 0) text.Append("\n\n");
        text.Append("| Felt | Innhold | Type | Påkrevd | § 2-1 | Kodeverk | Begrunnelse | Ved feil |\n");
        text.Append("|---|---|---|---|---|---|---|---|\n");
        foreach (var field in one.Fields)
        {
            var content = field.Description is { } description ? $"{field.Title}. {description}" : field.Title;
            var justification = field.Purposes is { } purposes ? $"{field.Justification} ({purposes})" : "";
            var required = field.IsRequired ? "ja" : "";
            text.Append($"| `{field.Path[1..]}` | {Cell(content)} | {Cell(field.Type)} | {required} ");
            text.Append($"| {field.InformationType} | {field.CodeList?.Id} | {Cell(justification)} ");
            text.Append($"| {field.OnFault} |\n");
        }
    }

    private static void Codes(StringBuilder text, CodeList list)
    {
        text.Append($"\n## Kodeverk {list.Id}: {list.Title}\n\nKilde: {list.Source}.");
        if (list.Oid is { } oid) text.Append($" OID {oid}.");
        var hasWords = list.Codes.Any(code => code.Texts.Nn is not null || code.Texts.En is not null);
        var (names, rule) = hasWords ? ("Betydning | Nynorsk | Engelsk", "---|---|---") : ("Betydning", "---");
        text.Append($"\n\n| Kode | {names} | Gyldig |\n|---|{rule}|---|\n");
        foreach (var (value, texts, validity) in list.Codes)
        {
            var words = hasWords ? $" | {Cell(texts.Nn ?? "")} | {Cell(texts.En ?? "")}" : "";
            text.Append($"| `{value.Value}` | {Cell(texts.Nb)}{words} | {Days(validity)} |\n");
        }
    }

    private static string Days(Validity validity) => (validity.From, validity.To) switch
    {
        (null, null) => "",
        ({ } from, null) => $"fra {from:yyyy-MM-dd}",
        (null, { } to) => $"til {to:yyyy-MM-dd}",
        var (from, to) => $"{from:yyyy-MM-dd}–{to:yyyy-MM-dd}",
    };

    private static string Cell(string text) => text.Replace("|", "\\|").Replace('\n', ' ');
}
