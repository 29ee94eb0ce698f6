using System.Xml.Linq;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Synthetic.Tests;

public class TrustYearTests
{
    private static readonly DateOnly NewYearsEve = new(2019, 12, 31);

    private static readonly TrustYearOrder Order = new()
    {
        Trust = TrustDirectory.Find("Rogaland")!,
        Seed = 7,
        AsOf = NewYearsEve,
        Share = 0.01,
    };

    // The whole year of 1 % of a county is some megabytes; most tests ask it different questions.
    private static readonly Lazy<Dictionary<TrustFileKind, byte[]>> Year = new(() => FilesOf(Order));

    public static TheoryData<TrustFileKind, FileEncoding, bool> Kinds =>
        new MatrixTheoryData<TrustFileKind, FileEncoding, bool>(
            TrustYear.Kinds, [FileEncoding.Utf8, FileEncoding.Latin1], [false, true]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_file_follows_the_official_schema(TrustFileKind kind, FileEncoding encoding, bool isWrapped)
    {
        var file = FilesOf(Order with { Encoding = encoding, IsWrapped = isWrapped, Share = 0.004 })[kind];

        OfficialSchema.FaultsOf(file, SchemasOf(kind)).ShouldBeEmpty();
    }

    [Fact]
    public void Costs_of_later_years_follow_the_newer_schema()
    {
        var file = FilesOf(Order with { AsOf = new DateOnly(2025, 6, 30), Share = 0.004 })[TrustFileKind.Cost];

        OfficialSchema.FaultsOf(file, "xpr-58.0.1/NPR(kpp).xsd").ShouldBeEmpty();
        Read(file).Name.NamespaceName.ShouldEndWith("58_0_1_kpp");
    }

    [Fact]
    public void The_same_order_gives_the_same_bytes_and_another_seed_others()
    {
        var small = Order with { Share = 0.003 };

        foreach (var kind in TrustYear.Kinds)
        {
            FilesOf(small)[kind].ShouldBe(FilesOf(small)[kind]);
            FilesOf(small with { Seed = 8 })[kind].ShouldNotBe(FilesOf(small)[kind]);
        }
    }

    [Fact]
    public void A_small_activity_file_is_as_it_was()
    {
        var order = Order with { Trust = TrustDirectory.Find("Finnmark")!, Share = 0.0004, AsOf = new(2019, 3, 31) };

        Golden.MatchesText(System.Text.Encoding.UTF8.GetString(FilesOf(order)[TrustFileKind.Activity]), "ord.xml");
    }

    [Fact]
    public void Everyone_in_the_activity_file_has_an_identity_and_only_they()
    {
        var identity = Read(Year.Value[TrustFileKind.Identity]);

        Patients(Activity, "Objektholder", "pasientNr").ShouldBe(Patients(identity, "PasientIdent", "pid"));
        foreach (var person in All(identity, "PasientIdent"))
        {
            if (Of(person, "typeID") == "9") continue;
            PersonIdentifier.TryParse(Of(person, "fid"), out var number).ShouldBeTrue();
            number.Marker.ShouldBe(SyntheticMarker.Tenor80);
        }
    }

    [Fact]
    public void Costs_and_pathways_are_of_episodes_and_referrals_in_the_activity_file_and_totals_add_up()
    {
        var episodes = All(Activity, "Episode").Select(episode => Of(episode, "episodeID")).ToHashSet();
        var periods = All(Activity, "Henvisningsperiode").Select(period => Of(period, "henvisningsperiodeID"))
            .ToHashSet();

        foreach (var cost in All(Read(Year.Value[TrustFileKind.Cost]), "EpisodeKPP"))
        {
            episodes.ShouldContain(Of(cost, "episodeID"));
            cost.Elements().Sum(part => decimal.Parse(Of(part, "kostnad"))).ShouldBe(decimal.Parse(Of(cost, "total")));
        }

        var pathways = All(Read(Year.Value[TrustFileKind.Pathway]), "Forlop").ToList();
        pathways.Count.ShouldBeGreaterThan(20);
        foreach (var pathway in pathways) periods.ShouldContain(Of(pathway, "henvisningsperiodeID"));
    }

    [Fact]
    public void Transfers_meet_at_both_ends()
    {
        var institutions = Order.Trust.Institutions.Select(institution => institution.Number.ToString()).ToList();
        var sent = All(Activity, "Episode").Where(episode => episode.Attribute("tilInstitusjonID") is not null)
            .Where(episode => DateTime.Parse(Of(episode, "utDatoTid")) < new DateTime(2019, 12, 31, 20, 0, 0)).ToList();

        sent.Count.ShouldBeGreaterThan(5);
        foreach (var left in sent)
        {
            institutions.ShouldContain(Of(left, "tilInstitusjonID"));
            var came = All(Activity, "Episode").Single(episode =>
                InstitutionOf(episode) == Of(left, "tilInstitusjonID")
                && episode.Attribute("fraInstitusjonID")?.Value == InstitutionOf(left)
                && PatientOf(episode) == PatientOf(left)
                && (DateTime.Parse(Of(episode, "innDatoTid")) - DateTime.Parse(Of(left, "utDatoTid"))).TotalHours
                    is > 0 and < 4);
            Of(came, "fraSted").ShouldBe("3");
        }
    }

    [Fact]
    public void The_year_has_all_that_a_hospital_does()
    {
        var episodes = All(Activity, "Episode").ToList();
        var stays = episodes.Where(episode => Of(episode, "omsorgsniva") == "1").ToList();

        All(Activity, "PostOpp").Count().ShouldBeGreaterThan(stays.Count);
        episodes.Count(episode => Of(episode, "omsorgsniva") == "2").ShouldBeGreaterThan(20);
        episodes.Count(episode => episode.Attribute("utTilstand")?.Value == "2").ShouldBeGreaterThan(3);
        episodes.Count(episode => Of(episode, "inntilstand") == "3").ShouldBeGreaterThan(3);
        All(Activity, "Tidspunkt").Count(moment => Of(moment, "typeTidspunkt") == "2").ShouldBeGreaterThan(5);
        All(Activity, "Utsettelse").Count().ShouldBeGreaterThan(5);
        All(Activity, "Spesialistvedtak").Count(basis => Of(basis, "typeFormalitet") != "1").ShouldBeGreaterThan(0);
        stays.GroupBy(PatientOf).Count(IsReadmitted).ShouldBeGreaterThan(3);
        (episodes.Count / (double)All(Activity, "Objektholder").Count()).ShouldBeInRange(2, 6);
    }

    [Fact]
    public void A_later_file_holds_what_an_earlier_one_held_of_what_was_over()
    {
        var january = Ended(Order with { AsOf = new(2019, 1, 31) }, new(2019, 1, 31));
        var february = Ended(Order with { AsOf = new(2019, 2, 28) }, new(2019, 1, 31));

        january.Count.ShouldBeGreaterThan(100);
        february.ShouldBe(january);

        static List<string> Ended(TrustYearOrder order, DateOnly by) =>
        [
            .. All(Read(FilesOf(order)[TrustFileKind.Activity]), "Episode")
                .Where(episode => episode.Attribute("utDatoTid") is { } ended
                    && DateOnly.FromDateTime(DateTime.Parse(ended.Value)) <= by)
                .Select(episode => $"{PatientOf(episode)} {episode}"),
        ];
    }

    [Fact]
    public void Nothing_in_a_file_is_later_than_its_last_day_but_what_is_planned()
    {
        var lastDay = new DateOnly(2019, 2, 28);
        var file = Read(FilesOf(Order with { AsOf = lastDay })[TrustFileKind.Activity]);
        string[] ahead = ["fristStartBehandling", "planlagtDatoTid", "uttakDato"];

        var later =
            from attribute in file.DescendantsAndSelf().Attributes()
            where !ahead.Contains(attribute.Name.LocalName)
            where DateTime.TryParse(attribute.Value, out var time) && DateOnly.FromDateTime(time) > lastDay
                && attribute.Value.Length >= 10 && attribute.Value[4] == '-'
            select $"{attribute.Parent!.Name.LocalName}/@{attribute.Name.LocalName}";
        later.ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_resend_differs_in_about_that_share_of_the_episodes()
    {
        var before = Rows(Activity);
        var after = Rows(Read(FilesOf(Order with { ChangedShare = 0.02 })[TrustFileKind.Activity]));

        var gone = before.Keys.Count(row => !after.ContainsKey(row));
        var changed = before.Count(row => after.TryGetValue(row.Key, out var now) && now != row.Value);
        var added = after.Keys.Count(row => !before.ContainsKey(row));
        gone.ShouldBeGreaterThan(0);
        added.ShouldBeGreaterThan(0);
        ((gone + changed + added) / (double)before.Count).ShouldBeInRange(0.014, 0.026);

        static Dictionary<string, string> Rows(XElement file) => All(file, "Episode").ToDictionary(
            episode => $"{InstitutionOf(episode)} {PatientOf(episode)} {Of(episode, "episodeID")}",
            episode => episode.ToString());
    }

    [Fact]
    public void A_size_gives_an_activity_file_of_about_that_size()
    {
        const int Wanted = 2_000_000;
        var share = TrustYear.ShareFor(Order, Wanted);

        FilesOf(Order with { Share = share })[TrustFileKind.Activity].Length
            .ShouldBeInRange((int)(Wanted * 0.9), (int)(Wanted * 1.1));
    }

    internal static Dictionary<TrustFileKind, byte[]> FilesOf(TrustYearOrder order)
    {
        var streams = TrustYear.Kinds.ToDictionary(kind => kind, _ => new MemoryStream());
        TrustYear.Write(order, streams.ToDictionary(pair => pair.Key, pair => (Stream)pair.Value));
        return streams.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }

    internal static string[] SchemasOf(TrustFileKind kind) =>
    [
        kind switch
        {
            TrustFileKind.Activity => "xpr-53.1.3/XPR(ord).xsd",
            TrustFileKind.Identity => "xpr-53.1.3/XPR(ide).xsd",
            TrustFileKind.Cost => "xpr-53.1.3/XPR(kpp).xsd",
            _ => "xpr-53.1.3/XPR(pak).xsd",
        },
        "msghead/MsgHead-v1_2.xsd",
    ];

    private static XElement Activity => Activities.Value;

    private static readonly Lazy<XElement> Activities = new(() => Read(Year.Value[TrustFileKind.Activity]));

    private static XElement Read(byte[] file) => XDocument.Load(new MemoryStream(file)).Root!;

    private static IEnumerable<XElement> All(XElement message, string name) =>
        message.Descendants(message.Name.Namespace + name);

    private static string Of(XElement element, string attribute) => element.Attribute(attribute)!.Value;

    private static string InstitutionOf(XElement episode) => Of(episode.Parent!.Parent!, "institusjonID");

    private static string PatientOf(XElement episode) => Of(episode.Parent!, "pasientNr");

    private static bool IsReadmitted(IEnumerable<XElement> stays)
    {
        var ordered = stays.Where(stay => stay.Attribute("utDatoTid") is not null)
            .OrderBy(stay => Of(stay, "innDatoTid")).ToList();
        return ordered.Zip(ordered.Skip(1)).Any(pair => Of(pair.Second, "innmateHast") == "1"
            && (DateTime.Parse(Of(pair.Second, "innDatoTid")) - DateTime.Parse(Of(pair.First, "utDatoTid"))).TotalDays
                is > 1 and < 30);
    }

    private static List<string> Patients(XElement message, string element, string attribute) =>
        [.. All(message, element).Select(found => $"{Of(found.Parent!, "institusjonID")} {Of(found, attribute)}")];
}
