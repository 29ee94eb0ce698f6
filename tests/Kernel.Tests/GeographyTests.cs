using System.Text;
using Kilde.Testing;

namespace Kilde.Kernel.Tests;

public class GeographyTests
{
    [Fact]
    public void There_are_357_municipalities_in_15_counties()
    {
        MunicipalityCode.InUse(2024).Count.ShouldBe(357);
        CountyCode.InUse(2024).Count.ShouldBe(15);
        CountyCode.InUse(2020).Count.ShouldBe(11);
        CountyCode.InUse(2017).Count.ShouldBe(19);
        MunicipalityCode.InUse(2020).Count.ShouldBe(356);
        MunicipalityCode.InUse(2019).Count.ShouldBe(422);
    }

    [Theory]
    [InlineData("0301", "Oslo", "03", "Oslo")]
    [InlineData("3101", "Halden", "31", "Østfold")]
    [InlineData("0101", "Halden", "01", "Østfold")]
    [InlineData("3901", "Horten", "39", "Vestfold")]
    [InlineData("5001", "Trondheim", "50", "Trøndelag")]
    public void A_code_knows_its_names(string text, string name, string county, string countyName)
    {
        var code = MunicipalityCode.Parse(text);

        code.ToString().ShouldBe(text);
        code.Name.ShouldBe(name);
        code.County.ShouldBe(CountyCode.Parse(county));
        CountyCode.Parse(county).Name.ShouldBe(countyName);
    }

    [Theory]
    [InlineData("2100")]
    [InlineData("2211")]
    [InlineData("2311")]
    [InlineData("2321")]
    [InlineData("9000")]
    [InlineData("9900")]
    [InlineData("9999")]
    public void Special_codes_stay_outside_the_counties(string text)
    {
        var code = MunicipalityCode.Parse(text);

        code.IsSpecial.ShouldBeTrue();
        code.County.ShouldBeNull();
        code.MapTo(2024).ShouldBe([code]);
        MunicipalityCode.InUse(2024).ShouldNotContain(code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("301")]
    [InlineData("00301")]
    [InlineData("0000")]
    [InlineData("4321")]
    [InlineData("03 1")]
    [InlineData("０３０１")]
    public void What_is_no_municipality_is_refused(string text)
    {
        MunicipalityCode.TryParse(text, out var code).ShouldBeFalse();
        MunicipalityCode.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

        code.ShouldBe(default);
    }

    [Fact]
    public void A_lost_leading_zero_comes_back()
    {
        MunicipalityCode.TryFromNumber(301, out var oslo).ShouldBeTrue();
        UrbanDistrictCode.TryFromNumber(30112, out var alna).ShouldBeTrue();
        MunicipalityCode.TryFromNumber(-301, out _).ShouldBeFalse();
        MunicipalityCode.TryFromNumber(65_837, out _).ShouldBeFalse();

        oslo.ToString().ShouldBe("0301");
        alna.ToString().ShouldBe("030112");
        alna.Municipality.ShouldBe(oslo);
    }

    [Fact]
    public void A_divided_municipality_maps_to_its_parts()
    {
        Map("1507", 2024).ShouldBe(["1508", "1580"]);
        Map("1850", 2020).ShouldBe(["1806", "1875"]);
        Map("1504", 2024).ShouldBe(["1508", "1580"]);
        Map("1613", 2017).ShouldBe(["1613"]);
        Map("1613", 2019).ShouldBe(["5012"]);
        Map("1613", 2024).ShouldBe(["5055", "5056", "5059"]);
        Map("5055", 2019).ShouldBeEmpty();
    }

    [Fact]
    public void A_municipality_that_took_others_in_goes_on()
    {
        var stavanger = MunicipalityCode.Parse("1103");

        stavanger.IsInUse(1987).ShouldBeTrue();
        stavanger.IsInUse(2026).ShouldBeTrue();
        Map("1141", 2020).ShouldBe(["1103"]);
        MunicipalityCode.Parse("1141").LastYear.ShouldBe(2019);
        MunicipalityCode.Parse("5501").IsInUse(2023).ShouldBeFalse();
    }

    [Fact]
    public void Districts_follow_their_municipality()
    {
        UrbanDistrictCode.All.Count.ShouldBe(38);
        UrbanDistrictCode.Parse("120107").MapTo(2020).ShouldBe(UrbanDistrictCode.Parse("460107"));
        UrbanDistrictCode.Parse("160101").Name.ShouldBe("Midtbyen");
        UrbanDistrictCode.Parse("160120").Name.ShouldBeNull();
        UrbanDistrictCode.Parse("030199").IsUnknown.ShouldBeTrue();
        UrbanDistrictCode.TryParse("030100", out _).ShouldBeFalse();
        UrbanDistrictCode.TryParse("310101", out _).ShouldBeFalse();
        UrbanDistrictCode.TryParse("30112", out _).ShouldBeFalse();
    }

    [Fact]
    public void Every_change_since_1988_is_here()
    {
        var changes = SharedTable.Read(Repository.Oracle("reference-data", "municipality-changes.csv"))
            .GroupBy(row => (Year: int.Parse(row["valid_from_year"]), Old: row["old_code"])).ToList();

        foreach (var change in changes)
        {
            var (year, old) = (change.Key.Year, MunicipalityCode.Parse(change.Key.Old));
            old.IsInUse(year - 1).ShouldBeTrue();
            old.IsInUse(year).ShouldBeFalse();
            Map(change.Key.Old, year).ShouldBe(change.Select(row => row["new_code"]).Distinct(), ignoreOrder: true);
        }

        changes.Count.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Every_code_ends_in_the_borders_that_the_redistricting_table_says()
    {
        var rows = SharedTable.Read(Repository.Oracle("reference-data", "geo-redistricting-to-2024.csv"))
            .Where(row => row["granularity"] == "municip" && int.Parse(row["year_to"]) >= 1988)
            .Where(row => MunicipalityCode.TryParse(row["original_code"], out _))
            .GroupBy(row => row["original_code"]).ToList();

        foreach (var row in rows)
            Map(row.Key, 2024).ShouldBe(
                row.Select(target => target["current_2024_code"]).Distinct(), ignoreOrder: true, row.Key);
        rows.Count.ShouldBeGreaterThan(800);
    }

    [Fact]
    public void Names_are_those_of_the_shared_tables()
    {
        foreach (var row in SharedTable.Read(Repository.Oracle("reference-data", "municipalities-2024.csv")))
        {
            var code = MunicipalityCode.Parse(row["code"]);
            code.IsInUse(2024).ShouldBeTrue();
            row["name"].ShouldStartWith(code.Name);
            code.County!.Value.Name.ShouldBe(row["county_name"]);
        }

        foreach (var row in SharedTable.Read(Repository.Oracle("reference-data", "urban-districts.csv")))
            UrbanDistrictCode.Parse(row["code"]).Name.ShouldBe(row["name"]);
    }

    private static IEnumerable<string> Map(string code, int year) =>
        MunicipalityCode.Parse(code).MapTo(year).Select(part => part.ToString());
}
