using System.Xml.Linq;
using System.Xml.Schema;
using Kilde.Intake.Headers;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Headers;

public sealed class AppRecTests
{
    private static readonly HeadAddress Sender = new(
        new HeadParty("Testsund sykehus HF", HerId.Parse("9001")), new HeadParty("Medisin", HerId.Parse("9002")));

    private static readonly ApplicationReceipt Sound = new(
        AppRecVersion.V10, "0190-1", new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.FromHours(1)),
        new HeadAddress(new HeadParty("FHI", HerId.Parse("8001")), new HeadParty("NPR", HerId.Parse("8002"))), Sender,
        AppRecStatus.Ok, [], new AnsweredMessage("NPR_ORD", "Aktivitet", "2026-03-02T08:59:00", "abc"));

    public static TheoryData<AppRecVersion, AppRecStatus, string[]> Kinds => new()
    {
        { AppRecVersion.V10, AppRecStatus.Ok, [] },
        { AppRecVersion.V11, AppRecStatus.Ok, [] },
        { AppRecVersion.V10, AppRecStatus.Rejected, ["T02", "X99"] },
        { AppRecVersion.V11, AppRecStatus.Rejected, ["T01"] },
        { AppRecVersion.V10, AppRecStatus.OkWithErrors, ["X99"] },
        { AppRecVersion.V11, AppRecStatus.OkWithErrors, ["E31"] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_is_read_again(AppRecVersion version, AppRecStatus status, string[] codes)
    {
        var receipt = Of(version, status, codes);

        var read = AppRecReader.Read(AppRecWriter.Write(receipt))!;

        read.Errors.ShouldBe(receipt.Errors);
        (read with { Errors = receipt.Errors }).ShouldBe(receipt);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_official_schema_accepts_it(AppRecVersion version, AppRecStatus status, string[] codes)
    {
        var schemas = new XmlSchemaSet { XmlResolver = null };
        schemas.Add(null, Repository.Oracle("schemas", "apprec", "kith.xsd"));
        schemas.Add(null, Repository.Oracle(
            "schemas", "apprec", version == AppRecVersion.V10 ? "AppRec-v1.0.xsd" : "AppRec-v1.1.xsd"));
        var document = XDocument.Load(new MemoryStream(AppRecWriter.Write(Of(version, status, codes))));

        var faults = new List<string>();
        document.Validate(schemas, (_, fault) => faults.Add(fault.Message));

        faults.ShouldBeEmpty();
        schemas.GlobalElements.Values.Cast<XmlSchemaElement>()
            .ShouldContain(element => element.QualifiedName.Namespace == document.Root!.Name.NamespaceName);
    }

    [Fact]
    public void A_level_one_party_has_no_department()
    {
        var receipt = Sound with { Receiver = Sender with { Unit = null } };

        AppRecReader.Read(AppRecWriter.Write(receipt))!.Receiver.ShouldBe(receipt.Receiver);
    }

    [Fact]
    public void Characters_that_xml_cannot_hold_are_replaced()
    {
        var receipt = Sound with { Errors = [new AppRecError("X99", "a\0b\u0001c\ud800d")] };

        AppRecReader.Read(AppRecWriter.Write(receipt))!.Errors[0].Detail.ShouldBe("a\ufffdb\ufffdc\ufffdd");
    }

    [Theory]
    [InlineData("<AppRec xmlns='http://www.kith.no/xmlstds/apprec/2004-11-21'/>")]
    [InlineData("<AppRec xmlns='http://www.kith.no/xmlstds/apprec/2020-01-01'/>")]
    [InlineData("<!DOCTYPE a><AppRec xmlns='http://www.kith.no/xmlstds/apprec/2004-11-21'/>")]
    [InlineData("ikke xml")]
    [InlineData("")]
    public void What_is_no_receipt_is_not_read(string text) =>
        AppRecReader.Read(System.Text.Encoding.UTF8.GetBytes(text)).ShouldBeNull();

    private static ApplicationReceipt Of(AppRecVersion version, AppRecStatus status, string[] codes) => Sound with
    {
        Version = version,
        Status = status,
        Errors = [.. codes.Select(code => new AppRecError(code, "Feltet \"æøå\" mangler <her>."))],
    };
}
