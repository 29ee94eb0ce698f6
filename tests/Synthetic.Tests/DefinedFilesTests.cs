using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
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

    /// <summary>Every child gets the other sex, or another birth year, than the number was made for.</summary>
    [Theory]
    [InlineData("kjonn=\"", "KPR-HST-002", "@kjonn")]
    [InlineData("fodselsar=\"", "KPR-HST-003", "@fodselsar")]
    public void What_differs_from_a_childs_number_is_a_remark_that_tells_nothing_of_it(
        string attribute, string rule, string place)
    {
        var order = Of(MunicipalityFileKind.ChildHealth);
        var file = MunicipalityYearTests.FilesOf(order, MunicipalityFileKind.ChildHealth).Values.First();
        var changed = Regex.Replace(
            Encoding.UTF8.GetString(file), $"(?<= {attribute})[0-9]+",
            value => $"{(value.Length == 1 ? 3 : 4_000) - int.Parse(value.Value, CultureInfo.InvariantCulture)}",
            RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1));

        var read = DefinedReading.Of(Encoding.UTF8.GetBytes(changed), order.AsOf.AddDays(2));

        read.Outcome.IsAccepted.ShouldBeTrue();
        read.Outcome.DroppedCount.ShouldBe(0);
        read.RulesBroken.ShouldBe([rule]);
        read.FindingCount.ShouldBeInRange(read.Rows["hst_konsultasjon_xml"] / 2, read.Rows["hst_konsultasjon_xml"]);
        foreach (var finding in read.Findings)
        {
            finding.Severity.ShouldBe(Severity.Information);
            finding.Path.ShouldContain($"/Barn_ungdom/{place} (linje ");
            finding.Detail!.Value.ShouldBeNull();
            IdentifierInText.IsIn(JsonSerializer.Serialize(finding)).ShouldBeFalse();
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
