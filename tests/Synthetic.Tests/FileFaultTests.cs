using System.Xml.Linq;
using System.Xml.XPath;

namespace Kilde.Synthetic.Tests;

/// <summary>Faults put into a trust's files, against what the files hold and the official schemas say.</summary>
public class FileFaultTests
{
    private static readonly TrustYearOrder Order = new()
    {
        Trust = TrustDirectory.Find("Troms")!,
        Seed = 3,
        AsOf = new DateOnly(2019, 6, 30),
        Share = 0.004,
    };

    private const int PlacesLookedUp = 20;

    public static TheoryData<FileFault> Kinds =>
        [.. Enum.GetValues<FileFault>().Where(kind => kind < FileFault.HoursOutOfRange)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_is_put_in_told_with_its_place_and_refused_by_the_schema_if_it_is_structure(FileFault kind)
    {
        var (files, faults) = Write(OrderOf(kind));

        faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(fault => fault.Kind == kind);
        var messages = files.ToDictionary(file => file.Key, file => SeededPlaces.WithoutNamespace(file.Value));
        foreach (var fault in faults.Take(PlacesLookedUp))
            PlacesOf(messages, fault).ShouldBe(ExpectedPlaces(kind), fault.Place);
        foreach (var file in TrustYear.Kinds)
        {
            var isRefused = FaultRules.IsStructure(kind) && file == TrustFileKind.Activity;
            OfficialSchema.FaultsOf(files[file], TrustYearTests.SchemasOf(file)).Any().ShouldBe(isRefused, $"{file}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_is_found_by_its_rule_each_time_and_by_no_other(FileFault kind)
    {
        DefinedReading.SkipUnlessDefined(FaultRules.Of(kind));
        var (files, faults) = Write(OrderOf(kind));
        var read = files.ToDictionary(file => file.Key, file => DefinedReading.Of(file.Value, Order.AsOf.AddDays(2)));

        if (FaultRules.IsStructure(kind))
        {
            var refused = read[TrustFileKind.Activity];
            refused.Outcome.IsAccepted.ShouldBeFalse();
            refused.RulesBroken.ShouldContain(FaultRules.Of(kind));
            return;
        }

        read.Values.ShouldAllBe(file => file.Outcome.IsAccepted);
        read.Values.SelectMany(file => file.RulesBroken).Distinct()
            .ShouldBe(faults.Select(fault => fault.Rule).OfType<string>().Distinct());
        read.Values.Sum(file => file.FindingCount).ShouldBe(faults.Count(fault => fault.Rule is not null));
        foreach (var (file, one) in read)
        {
            SeededPlaces.ShouldBeTold(
                SeededPlaces.WithoutNamespace(files[file]), faults.Where(fault => FileOf(fault) == file), one.Findings);
        }
    }

    [Fact]
    public void Without_faults_the_files_are_the_same_as_ever()
    {
        var (files, faults) = Write(Order);
        var (wrong, _) = Write(Order with { Faults = FaultMix.Only(FileFault.TotalDiffers, 0.05) });

        faults.ShouldBeEmpty();
        wrong[TrustFileKind.Activity].ShouldBe(files[TrustFileKind.Activity]);
        wrong[TrustFileKind.Cost].ShouldNotBe(files[TrustFileKind.Cost]);
    }

    [Fact]
    public void The_manifest_reads_back_as_it_was_written()
    {
        var (_, faults) = Write(Order with { Faults = FaultMix.Content(share: 0.5) });

        FaultManifest.Read(FaultManifest.Write(faults)).ShouldBe(faults);
        faults.Select(fault => fault.Kind).Distinct().Count().ShouldBeGreaterThan(12);
        faults.ShouldAllBe(fault => !fault.IsStructure);
    }

    // Only some trusts move patients; and some patients must keep their identity, or the file is empty.
    private static TrustYearOrder OrderOf(FileFault kind) => Order with
    {
        Trust = kind is FileFault.OriginMissing or FileFault.DestinationMissing or FileFault.SeniorityMissing
            ? TrustDirectory.Find("Rogaland")!
            : Order.Trust,
        Faults = FaultMix.Only(kind, kind == FileFault.IdentityMissing ? 0.3 : 1),
    };

    // What is left out cannot be found; an episode that stands twice is found twice.
    private static int ExpectedPlaces(FileFault kind) => kind switch
    {
        FileFault.IdentityMissing => 0,
        FileFault.DuplicateEpisode => 2,
        _ => 1,
    };

    private static int PlacesOf(Dictionary<TrustFileKind, XDocument> messages, SeededFault fault) =>
        ((IEnumerable<object>)messages[FileOf(fault)].XPathEvaluate(fault.Place)).Count();

    private static TrustFileKind FileOf(SeededFault fault) => fault.Module switch
    {
        "ord" => TrustFileKind.Activity,
        "ide" => TrustFileKind.Identity,
        "kpp" => TrustFileKind.Cost,
        _ => TrustFileKind.Pathway,
    };

    private static (Dictionary<TrustFileKind, byte[]> Files, IReadOnlyList<SeededFault> Faults) Write(
        TrustYearOrder order)
    {
        var streams = TrustYear.Kinds.ToDictionary(kind => kind, _ => new MemoryStream());
        var faults = TrustYear.Write(
            order, streams.ToDictionary(pair => pair.Key, pair => (Stream)pair.Value));
        return (streams.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray()), faults);
    }
}
