using System.Xml.Linq;
using Kilde.Kernel;

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

    public static TheoryData<TrustFileKind, FileEncoding, bool> Kinds =>
        new MatrixTheoryData<TrustFileKind, FileEncoding, bool>(
            TrustYear.Kinds, [FileEncoding.Utf8, FileEncoding.Latin1], [false, true]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_file_follows_the_official_schema(TrustFileKind kind, FileEncoding encoding, bool isWrapped)
    {
        var file = FilesOf(Order with { Encoding = encoding, IsWrapped = isWrapped })[kind];

        OfficialSchema.FaultsOf(file, SchemasOf(kind)).ShouldBeEmpty();
    }

    [Fact]
    public void The_same_order_gives_the_same_bytes_and_another_seed_others()
    {
        FilesOf(Order)[TrustFileKind.Activity].ShouldBe(FilesOf(Order)[TrustFileKind.Activity]);
        FilesOf(Order with { Seed = 8 })[TrustFileKind.Activity].ShouldNotBe(FilesOf(Order)[TrustFileKind.Activity]);
    }

    [Fact]
    public void Everyone_in_the_activity_file_has_an_identity_and_only_they()
    {
        var files = FilesOf(Order);
        var activity = Read(files[TrustFileKind.Activity]);
        var identity = Read(files[TrustFileKind.Identity]);

        Patients(activity, "Objektholder", "pasientNr").ShouldBe(Patients(identity, "PasientIdent", "pid"));
        foreach (var person in identity.Descendants().Where(element => element.Name.LocalName == "PasientIdent"))
        {
            if ((string)person.Attribute("typeID")! == "9") continue;
            PersonIdentifier.TryParse((string)person.Attribute("fid")!, out var number).ShouldBeTrue();
            number.Marker.ShouldBe(SyntheticMarker.Tenor80);
        }
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

    private static string[] SchemasOf(TrustFileKind kind) =>
    [
        kind == TrustFileKind.Activity ? "xpr-53.1.3/XPR(ord).xsd" : "xpr-53.1.3/XPR(ide).xsd",
        "msghead/MsgHead-v1_2.xsd",
    ];

    private static XElement Read(byte[] file) => XDocument.Load(new MemoryStream(file)).Root!;

    private static List<string> Patients(XElement message, string element, string attribute) =>
    [
        .. message.Descendants().Where(found => found.Name.LocalName == element)
            .Select(found => $"{found.Parent!.Attribute("institusjonID")!.Value} {found.Attribute(attribute)!.Value}"),
    ];
}
