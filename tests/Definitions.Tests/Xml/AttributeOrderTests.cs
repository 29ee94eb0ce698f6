using System.Text;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests.Xml;

public class AttributeOrderTests
{
    [Fact]
    public void Faults_are_told_in_the_order_of_the_definition_however_attributes_stand()
    {
        var inOrder = Read("kjonn='X' fodselsar='1950' fodselsvekt='x'");

        inOrder.Count.ShouldBeGreaterThan(2);
        Read("fodselsvekt='x' fodselsar='1950' kjonn='X'").ShouldBe(inOrder);
        Read("fodselsar='1950' fodselsvekt='x' kjonn='X'").ShouldBe(inOrder);
    }

    // The patient number, which is required, is missing too.
    private static IReadOnlyList<Finding> Read(string attributes)
    {
        var xml = HostileXmlTests.Head + "<Institusjon institusjonID='310211036'><Enhet enhetID='1'/>"
            + $"<Objektholder pasientNr='1'><Pasient {attributes}/></Objektholder></Institusjon></Melding>";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(xml));
        using var reading = Kit.Catalogue.OpenXml(stream, Kit.Options).Reading!;
        return reading.ReadToEnd().Findings;
    }
}
