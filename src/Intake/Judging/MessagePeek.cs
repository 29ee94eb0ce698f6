using System.Globalization;
using System.Xml;
using Kilde.Intake.Headers;
using Kilde.Kernel;

namespace Kilde.Intake.Judging;

/// <summary>What the first elements of a message tell: enough to find its queue, before it is judged.</summary>
/// <param name="Institution">The first institution, or the municipality, that it is about.</param>
internal sealed record PayloadFacts(
    string Namespace, DateOnly? ExtractedOn, string Vendor, string System, string SystemVersion,
    string ExtractorVersion, string? Institution);

/// <summary>A message as far as it has been looked into.</summary>
internal sealed record Peeked(MessageHead? Head, PayloadFacts? Payload, HeadReading.Refused? Refused);

/// <summary>Looks at the beginning of a message, with a header or without.</summary>
internal static class MessagePeek
{
    private const int CharactersMax = 200;

    /// <summary>How far into a message without a header its first institution is looked for.</summary>
    private const int LookMebibytesMax = 64;

    /// <param name="needsInstitution">True to read on to the first institution, within the budget of a part.</param>
    public static async Task<Peeked> ReadAsync(
        Func<Stream> open, bool needsInstitution, CancellationToken cancellation)
    {
        await using var first = open();
        await using var source = new BudgetedStream(first, LookMebibytesMax * 1024L * 1024);
        using var xml = XmlReader.Create(source, MessageHeadReader.Settings);
        try
        {
            if (await xml.MoveToContentAsync() == XmlNodeType.Element && xml.NamespaceURI != HeadGrammar.Namespace)
                return new Peeked(null, await FactsAsync(xml, needsInstitution, cancellation), null);
        }
        catch (XmlException fault)
        {
            return Refuse(fault);
        }
        catch (BudgetSpentException)
        {
            return new Peeked(null, null, new HeadReading.Refused(
                HeadFault.TooLarge, "/", "Meldingen begynner ikke slik en melding kan.", null));
        }

        await using var again = open();
        PayloadFacts? facts = null;
        var reading = await MessageHeadReader.ReadAsync(
            again,
            async (_, payload, token) =>
            {
                facts = await FactsAsync(payload, needsInstitution, token);
                return false;
            },
            cancellation);
        return reading switch
        {
            HeadReading.Stopped stopped => new Peeked(stopped.Head, facts, null),
            HeadReading.Whole whole => new Peeked(whole.Head, facts, null),
            _ => new Peeked(null, null, (HeadReading.Refused)reading),
        };
    }

    private static Peeked Refuse(XmlException fault) => new(null, null, new HeadReading.Refused(
        HeadFault.NotXml, "/", $"Ikke lesbar XML ved linje {fault.LineNumber}, tegn {fault.LinePosition}.", null));

    private static async Task<PayloadFacts> FactsAsync(
        XmlReader xml, bool needsInstitution, CancellationToken cancellation)
    {
        var facts = new PayloadFacts(
            xml.NamespaceURI, Day(xml.GetAttribute("uttakDato"), "yyyy-MM-dd"), Kept(xml.GetAttribute("leverandor")),
            Kept(xml.GetAttribute("navnEPJ")), Kept(xml.GetAttribute("versjonEPJ")),
            Kept(xml.GetAttribute("versjonUt")), Institution: null);
        if (!needsInstitution && facts.ExtractedOn is not null) return facts;

        while (facts.Institution is null || facts.ExtractedOn is null)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!await xml.ReadAsync()) return facts;
            if (xml.NodeType != XmlNodeType.Element) continue;
            facts = xml.LocalName switch
            {
                "Institusjon" when xml.GetAttribute("institusjonID") is { } id => facts with { Institution = Id(id) },
                "Kommune" when (xml.GetAttribute("kommuneNr") ?? xml.GetAttribute("virksomhetID")) is { } id =>
                    facts with { Institution = Id(id) },
                "iiKomnr" => facts with { Institution = Id(await TextAsync(xml)) },
                "iiLagetDato" => facts with { ExtractedOn = Day(await TextAsync(xml), "yyyyMMdd") },
                "iiSysID" => facts with { System = Kept(await TextAsync(xml)) },
                "iiSysVersjon" => facts with { SystemVersion = Kept(await TextAsync(xml)) },
                _ => facts,
            };

            // What stands behind the first institution is activity; nothing more is told about the sending there.
            if (facts.Institution is not null && xml.LocalName is "Institusjon" or "Kommune" or "PERSON") return facts;
        }

        return facts;
    }

    private static string Id(string text) => text.Length > CharactersMax ? "" : text;

    private static async Task<string> TextAsync(XmlReader xml)
    {
        if (xml.IsEmptyElement) return "";
        await xml.ReadAsync();
        return xml.NodeType == XmlNodeType.Text ? xml.Value : "";
    }

    // Names of systems are shown and logged; a person's number has no business there.
    private static string Kept(string? text)
    {
        if (text is null || IdentifierInText.IsIn(text)) return "";
        return text.Length > CharactersMax ? text[..CharactersMax] : text;
    }

    private static DateOnly? Day(string? text, string format) => DateOnly.TryParseExact(
        text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
