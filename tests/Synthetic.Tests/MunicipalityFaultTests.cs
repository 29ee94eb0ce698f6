using System.Xml.XPath;
using Kilde.Kernel;

namespace Kilde.Synthetic.Tests;

/// <summary>Faults put into a municipality's files, against the files, the schemas and the definitions.</summary>
public class MunicipalityFaultTests
{
    private const int PlacesLookedUp = 20;

    private static readonly MunicipalityYearOrder Stavanger = new()
    {
        Municipality = MunicipalityCode.Parse("1103"),
        Seed = 7,
        AsOf = new DateOnly(2019, 12, 31),
        Share = 0.03,
        DaysPerMessage = 366,
    };

    public static TheoryData<FileFault> Kinds =>
    [
        FileFault.TechnicalContactMissing, FileFault.VendorContactMissing,
        .. Enum.GetValues<FileFault>().Where(kind => kind >= FileFault.HoursOutOfRange),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_stands_where_it_is_told_and_is_found_by_its_rule_alone(FileFault fault)
    {
        var kind = KindOf(fault);
        var order = Stavanger with
        {
            AsOf = kind == MunicipalityFileKind.AnnualCare ? Stavanger.AsOf : new DateOnly(2022, 12, 31),
            Faults = FaultMix.Only(fault, share: 1),

            // Few die in the year that they have a place in a nursing home.
            Share = fault == FileFault.StayAfterDeath ? 0.3 : Stavanger.Share,
        };
        var streams = new Dictionary<string, MemoryStream>();
        var faults = MunicipalityYear.Write(
            order, [kind], name => streams[name] = new MemoryStream(), progress: null,
            TestContext.Current.CancellationToken);
        var file = streams.Values.Single().ToArray();

        faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(seeded => seeded.Kind == fault && !seeded.IsStructure);
        var message = SeededPlaces.WithoutNamespace(file);
        foreach (var seeded in faults.Take(PlacesLookedUp))
            message.XPathSelectElements(seeded.Place).Count().ShouldBe(1, seeded.Place);
        DefinedReading.SkipUnlessDefined(faults[0].Rule);
        OfficialSchema.FaultsOf(file, MunicipalityYearTests.SchemasOf(kind)).ShouldBeEmpty();
        var read = DefinedReading.Of(file, order.AsOf.AddDays(12));
        read.Outcome.IsAccepted.ShouldBeTrue();
        read.RulesBroken.ShouldBe(faults.Select(seeded => seeded.Rule).OfType<string>().Distinct());
        read.FindingCount.ShouldBe(faults.Count(seeded => seeded.Rule is not null));
        SeededPlaces.ShouldBeTold(message, faults, read.Findings);
    }

    private static MunicipalityFileKind KindOf(FileFault fault) => fault switch
    {
        FileFault.TechnicalContactMissing or FileFault.VendorContactMissing => MunicipalityFileKind.ChildHealth,
        FileFault.BrokenChain or FileFault.SerialGap or FileFault.ReferenceMissing => MunicipalityFileKind.CareEvents,
        _ => MunicipalityFileKind.AnnualCare,
    };
}
