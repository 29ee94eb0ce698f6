using System.Text;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Comparing;

namespace Kilde.Register.Tests.Kit;

/// <summary>The two sides that are compared: the register's, and a sender's own XML files.</summary>
internal static class Compared
{
    public static IRecordSide SideOf(
        WholeRegister register, MessageType type, RecordType record, OrganizationNumber sender) =>
        SideOf(new CompareRecords(register.Databases.Register, register.Audit), type, record, sender);

    public static IRecordSide SideOf(
        CompareRecords compare, MessageType type, RecordType record, OrganizationNumber sender) =>
        compare.SideOf(ComparedRecords.Of(
            type, record, $"{sender}", new AccessGround(new Actor("client", "test"), "sammenligning")));

    public static OwnFile Read(WholeRegister register, IOwnFiles own, string message)
    {
        using var xml = DefinitionCatalogue.ReadXml(new MemoryStream(Encoding.UTF8.GetBytes(message)));
        xml.MoveToContent();
        var today = Norwegian.Day(register.Clock.GetUtcNow());
        using var reading = register.Catalogue.OpenXml(xml, new ReadOptions(PersonIdentifierPolicy.Test, today))
            .Reading.ShouldNotBeNull();
        return own.Read(reading, today);
    }
}
