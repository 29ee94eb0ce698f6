using Kilde.Kernel;

namespace Kilde.Synthetic.Tests;

/// <summary>The synthetic files against the definitions that the register reads them by.</summary>
public class DefinedFilesTests
{
    private static readonly TrustYearOrder Hospital = new()
    {
        Trust = TrustDirectory.Find("Rogaland")!,
        Seed = 7,
        AsOf = new DateOnly(2019, 12, 31),
        Share = 0.01,
    };

    private static readonly MunicipalityYearOrder Municipality = new()
    {
        Municipality = MunicipalityCode.Parse("1103"),
        Seed = 7,
        AsOf = new DateOnly(2022, 12, 31),
        Share = 0.05,
    };

    public static TheoryData<FileEncoding, bool> Forms =>
        new MatrixTheoryData<FileEncoding, bool>([FileEncoding.Utf8, FileEncoding.Latin1], [false, true]);

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_trusts_files_are_accepted_without_a_remark(FileEncoding encoding, bool isWrapped)
    {
        var order = Hospital with { Encoding = encoding, IsWrapped = isWrapped };
        foreach (var (kind, file) in TrustYearTests.FilesOf(order))
        {
            var read = ShouldBeSound(file, order.AsOf, $"{kind}");
            (read.Rows.Values.Sum() + read.Identities.Count).ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_municipalitys_files_are_accepted_without_a_remark(FileEncoding encoding, bool isWrapped)
    {
        foreach (var kind in Enum.GetValues<MunicipalityFileKind>())
        {
            var order = Of(kind) with { Encoding = encoding, IsWrapped = isWrapped };
            foreach (var (name, file) in MunicipalityYearTests.FilesOf(order, kind))
                ShouldBeSound(file, order.AsOf, name);
        }
    }

    [Fact]
    public void Later_costs_and_every_trusts_first_days_are_accepted_too()
    {
        var later = Hospital with { AsOf = new DateOnly(2025, 6, 30), Share = 0.004 };
        ShouldBeSound(TrustYearTests.FilesOf(later)[TrustFileKind.Cost], later.AsOf, "kpp");
        foreach (var trust in TrustDirectory.All)
        {
            var order = Hospital with { Trust = trust, AsOf = new DateOnly(2019, 1, 20) };
            foreach (var (kind, file) in TrustYearTests.FilesOf(order))
                ShouldBeSound(file, order.AsOf, $"{trust.Name} {kind}");
        }
    }

    [Fact]
    public void A_service_of_a_municipality_is_a_row_of_its_table()
    {
        var order = Of(MunicipalityFileKind.AnnualCare);
        var annual = MunicipalityYearTests.FilesOf(order, MunicipalityFileKind.AnnualCare);
        var rows = ShouldBeSound(annual.Values.Single(), order.AsOf, "iplos").Rows;

        rows["iplos_bruker"].ShouldBe(rows["iplos_personopplysning"]);
        rows["iplos_tjeneste"].ShouldBeGreaterThan(rows["iplos_bruker"]);
    }

    private static MunicipalityYearOrder Of(MunicipalityFileKind kind) => kind == MunicipalityFileKind.AnnualCare
        ? Municipality with { AsOf = new DateOnly(2019, 12, 31) }
        : Municipality;

    private static DefinedReading ShouldBeSound(byte[] file, DateOnly lastDay, string what)
    {
        var read = DefinedReading.Of(file, lastDay.AddDays(2));
        read.Findings.Take(5).ShouldBeEmpty(what);
        read.Outcome.IsAccepted.ShouldBeTrue(what);
        read.Outcome.DroppedCount.ShouldBe(0, what);
        return read;
    }
}
