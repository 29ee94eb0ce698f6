using System.Xml.Linq;
using Kilde.Kernel;

namespace Kilde.Synthetic.Tests;

public class MunicipalityYearTests
{
    private static readonly MunicipalityYearOrder Stavanger = new()
    {
        Municipality = MunicipalityCode.Parse("1103"),
        Seed = 7,
        AsOf = new DateOnly(2019, 12, 31),
        Share = 0.05,
    };

    private static readonly MunicipalityYearOrder Later = Stavanger with { AsOf = new DateOnly(2022, 12, 31) };

    public static TheoryData<MunicipalityFileKind, FileEncoding, bool> Kinds =>
        new MatrixTheoryData<MunicipalityFileKind, FileEncoding, bool>(
            Enum.GetValues<MunicipalityFileKind>(), [FileEncoding.Utf8, FileEncoding.Latin1], [false, true]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_file_follows_the_official_schema(MunicipalityFileKind kind, FileEncoding encoding, bool isWrapped)
    {
        var order = (kind == MunicipalityFileKind.AnnualCare ? Stavanger : Later) with
        {
            Encoding = encoding,
            IsWrapped = isWrapped,
        };
        var files = FilesOf(order, kind);

        files.Count.ShouldBe(kind == MunicipalityFileKind.AnnualCare ? 1 : 13);
        foreach (var file in files.Values) OfficialSchema.FaultsOf(file, SchemasOf(kind)).ShouldBeEmpty();
    }

    [Fact]
    public void The_same_order_gives_the_same_bytes_and_another_seed_others()
    {
        foreach (var kind in Enum.GetValues<MunicipalityFileKind>())
        {
            var order = kind == MunicipalityFileKind.AnnualCare ? Stavanger : Later;
            var once = FilesOf(order, kind).Values.SelectMany(file => file).ToArray();
            FilesOf(order, kind).Values.SelectMany(file => file).ToArray().ShouldBe(once);
            FilesOf(order with { Seed = 8 }, kind).Values.SelectMany(file => file).ToArray().ShouldNotBe(once);
        }
    }

    [Theory]
    [InlineData(MunicipalityFileKind.CareEvents)]
    [InlineData(MunicipalityFileKind.ChildHealth)]
    public void Each_notification_names_the_one_before_it_and_has_the_next_number(MunicipalityFileKind kind)
    {
        var (previous, serial) = (Guid.Empty.ToString(), 0L);
        foreach (var notification in Notifications(Later with { DaysPerMessage = 7 }, kind))
        {
            Of(notification, "notifikasjonForrigeGUID").ShouldBe(previous);
            Of(notification, "notifikasjonLopeNr").ShouldBe($"{++serial}");
            previous = Of(notification, "notifikasjonGUID");
        }

        serial.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void However_many_days_a_message_covers_the_chain_is_the_same()
    {
        var monthly = Notifications(Later, MunicipalityFileKind.CareEvents).Select(told => told.ToString());
        var daily = Notifications(Later with { DaysPerMessage = 1 }, MunicipalityFileKind.CareEvents)
            .Select(told => told.ToString());

        daily.ShouldBe(monthly);
    }

    [Fact]
    public void Corrections_and_annulments_are_of_something_original_told_before()
    {
        var originals = new HashSet<string>();
        var later = new List<string>();
        foreach (var notification in Notifications(Later, MunicipalityFileKind.CareEvents))
        {
            if (Of(notification, "statusNotifikasjon") == "N")
            {
                originals.Add(Of(notification, "notifikasjonGUID"));
                continue;
            }

            originals.ShouldContain(Of(notification, "notifikasjonRef"));
            later.Add(Of(notification, "statusNotifikasjon"));
        }

        later.ShouldContain("M");
        later.ShouldContain("C");
    }

    [Fact]
    public void Those_who_leave_hospital_for_a_nursing_home_have_a_stay_there_from_that_day()
    {
        var hospital = new TrustYearOrder
        {
            Trust = TrustDirectory.Find("Rogaland")!, Seed = 7, AsOf = Later.AsOf, Share = Later.Share,
        };
        var activity = Read(TrustYearTests.FilesOf(hospital)[TrustFileKind.Activity]);
        var left =
            from episode in activity.Descendants(activity.Name.Namespace + "Episode")
            where episode.Attribute("tilSted")?.Value == "11" && Of(episode, "komNrHjem") == "1103"
            let user = long.Parse(Of(episode.Parent!, "pasientNr")) - 2_000_000 + 1
            select $"{user} {Of(episode, "utDatoTid")[..10]}";
        var came = Notifications(Later, MunicipalityFileKind.CareEvents)
            .SelectMany(told => told.Elements()).Where(told => told.Name.LocalName == "TjenesteStart")
            .Select(start => $"{Of(start.Elements().Single(), "brukerNr")} {Of(start, "hendelseDato")}").ToHashSet();

        var expected = left.Where(stay => string.CompareOrdinal(stay[^10..], "2022-01-01") >= 0).ToList();
        expected.Count.ShouldBeGreaterThan(10);
        expected.Count(came.Contains).ShouldBeGreaterThan(expected.Count * 9 / 10);
    }

    [Fact]
    public void A_municipality_that_was_merged_has_its_own_people_in_the_years_before()
    {
        var forsand = Stavanger with { Municipality = MunicipalityCode.Parse("1129"), Share = 1 };
        var finnoy = Stavanger with { Municipality = MunicipalityCode.Parse("1141"), Share = 1 };

        People(forsand).Intersect(People(finnoy)).ShouldBeEmpty();
        People(finnoy).Count().ShouldBeGreaterThan(100);
        Should.Throw<ArgumentException>(() => FilesOf(Later with { Municipality = finnoy.Municipality },
            MunicipalityFileKind.ChildHealth));

        static IEnumerable<string> People(MunicipalityYearOrder order) =>
            Read(FilesOf(order, MunicipalityFileKind.AnnualCare).Values.Single())
                .Elements().Attributes("pePeID").Select(id => id.Value).ToList();
    }

    private static IEnumerable<XElement> Notifications(MunicipalityYearOrder order, MunicipalityFileKind kind) =>
        FilesOf(order, kind).OrderBy(file => file.Key, StringComparer.Ordinal)
            .SelectMany(file => Read(file.Value).Elements().Where(element => element.Name.LocalName == "Notifikasjon"));

    internal static Dictionary<string, byte[]> FilesOf(MunicipalityYearOrder order, MunicipalityFileKind kind)
    {
        var streams = new Dictionary<string, MemoryStream>();
        MunicipalityYear.Write(order, [kind], name => streams[name] = new MemoryStream());
        return streams.ToDictionary(file => file.Key, file => file.Value.ToArray());
    }

    internal static string[] SchemasOf(MunicipalityFileKind kind) =>
    [
        kind switch
        {
            MunicipalityFileKind.AnnualCare => "iplos/iplos_2019.xsd",
            MunicipalityFileKind.CareEvents => "xpr-56.0.0/XPR(ipl).xsd",
            _ => "xpr-56.0.0/XPR(hst).xsd",
        },
        "msghead/MsgHead-v1_2.xsd",
    ];

    private static XElement Read(byte[] file) => XDocument.Load(new MemoryStream(file)).Root!;

    private static string Of(XElement element, string attribute) => element.Attribute(attribute)!.Value;
}
