using System.Text;
using Kilde.Testing;

namespace Kilde.Kernel.Tests;

public class OrganizationNumberTests
{
    [Theory]
    [InlineData("983744516", false)]
    [InlineData("883658752", false)]
    [InlineData("312701103", true)]
    public void A_number_is_read_and_written_unchanged(string text, bool isSynthetic)
    {
        OrganizationNumber.TryParse(text, out var number).ShouldBeTrue();
        OrganizationNumber.TryParse(Encoding.UTF8.GetBytes(text), out var fromUtf8).ShouldBeTrue();
        OrganizationNumber.TryFromNumber(long.Parse(text), out var fromNumber).ShouldBeTrue();

        number.ToString().ShouldBe(text);
        number.IsSynthetic.ShouldBe(isSynthetic);
        fromUtf8.ShouldBe(number);
        fromNumber.ShouldBe(number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("000000000")]
    [InlineData("98374451")]
    [InlineData("9837445160")]
    [InlineData("983744517")]
    [InlineData("978296296")]
    [InlineData("983 744 516")]
    [InlineData("98374451６")]
    [InlineData("utenbys")]
    [InlineData("777777777")]
    [InlineData("809999999")]
    [InlineData("400000008")]
    public void What_is_nearly_a_number_is_refused(string text)
    {
        OrganizationNumber.TryParse(text, out var number).ShouldBeFalse();
        OrganizationNumber.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

        number.ShouldBe(default);
    }

    [Fact]
    public void The_vendors_number_is_for_validation_only()
    {
        OrganizationNumber.TryParseForValidation("777777777", out var number).ShouldBeTrue();

        number.ShouldBe(OrganizationNumber.ValidationOnly);
        OrganizationNumber.TryFromNumber(777_777_777, out _).ShouldBeFalse();
        OrganizationNumber.TryParseForValidation("983744516", out _).ShouldBeTrue();
        OrganizationNumber.TryParseForValidation("777777778", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("983744516", true, false)]
    [InlineData("9837445160", true, true)]
    [InlineData("9837445161", false, false)]
    [InlineData("9782962960", false, true)]
    [InlineData("98374451600", false, false)]
    public void A_part_of_a_unit_has_a_trailing_zero(string text, bool isRead, bool isPart)
    {
        OrganizationNumber.TryParseSubUnitForm(text, out var number, out var part).ShouldBe(isRead);

        part.ShouldBe(isPart);
        if (isRead) number.ToString().ShouldBe("983744516");
    }

    [Fact]
    public void Any_single_wrong_digit_is_caught()
    {
        const string sound = "312701103";
        foreach (var place in Enumerable.Range(0, 9))
            foreach (var digit in "0123456789".Where(digit => digit != sound[place]))
                OrganizationNumber.TryParse($"{sound[..place]}{digit}{sound[(place + 1)..]}", out _).ShouldBeFalse();
    }

    [Fact]
    public void The_control_digit_completes_eight_digits()
    {
        OrganizationNumber.ControlDigitOf(31270110).ShouldBe(3);
        Enumerable.Range(31_000_000, 1000).ShouldContain(first => OrganizationNumber.ControlDigitOf(first) == null);
    }

    [Fact]
    public void Every_shared_vector_reads_as_it_says()
    {
        var rows = SharedTable.Read(Repository.Oracle("reference-data", "identity-test-vectors.csv"))
            .Where(row => row["kind"] == "organisasjonsnummer").ToList();

        foreach (var row in rows)
            OrganizationNumber.TryParse(row["value"], out _)
                .ShouldBe(row["expected_1964_rule"] == "valid", row["note"]);
        rows.Count.ShouldBe(10);
    }
}
