using System.Globalization;
using System.Xml;
using Kilde.Definitions.Reading.Xml;
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

    /// <summary>How far into a message its root, and its first institution, are looked for.</summary>
    public const int LookMebibytesMax = 64;

    /// <param name="needsInstitution">True to read on to the first institution.</param>
    public static async Task<Peeked> ReadAsync(
        Func<Stream> open, bool needsInstitution, CancellationToken cancellation) =>
        await WithinAsync(open, source => ReadBareAsync(source, needsInstitution, cancellation))
        ?? (await WithinAsync(open, source => ReadWithHeadAsync(source, needsInstitution, cancellation)))!;

    private static async Task<Peeked?> WithinAsync(Func<Stream> open, Func<Stream, Task<Peeked?>> readAsync)
    {
        await using var content = open();
        await using var source = new BudgetedStream(content, LookMebibytesMax * 1024L * 1024);
        try
        {
            return await readAsync(source);
        }
        catch (BudgetSpentException) when (source.IsSpent)
        {
            return Refuse(XmlInput.TooLarge($"mer enn {LookMebibytesMax} MB før det står hvem meldingen gjelder"));
        }
    }

    // Null when the message has a header.
    private static async Task<Peeked?> ReadBareAsync(
        Stream source, bool needsInstitution, CancellationToken cancellation)
    {
        using var input = XmlInput.Envelope(source);
        try
        {
            if (await input.MoveToRootAsync() is { } refusal) return Refuse(refusal);
            return input.Xml.NamespaceURI == HeadGrammar.Namespace
                ? null
                : new Peeked(null, await FactsAsync(input.Xml, needsInstitution, cancellation), null);
        }
        catch (Exception fault) when (XmlInput.IsOfContent(fault))
        {
            return Refuse(input.Explain(fault));
        }
    }

    private static async Task<Peeked?> ReadWithHeadAsync(
        Stream source, bool needsInstitution, CancellationToken cancellation)
    {
        PayloadFacts? facts = null;
        var reading = await MessageHeadReader.ReadAsync(
            source,
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

    private static Peeked Refuse(Finding finding) => new(null, null, HeadReading.Refused.Of(finding));

    private static async Task<PayloadFacts> FactsAsync(
        XmlReader xml, bool needsInstitution, CancellationToken cancellation)
    {
        var facts = new PayloadFacts(
            xml.NamespaceURI, Day(xml.GetAttribute("uttakDato"), "yyyy-MM-dd"), Kept(xml.GetAttribute("leverandor")),
            Kept(xml.GetAttribute("navnEPJ")), Kept(xml.GetAttribute("versjonEPJ")),
            Kept(xml.GetAttribute("versjonUt")), Institution: null);
        if (!needsInstitution && facts.ExtractedOn is not null) return facts;

        var tellsSystemLast = xml.LocalName == "IPLOS";
        while (facts.Institution is null || facts.ExtractedOn is null
            || tellsSystemLast && facts.SystemVersion.Length == 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!await xml.ReadAsync()) return facts;
            XmlInput.CheckDepth(xml);
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
