using Kilde.Testing;
using System.Text;
using System.Xml.Linq;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>
/// Messages made to cost more than they are worth. Each is refused with a finding that says why, after a bounded number
/// of bytes and in a bounded amount of memory.
/// </summary>
public class HostileXmlTests
{
    private const long Huge = 2L * 1024 * 1024 * 1024;
    private const long Large = 64 * 1024 * 1024;
    private const long ReadMax = 2 * 1024 * 1024;
    private const long AllocatedMax = 24 * 1024 * 1024;

    internal const string Head =
        "<Melding xmlns='http://www.npr.no/xmlstds/53_1_3_ord' versjon='53.1.3' meldingstype='B' "
        + "fraDatoPeriode='2019-01-01' tilDatoPeriode='2019-12-31' uttakDato='2020-01-10' leverandor='L' navnEPJ='S' "
        + "versjonEPJ='1' versjonUt='1' lopenr='1'>"
        + "<Kontaktperson kontPerson='T' meldEpost1='t@eksempel.no' typeKontaktperson='1'/>";

    private const string HeadOfPatient =
        Head + "<Institusjon institusjonID='310211036'><Enhet enhetID='1'/><Objektholder pasientNr='1'>";

    private const string HeadOfReferral =
        HeadOfPatient + "<Henvisningsperiode henvisningsperiodeID='1'><Henvisning henvID='1' mottaksDato='2019-01-01' "
        + "frittBehandlingsvalg='1' komNrHjem='0301'>";

    // Two gigabytes of one thing, each stopped long before.
    public static TheoryData<string, string, string> EndlessThings => new()
    {
        { "attribute", "<Melding xmlns='http://www.npr.no/xmlstds/53_1_3_ord' versjon='", "5" },
        { "attribute of entities", "<Melding xmlns='http://www.npr.no/xmlstds/53_1_3_ord' versjon='", "&#49;" },
        { "space in a tag", "<Melding", " " },
        { "name of the root", "<M", "e" },
        { "name of an element", Head + "<", "e" },
        { "name of an attribute", Head + "<Institusjon ", "e" },
        { "attributes", "<Melding ", "a='1' " },
        { "text", Head, "tekst " },
        { "space between elements", Head, "  \n" },
        { "CDATA", Head + "<![CDATA[", "x" },
        { "CDATA full of tags", Head + "<![CDATA[", "<x>]]" },
        { "comment", Head + "<!--", "x" },
        { "comment full of tags", Head + "<!--", "<x>" },
        { "instruction", Head + "<?x ", "x" },
        { "instruction full of tags", Head + "<?x ", "<x>" },
        { "instructions", Head, "<?x y?>" },
        { "reference to a character", Head + "&#x", "0" },
        { "name of an entity", Head + "&", "a" },
        { "closing tag", Head + "</Melding", " " },
        { "prologue", "<?xml version='1.0' ", " " },
        { "unknown elements", Head, "<ukjent/>" },
        { "unknown elements in each other", Head, "<ukjent>" },
        { "known elements in each other", Head, "<Institusjon institusjonID='1'>" },
        { "errors", Head, "<Kontaktperson/>" },
        { "bare space", "", " " },
        { "nothing but zeros", "", "\0" },
    };

    [Theory]
    [MemberData(nameof(EndlessThings))]
    public void What_never_ends_is_stopped(string thing, string head, string repeated)
    {
        Warm();
        using var stream = GeneratedStream.Of(head, repeated, Huge);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var (isAccepted, findings) = Read(stream);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        isAccepted.ShouldBeFalse(thing);
        findings.ShouldContain(finding => finding.Severity == Severity.Error);
        stream.Given.ShouldBeLessThan(ReadMax, thing);
        allocated.ShouldBeLessThan(AllocatedMax, thing);
    }

    // None of it is kept: it costs reading and nothing else.
    [Theory]
    [InlineData("comments", Head, "<!-- x -->")]
    [InlineData("space and comments", Head, "<!-- x -->\n")]
    public void What_goes_on_without_being_kept_costs_no_memory(string thing, string head, string repeated)
    {
        Warm();
        using var stream = GeneratedStream.Of(head, repeated, Large);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Read(stream).IsAccepted.ShouldBeFalse(thing);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(AllocatedMax, thing);
    }

    [Theory]
    [InlineData("<!DOCTYPE Melding [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
        + "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>]>"
        + "<Melding>&d;</Melding>")]
    [InlineData("<!DOCTYPE Melding SYSTEM 'file:///etc/passwd'><Melding/>")]
    [InlineData("<!DOCTYPE Melding [<!ENTITY x SYSTEM 'http://127.0.0.1:1/x'>]><Melding>&x;</Melding>")]
    [InlineData("<!DOCTYPE Melding [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/x'> %x;]><Melding/>")]
    [InlineData("<?xml version='1.0'?><!-- {0} --><!DOCTYPE Melding><Melding/>")]
    public void A_DTD_is_refused_before_anything_of_it_is_read(string xml) =>
        Only(string.Format(xml, new string('x', 5000))).RuleId.ShouldBe("STR-021");

    [Theory]
    [InlineData("<Melding>&lol;</Melding>")]
    [InlineData("<Melding")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{\"melding\": []}")]
    [InlineData("<a/><b/>")]
    public void What_is_no_XML_is_told_to_be_none(string xml) =>
        Read(Bytes(xml)).Findings.ShouldContain(finding => finding.RuleId == "STR-020" || finding.RuleId == "STR-023");

    [Fact]
    public void A_million_attributes_are_refused_in_bounded_memory()
    {
        Warm();
        using var stream = new GeneratedStream(
            Enumerable.Range(0, 1_000_000).Select(i => Encoding.UTF8.GetBytes($"a{i}='' "))
                .Prepend(Encoding.UTF8.GetBytes("<Melding ")));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Read(stream).Findings.ShouldHaveSingleItem().RuleId.ShouldBe("STR-033");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(AllocatedMax);
    }

    // One row is kept whole, so there is a limit to what may be repeated in it.
    [Theory]
    [InlineData(HeadOfReferral, "<Henvisningstilstand><Tilstand tilstNr='1'><Kode kodeNr='1' Kodeverk='D' "
        + "kodeVersjon='2019' kodeVerdi='A00'/></Tilstand></Henvisningstilstand>")]
    [InlineData(HeadOfReferral, "<RefEnhet enhetID='1' typeEnhet='1'/>")]
    public void A_row_without_end_is_refused(string head, string repeated)
    {
        Warm();
        using var stream = GeneratedStream.Of(head, repeated, Huge);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Read(stream).Findings.ShouldContain(finding => finding.RuleId == "STR-033");

        stream.Given.ShouldBeLessThan(Large);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2 * AllocatedMax);
    }

    // The platform remembers every name it has met for as long as it reads.
    [Theory]
    [InlineData("<Kontaktperson xmlns:n{0}='urn:{0}' kontPerson='T' meldEpost1='t' typeKontaktperson='1'/>")]
    [InlineData("<?n{0}?>")]
    [InlineData("<ukjent{0}/>")]
    [InlineData("<Kontaktperson n{0}=''/>")]
    [InlineData("<Kontaktperson><a n{0}='' m{0}=''/></Kontaktperson>")]
    public void Names_without_end_are_refused(string repeated)
    {
        Warm();
        using var stream = new GeneratedStream(Enumerable.Range(0, 10_000_000)
            .Select(i => Encoding.UTF8.GetBytes(string.Format(repeated, i))).Prepend(Encoding.UTF8.GetBytes(Head)));

        Read(stream).IsAccepted.ShouldBeFalse();

        stream.Given.ShouldBeLessThan(ReadMax);
    }

    // Values that met in one slot of a table would make every new one cost as much as all before it.
    [Fact]
    public void Two_hundred_thousand_ids_of_one_unit_are_told_apart()
    {
        using var stream = new GeneratedStream(Enumerable.Range(0, 200_000)
            .Select(i => $"<Enhet enhetID='{i % 199_999:X8}'/>").Prepend($"{Head}<Institusjon institusjonID='1'>")
            .Append("</Institusjon></Melding>").Select(Encoding.UTF8.GetBytes));

        var findings = Read(stream).Findings;

        findings.Count(finding => finding.RuleId == "STR-030").ShouldBe(1);
    }

    [Fact]
    public void Ten_thousand_levels_are_refused()
    {
        var xml = Head + string.Concat(Enumerable.Repeat("<x>", 10_000))
            + string.Concat(Enumerable.Repeat("</x>", 10_000)) + "</Melding>";

        Read(Bytes(xml)).Findings.ShouldContain(finding => finding.RuleId == "STR-033");
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    [InlineData("utf-32", false)]
    public void Wide_letters_are_told_to_be_the_wrong_encoding(string encoding, bool hasMark)
    {
        var wide = Encoding.GetEncoding(encoding);
        foreach (var declaration in new[] { "", $"<?xml version='1.0' encoding='{encoding}'?>" })
        {
            byte[] bytes = [.. hasMark ? wide.GetPreamble() : [], .. wide.GetBytes($"{declaration}{Head}</Melding>")];

            Read(new MemoryStream(bytes)).Findings.ShouldHaveSingleItem().RuleId.ShouldBe("STR-022");
        }
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-7")]
    [InlineData("windows-1252")]
    [InlineData("us-ascii")]
    [InlineData("IBM037")]
    [InlineData("tull")]
    public void A_declared_encoding_that_is_not_taken_is_told(string encoding) =>
        Only($"<?xml version='1.0' encoding='{encoding}'?>{Head}</Melding>").RuleId.ShouldBe("STR-022");

    [Theory]
    [InlineData("")]
    [InlineData("<?xml version='1.0'?>")]
    [InlineData("<?xml version='1.0' encoding='UTF-8'?>")]
    public void Bytes_that_are_not_of_the_encoding_that_was_told_are_refused(string declaration)
    {
        var xml = $"{declaration}{Head}<Institusjon institusjonID='Sør'/></Melding>";

        var findings = Read(new MemoryStream(Encoding.Latin1.GetBytes(xml))).Findings;

        findings.Select(finding => finding.RuleId).ShouldContain("STR-034");
    }

    [Theory]
    [InlineData("ISO-8859-1")]
    [InlineData("iso-8859-1")]
    public void Latin_letters_are_read_where_they_are_told(string encoding)
    {
        var xml = $"<?xml version='1.0' encoding='{encoding}'?>{Head.Replace("navnEPJ='S'", "navnEPJ='Sørås'")}"
            + "</Melding>";
        using var reading = Kit.Catalogue.OpenXml(new MemoryStream(Encoding.Latin1.GetBytes(xml)), Kit.Options).Reading;

        reading!.ReadToEnd();

        reading.Envelope!.System.ShouldBe("Sørås");
    }

    // The platform believes the declaration and reads two letters for each above ASCII, with no complaint of a
    // schema's: ids would not be those of the same unit's next file (ADR 185).
    [Theory]
    [InlineData("ISO-8859-1")]
    [InlineData("latin1")]
    public void A_mark_of_one_encoding_and_the_name_of_another_are_refused_though_the_platform_takes_them(string named)
    {
        var xml = $"<?xml version='1.0' encoding='{named}'?>{Head.Replace("navnEPJ='S'", "navnEPJ='Sørås'")}</Melding>";
        byte[] bytes = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(xml)];

        var finding = Read(new MemoryStream(bytes)).Findings.ShouldHaveSingleItem();

        finding.RuleId.ShouldBe("STR-022");
        finding.Text.ShouldContain("byte order mark for UTF-8");
        XElement.Load(new MemoryStream(bytes)).Attribute("navnEPJ")!.Value.ShouldBe("SÃ¸rÃ¥s");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<?xml version='1.0'?>")]
    [InlineData("<?xml version='1.0' encoding='utf-8'?>")]
    public void A_mark_of_the_encoding_that_is_named_or_of_none_is_taken(string declaration)
    {
        var xml = $"{declaration}{Head.Replace("navnEPJ='S'", "navnEPJ='Sørås'")}</Melding>";
        byte[] bytes = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(xml)];
        using var reading = Kit.Catalogue.OpenXml(new MemoryStream(bytes), Kit.Options).Reading;

        reading!.ReadToEnd();

        reading.Envelope!.System.ShouldBe("Sørås");
    }

    [Theory]
    [InlineData("\0{0}</Melding>")]
    [InlineData("{0}\0</Melding>")]
    [InlineData("{0}<Institusjon institusjonID='1\02'/></Melding>")]
    [InlineData("{0}<Institusjon institusjonID='1&#0;2'/></Melding>")]
    [InlineData("{0}</Melding>\0")]
    [InlineData("{0}<Institusjon institusjonID='1\u001b'/></Melding>")]
    public void Zeros_and_control_characters_are_refused(string xml) =>
        Read(Bytes(string.Format(xml, Head))).Findings
            .ShouldContain(finding => finding.RuleId == "STR-020" || finding.RuleId == "STR-022");

    [Fact]
    public void A_message_that_is_cut_anywhere_is_refused()
    {
        var reader = Kit.Catalogue.FindXmlReader("NPR_ORD", "53.1.3")!;
        var bytes = Encoding.UTF8.GetBytes(new RandomXml(reader.Type, new Dice(3)).Message().ToString());

        for (var length = 0; length < bytes.Length; length++)
            Read(new MemoryStream(bytes, 0, length)).IsAccepted.ShouldBeFalse($"cut at {length}");
        Read(new MemoryStream(bytes)).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void Any_bytes_at_all_give_an_answer()
    {
        var reader = Kit.Catalogue.FindXmlReader("NPR_ORD", "53.1.3")!;
        var dice = new Dice(20260101);
        var sound = Encoding.UTF8.GetBytes(new RandomXml(reader.Type, dice).Message().ToString());
        for (var round = 0; round < 2000; round++)
        {
            var bytes = sound.ToArray();
            for (var change = dice.Next(1, 20); change > 0; change--)
                bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);

            Should.NotThrow(() => Read(new MemoryStream(bytes)));
        }
    }

    [Fact]
    public void A_finding_never_quotes_what_was_sent()
    {
        const string Secret = "01810149732";
        string[] messages =
        [
            $"<Melding {Secret}", $"<Melding a='{Secret}' a='{Secret}'/>", $"<Melding>&{Secret};</Melding>",
            $"<x{Secret}/>", $"{Head}<x{Secret}/></Melding>", $"{Head}<Institusjon x{Secret}='1'/></Melding>",
            $"{Head}<Institusjon institusjonID='{Secret}'><Enhet/></Institusjon></Melding>",
            $"{Head}</x{Secret}>", $"{Head}{Secret}</Melding>", $"<?xml version='1.0' encoding='x{Secret}'?><Melding/>",
            $"<Melding xmlns='{Secret}'/>", $"<x{Secret}:Melding/>",
        ];

        foreach (var message in messages)
        {
            foreach (var finding in Read(Bytes(message)).Findings)
                $"{finding.Path} {finding.Text}".ShouldNotContain(Secret, customMessage: message);
        }
    }

    private static MemoryStream Bytes(string xml) => new(Encoding.UTF8.GetBytes(xml));

    private static Finding Only(string xml) => Read(Bytes(xml)).Findings.ShouldHaveSingleItem();

    // What is made once and for all is no cost of the message.
    private static void Warm() => Read(Bytes($"{Head}</Melding>"));

    private static (bool IsAccepted, IReadOnlyList<Finding> Findings) Read(Stream stream)
    {
        var opening = Kit.Catalogue.OpenXml(stream, Kit.Options);
        if (opening.Refusal is { } refusal) return (false, [refusal]);
        using var reading = opening.Reading!;
        var outcome = reading.ReadToEnd();
        return (outcome.IsAccepted, outcome.Findings);
    }
}
