namespace Kilde.Kernel.Tests;

public class SmallWordsTests
{
    [Theory]
    [InlineData("7654321", 7654321)]
    [InlineData("007654321", 7654321)]
    [InlineData("1", 1)]
    public void Padding_of_an_hpr_number_means_nothing(string text, int number)
    {
        var hpr = HprNumber.Parse(text);

        hpr.Number.ShouldBe(number);
        hpr.ToPaddedString().ShouldBe(number.ToString("D9"));
        HprNumber.Parse(hpr.ToPaddedString()).ShouldBe(hpr);
        HprNumber.Parse(hpr.ToString()).ShouldBe(hpr);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("000000000")]
    [InlineData("1234567890")]
    [InlineData("-1")]
    [InlineData("12a")]
    [InlineData("１２")]
    public void What_is_no_running_number_is_refused(string text)
    {
        HprNumber.TryParse(text, out _).ShouldBeFalse();
        HerId.TryParse(text, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_her_id_is_written_as_it_is_read() => HerId.Parse("8139520").ToString().ShouldBe("8139520");

    [Theory]
    [InlineData("3015")]
    [InlineData("1979")]
    [InlineData("26")]
    [InlineData("2026 ")]
    public void What_is_no_data_year_is_refused(string text) => DataYear.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_tertial_is_four_months()
    {
        var first = Tertial.Parse("2024T1");

        first.FirstDay.ShouldBe(new DateOnly(2024, 1, 1));
        first.LastDay.ShouldBe(new DateOnly(2024, 4, 30));
        first.Previous.ToString().ShouldBe("2023T3");
        first.Next.LastDay.ShouldBe(new DateOnly(2024, 8, 31));
        (first < first.Next).ShouldBeTrue();
        Tertial.TryParse("2024T4", out _).ShouldBeFalse();
        Tertial.TryParse("2024-1", out _).ShouldBeFalse();
    }

    [Fact]
    public void Every_day_lies_in_the_tertial_it_belongs_to()
    {
        for (var day = new DateOnly(2023, 12, 1); day.Year < 2026; day = day.AddDays(1))
        {
            Tertial.Of(day).Includes(day).ShouldBeTrue();
            DataYear.Of(day).Includes(day).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_code_keeps_its_case_and_its_zeros()
    {
        CodeValue.Parse("ICD-10:I21.9a").ShouldBe(new CodeValue("ICD-10", "I21.9a"));
        CodeValue.Parse("ICD-10:I21.9a").ShouldNotBe(new CodeValue("ICD-10", "I21.9A"));
        CodeValue.Parse("3402:0301").ToString().ShouldBe("3402:0301");
        CodeValue.TryParse("3402", out _).ShouldBeFalse();
        CodeValue.TryParse(":1", out _).ShouldBeFalse();
        CodeValue.TryParse("8406:", out _).ShouldBeFalse();
    }

    [Fact]
    public void Validity_includes_both_its_ends()
    {
        var year = Validity.Of(DataYear.Parse("2024"));

        year.Includes(new DateOnly(2024, 1, 1)).ShouldBeTrue();
        year.Includes(new DateOnly(2024, 12, 31)).ShouldBeTrue();
        year.Includes(new DateOnly(2025, 1, 1)).ShouldBeFalse();
        year.Overlaps(Validity.Always).ShouldBeTrue();
        year.Overlaps(Validity.Of(DataYear.Parse("2025"))).ShouldBeFalse();
    }

    [Theory]
    [InlineData("14837574944", 1875, false, NumberAgreement.Agrees)]
    [InlineData("31923949634", 1939, true, NumberAgreement.Agrees)]
    [InlineData("08854590090", 1945, true, NumberAgreement.Agrees)]
    [InlineData("08854590090", 2045, true, NumberAgreement.BirthYearDiffers)]
    [InlineData("08854590090", 1945, false, NumberAgreement.SexDiffers)]
    [InlineData("08854590090", null, null, NumberAgreement.NotComparable)]
    [InlineData("02813299960", 2032, true, NumberAgreement.NotComparable)]
    [InlineData("81212121223", 1921, true, NumberAgreement.NotComparable)]
    public void A_number_is_compared_only_where_the_old_rule_holds(
        string text, int? birthYear, bool? isFemale, NumberAgreement agreement) =>
        NumberQualityCheck.Compare(PersonIdentifier.Parse(text), birthYear, isFemale).ShouldBe(agreement);
}
