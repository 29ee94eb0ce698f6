using System.Text;

namespace Kilde.Intake.Tests.Kit;

/// <summary>
/// Files that are hostile or in the wrong encoding, and what their sender is to read: what is wrong, where, and what to
/// do.
/// </summary>
internal static class HostileXml
{
    private const string Root = $"<Melding xmlns=\"{PlainXml.Namespace}\" ";

    private const string Encodings = "Send UTF-8 eller ISO-8859-1, og oppgi det i første linje.";
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    /// <summary>Each with the code of list 8221 and the text of its answer.</summary>
    public static TheoryData<string, string, string> Answers => new()
    {
        { "billion laughs", "T01", "Meldingen har en DTD (DOCTYPE). Det tas ikke imot. Send den uten." },
        { "entity from a file", "T01", "Meldingen har en DTD (DOCTYPE). Det tas ikke imot. Send den uten." },
        { "windows-1252", "T01", $"Meldingens tegnsett tas ikke imot. {Encodings}" },
        { "utf-16", "T01", $"Meldingens tegnsett tas ikke imot. {Encodings}" },
        {
            "mark of UTF-8, ISO-8859-1 declared", "T01",
            "Meldingens tegnsett tas ikke imot: den begynner med et byte order mark for UTF-8, men oppgir et annet "
            + $"tegnsett. {Encodings}"
        },
        {
            "ISO-8859-1, UTF-8 declared", "T01",
            "Meldingen har tegn som ikke hører til tegnsettet den sier at den har; feilen er på linje 2, tegn 68. "
            + "Lagre den i tegnsettet den oppgir, eller UTF-8 når den ikke oppgir noe."
        },
        { "a million attributes", "T99", Limit("mer enn 256 kB i ett element, ved linje 1") },
        { "a long attribute", "T99", Limit("mer enn 256 kB i ett element, ved linje 1") },
        { "levels", "T99", Limit("mer enn 64 nivåer, ved linje 1") },
        { "nothing", "T01", Cut("linje 1, tegn 1") },
        { "space", "T01", Cut("linje 1, tegn 1") },
        { "cut", "T01", Cut("linje 1, tegn 63") },
    };

    public static byte[] Of(string name) => name switch
    {
        "billion laughs" => Utf8(
            "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>"
            + "<Melding>&c;</Melding>"),
        "entity from a file" => Utf8("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/x\">]><Melding>&b;</Melding>"),
        "windows-1252" => Utf8("<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n" + PlainXml.Message("")),
        "utf-16" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(PlainXml.Message(""))],
        "mark of UTF-8, ISO-8859-1 declared" =>
            [.. Mark, .. Utf8("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n" + PlainXml.Message(""))],
        "ISO-8859-1, UTF-8 declared" => Encoding.Latin1.GetBytes(
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{Root}leverandor=\"Lør\" uttakDato=\"2026-03-01\"/>"),
        "a million attributes" => Utf8(
            "<Melding " + string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"a{i}=\"\" ")) + "/>"),
        "a long attribute" => Utf8($"{Root}leverandor=\"{new string('5', 20_000_000)}\"/>"),
        "levels" => Utf8($"{Root}>{string.Concat(Enumerable.Repeat("<a>", 1_000_000))}"),
        "nothing" => [],
        "space" => "  \n "u8.ToArray(),
        "cut" => Utf8($"{Root}uttakDat"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static string Cut(string place) =>
        $"Meldingen er ikke gyldig XML, eller den er kuttet; feilen er på {place}. Lag filen på nytt, og send den hel.";

    private static string Limit(string limit) =>
        $"Meldingen går ut over en grense: {limit}. Del den opp, eller rett det som er for stort.";

    private static byte[] Utf8(string xml) => Encoding.UTF8.GetBytes(xml);
}
