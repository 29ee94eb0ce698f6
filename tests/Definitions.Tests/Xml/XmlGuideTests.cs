using System.Text;
using Kilde.Definitions.Compiling;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>What <c>docs/xml-definitions.md</c> shows is what works.</summary>
public sealed class XmlGuideTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Repository.At("docs", "xml-definitions.md"));

    private readonly DefinitionFolder _folder;
    private readonly DefinitionCatalogue _catalogue;

    public XmlGuideTests()
    {
        _folder = FolderOf(Blocks("yaml")[0]);
        _folder.Write("messages", "new.yaml", Blocks("yaml")[1]);
        _folder.Check().Mistakes.ShouldBeEmpty();
        _catalogue = DefinitionCatalogue.Load(_folder.Path);
    }

    private static DefinitionFolder FolderOf(string definition)
    {
        var colours = File.ReadAllText(Repository.At("docs", "definitions.md")).Split("```yaml\n")[2].Split("```")[0];
        return new DefinitionFolder(definition, colours, File.ReadAllText(MessageKinds));
    }

    private static string MessageKinds =>
        Directory.GetFiles(Repository.At("definitions", "code-lists"), "7371*").ShouldHaveSingleItem();

    private static string Message => Blocks("xml")[0];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_message_of_the_guide_becomes_a_row()
    {
        using var reading = Open(Message);

        var batch = reading.Next().ShouldNotBeNull();

        batch.LocalIds.ShouldBe(["310211036|B-1"]);
        batch.Institutions.ShouldBe(["310211036"]);
        batch.Units.ShouldBe([OrganizationNumber.Parse("310211036")]);
        batch.Persons[0].LocalId.ShouldBe("17");
        batch.Persons[0].Primary.Kind.ShouldBe(PersonIdentifierKind.NationalIdentityNumber);
        batch.DeletedLocalIds.ShouldBe(["00000000-0000-4000-8000-000000000007"]);
        batch.Column<long>("varighet").ShouldBe([45]);
        batch.Column<string>("planlagt_vedtak").ShouldBe(["V-9"]);
        batch.Column<string[]>("tiltak_kode").ShouldHaveSingleItem().ShouldBe(["1", "2"]);
        batch.Column<long[]>("tiltak_antall").ShouldHaveSingleItem().ShouldBe([2, 1]);
        batch.Column<string>("merke").ShouldBe(["""[{"slag":"A","Verdi":["lav"]}]"""]);
        batch.Type.Columns.Select(column => column.Name).ShouldNotContain("merknad");
        reading.Next().ShouldBeNull();
        reading.Outcome.Findings.ShouldBeEmpty();
        reading.Outcome.IsAccepted.ShouldBeTrue();
        reading.Envelope!.Contacts.ShouldHaveSingleItem().Emails.ShouldBe(["post@eksempel.no"]);
    }

    [Fact]
    public void A_new_version_says_only_what_changed()
    {
        var (first, second) = (_catalogue.Find("KPR_BESOK", "1.0")!, _catalogue.Find("KPR_BESOK", "2.0")!);
        string[] Columns(MessageType type) => [.. type.RecordTypes[0].Columns.Select(column => column.Name)];

        Columns(second).ShouldBe(Columns(first).Except(["sone"]).Append("digital"), ignoreOrder: true);
        second.Xml!.Nodes.Count.ShouldBe(first.Xml!.Nodes.Count);
        second.DataYearExceptions.ShouldBeEmpty();
        second.LastDataYear.ShouldBeNull();

        var message = Message.Replace("besok:1", "besok:2").Replace("2026-", "2027-")
            .Replace("kode=\"2\"", "kode=\"1\"");
        Told(message).ShouldContain(line => line.StartsWith("STR-", StringComparison.Ordinal));
        message = message.Replace("versjon=\"1.0\"", "versjon=\"2.0\"").Replace(" sone=\"N2\"", "");
        Told(message).ShouldBeEmpty();
        Told(message.Replace("start=", "digital=\"true\" start=")).ShouldBeEmpty();
        Told(message.Replace(" varighet=\"45\"", "")).ShouldHaveSingleItem().ShouldContain("@varighet");
    }

    [Theory]
    [InlineData(2026, "2027-01-10", true)]
    [InlineData(2025, "2026-03-31", true)]
    [InlineData(2025, "2026-04-01", false)]
    [InlineData(2024, "2026-01-01", false)]
    [InlineData(2027, "2027-12-31", false)]
    public void A_version_takes_its_own_data_years_and_others_for_a_while(int year, string received, bool isTaken)
    {
        var message = Message.Replace("2026-", $"{year}-").Replace("kode=\"2\"", "kode=\"1\"");

        using var reading = Open(message, DateOnly.Parse(received));
        var outcome = reading.ReadToEnd();

        outcome.IsAccepted.ShouldBe(isTaken);
        outcome.Findings.Select(finding => finding.RuleId).ShouldBe(isTaken ? [] : ["INN-013"]);
    }

    // From the guide's table of actions, each at its place.
    [Theory]
    [InlineData("varighet=\"45\"", "varighet=\"900\"", "INN-001", "-1")]
    [InlineData("varighet=\"45\"", "varighet=\"1441\"", "STR-028", null)]
    [InlineData("kode=\"2\"", "kode=\"77\"", "COD-001", "45")]
    [InlineData("id=\"B-1\"", "id=\"B-1234567890123456789012345678901234567890123456789\"", "STR-014", null)]
    [InlineData("meldingstype=\"B\"", "meldingstype=\"Q\"", "COD-001", null)]
    [InlineData("type=\"1\"", "type=\"x\"", "STR-016", "45")]
    [InlineData("enhet=\"NORD\"", "enhet=\"SYD\"", "STR-032", null)]
    public void A_fault_does_what_the_definition_says(string sound, string wrong, string rule, string? minutes)
    {
        using var reading = Open(Message.Replace(sound, wrong));
        var rows = new List<string?>();
        while (reading.Next() is { } batch) rows.AddRange(batch.Column<long>("varighet").Select(one => $"{one}"));

        reading.Outcome.Findings.ShouldHaveSingleItem().RuleId.ShouldBe(rule);
        if (minutes is null) (reading.Outcome.IsAccepted && rows.Count > 0).ShouldBeFalse();
        else rows.ShouldBe([minutes]);
    }

    // What XML Schema finds, as the guide's definition has it: the message is refused, and all that is wrong is told.
    [Theory]
    [InlineData("<Planlagt vedtak=\"V-9\"/>", "<Planlagt vedtak=\"V-9\"/><Ukjent/>", "STR-024", "Tiltak, Merke")]
    [InlineData("<Planlagt vedtak=\"V-9\"/>", "<Merke slag=\"A\"/>", "STR-024", "Planlagt, Akutt")]
    [InlineData("</Melding>", "<Virksomhet orgNr=\"974795930\"/></Melding>", "STR-025", "Det mangler: Enhet")]
    [InlineData(" antall=\"2\"", "", "STR-027", "«Antall» er påkrevd")]
    [InlineData("antall=\"2\"/>", "antall=\"2\">to</Tiltak>", "STR-029", "kan ikke ha tekst")]
    [InlineData("<Merke slag=\"A\">", "<Merke slag=\"A\">rødt", "STR-029", "«Merke» kan ikke ha tekst")]
    [InlineData(" id=\"NORD\"", "", "STR-031", "(EnhetId)")]
    public void What_is_not_built_as_the_definition_says_is_refused(
        string sound, string wrong, string rule, string said)
    {
        Message.ShouldContain(sound);
        using var reading = Open(Message.Replace(sound, wrong));

        var outcome = reading.ReadToEnd();

        outcome.IsAccepted.ShouldBeFalse();
        outcome.Findings.ShouldContain(
            finding => finding.RuleId == rule && finding.Text.Contains(said), string.Join('\n', outcome.Findings));
    }

    [Fact]
    public void A_number_of_a_person_in_a_local_code_is_told_and_left_out()
    {
        using var folder = FolderOf(Blocks("yaml")[0].Replace("type: sone, use", "type: string, length: ..20, use"));
        using var reading = Open(
            Message.Replace("sone=\"N2\"", "sone=\"F 01810149732\""), DefinitionCatalogue.Load(folder.Path));

        var batch = reading.Next().ShouldNotBeNull();

        batch.Column<string?>("sone").ShouldBe([null]);
        var told = reading.ReadToEnd().Findings.ShouldHaveSingleItem();
        told.RuleId.ShouldBe("INN-011");
        told.Text.ShouldNotContain("01810149732");
    }

    [Fact]
    public void A_record_that_lacks_what_it_is_known_by_is_not_taken_in()
    {
        using var reading = Open(Message.Replace("orgNr=\"310211036\"", "orgNr=\"31021103X\""));

        var rows = 0;
        while (reading.Next() is { } batch) rows += batch.Count;

        rows.ShouldBe(0);
        reading.Outcome.Findings.Select(finding => finding.RuleId).ShouldBe(["STR-016", "INN-012"]);
        reading.Outcome.IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void An_element_that_is_dropped_leaves_its_array()
    {
        using var reading = Open(Message.Replace("kode=\"1\"", "kode=\"77\""));

        var batch = reading.Next()!;

        batch.Column<string[]>("tiltak_kode").ShouldHaveSingleItem().ShouldBe(["2"]);
        batch.Column<long[]>("tiltak_antall").ShouldHaveSingleItem().ShouldBe([1]);
    }

    [Fact]
    public void Every_word_of_an_xml_definition_is_in_the_guide()
    {
        var bases = Enum.GetNames<XmlBase>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]);

        bases.Concat(Words.XmlActions.Keys).Where(word => !Page.Contains($"`{word}`")).ShouldBeEmpty();
    }

    private MessageReading Open(string xml, DateOnly? received = null) => Open(xml, _catalogue, received);

    private static MessageReading Open(
        string xml, DefinitionCatalogue catalogue, DateOnly? received = null) => catalogue.OpenXml(
        new MemoryStream(Encoding.UTF8.GetBytes(xml)),
        Kit.Options with { ReceivedOn = received ?? new DateOnly(2027, 1, 10) }).Reading!;

    private string[] Told(string xml)
    {
        using var reading = Open(xml);
        return [.. reading.ReadToEnd().Findings.Select(finding => $"{finding.RuleId} {finding.Path}")];
    }

    private static string[] Blocks(string language) =>
        [.. Page.Split($"```{language}\n").Skip(1).Select(text => text.Split("```")[0])];
}
