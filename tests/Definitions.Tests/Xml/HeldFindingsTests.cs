using System.Text;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>What findings without end cost. What others hold is in the measure, so nothing runs beside it.</summary>
[CollectionDefinition(DisableParallelization = true), Collection(typeof(HeldFindingsTests))]
public class HeldFindingsTests
{
    private const int Patients = 200_000;
    private const long HeldMax = 24 * 1024 * 1024;

    [Fact]
    public void Findings_that_do_not_refuse_are_counted_and_cost_no_memory()
    {
        using var stream = new GeneratedStream(Enumerable.Range(1, Patients)
            .Select(i => $"<Objektholder pasientNr='{i}'>"
                + $"<Pasient pasientNr='{i}' kjonn='X' fodselsar='1950'/></Objektholder>")
            .Prepend(HostileXmlTests.Head + "<Institusjon institusjonID='310211036'><Enhet enhetID='1'/>")
            .Append("</Institusjon></Melding>").Select(Encoding.UTF8.GetBytes));
        using var reading = Kit.Catalogue.OpenXml(stream, Kit.Options).Reading!;
        var most = 0L;
        while (reading.Next() is not null) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        reading.Outcome.FindingCount.ShouldBeGreaterThanOrEqualTo(Patients);
        reading.Outcome.Findings.Count.ShouldBeLessThanOrEqualTo(101);
        (most - before).ShouldBeLessThan(HeldMax);
    }
}
