using System.Text;
using Kilde.Testing;

namespace Kilde.Kernel.Tests;

public class PersonIdentifierTests
{
    [Theory]
    [InlineData("02813299952", PersonIdentifierKind.NationalIdentityNumber, SyntheticMarker.Tenor80)]
    [InlineData("02813299960", PersonIdentifierKind.NationalIdentityNumber, SyntheticMarker.Tenor80)]
    [InlineData("02813299979", PersonIdentifierKind.NationalIdentityNumber, SyntheticMarker.Tenor80)]
    [InlineData("02813299987", PersonIdentifierKind.NationalIdentityNumber, SyntheticMarker.Tenor80)]
    [InlineData("41819077906", PersonIdentifierKind.DNumber, SyntheticMarker.Tenor80)]
    [InlineData("14437574961", PersonIdentifierKind.NationalIdentityNumber, SyntheticMarker.Dolly40)]
    [InlineData("54687574578", PersonIdentifierKind.DNumber, SyntheticMarker.SyntPop65)]
    [InlineData("81212121223", PersonIdentifierKind.SharedHelpNumber, SyntheticMarker.None)]
    [InlineData("190100000110", PersonIdentifierKind.DufNumber, SyntheticMarker.None)]
    public void A_number_tells_its_series_and_marker(string text, PersonIdentifierKind kind, SyntheticMarker marker)
    {
        PersonIdentifier.TryParse(text, out var identifier).ShouldBeTrue();

        identifier.Kind.ShouldBe(kind);
        identifier.Marker.ShouldBe(marker);
        identifier.ControlDigitsHold.ShouldBeTrue();
        identifier.Reveal().ShouldBe(text);
    }

    [Theory]
    [InlineData("00000000000")]
    [InlineData("")]
    [InlineData("2813299952")]
    [InlineData("028132999520")]
    [InlineData(" 02813299952")]
    [InlineData("0281329995 ")]
    [InlineData("0281329995A")]
    [InlineData("028132-99952")]
    [InlineData("٠٢٨١٣٢٩٩٩٥٢")]
    [InlineData("０２８１３２９９９５２")]
    [InlineData("0281329995²")]
    [InlineData("00810299819")]
    [InlineData("01800299949")]
    [InlineData("01930299967")]
    [InlineData("30820299902")]
    [InlineData("29820199942")]
    [InlineData("72810299984")]
    public void What_is_nearly_a_number_is_refused(string text)
    {
        PersonIdentifier.TryParse(text, out var identifier).ShouldBeFalse();
        PersonIdentifier.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

        identifier.ShouldBe(default);
    }

    [Fact]
    public void Leap_day_of_year_00_is_a_date_since_the_century_is_unknown()
    {
        PersonIdentifier.TryParse(SyntheticNumber.Make(day: 29, month: 82, year: 0), out _).ShouldBeTrue();
    }

    [Fact]
    public void Month_plus_40_is_synthetic_unless_the_message_says_help_number()
    {
        PersonIdentifier.TryParse("14437574961", out var untold).ShouldBeTrue();
        PersonIdentifier.TryParse("14437574961", PersonIdentifierKind.HNumber, out var told).ShouldBeTrue();

        untold.Marker.ShouldBe(SyntheticMarker.Dolly40);
        told.Kind.ShouldBe(PersonIdentifierKind.HNumber);
        told.Marker.ShouldBe(SyntheticMarker.None);
        told.ShouldNotBe(untold);
    }

    [Theory]
    [InlineData("14437574962", PersonIdentifierKind.HNumber)]
    [InlineData("81212121224", PersonIdentifierKind.HNumber)]
    [InlineData("201258697561", PersonIdentifierKind.DufNumber)]
    public void Wrong_control_digits_of_help_and_duf_numbers_are_told_and_not_refused(
        string text, PersonIdentifierKind kind)
    {
        PersonIdentifier.TryParse(text, kind, out var identifier).ShouldBeTrue();

        identifier.ControlDigitsHold.ShouldBeFalse();
        identifier.Reveal().ShouldBe(text);
    }

    [Theory]
    [InlineData("02813299952", PersonIdentifierKind.DNumber)]
    [InlineData("41819077906", PersonIdentifierKind.NationalIdentityNumber)]
    [InlineData("02813299952", PersonIdentifierKind.HNumber)]
    [InlineData("81212121223", PersonIdentifierKind.NationalIdentityNumber)]
    [InlineData("02813299952", PersonIdentifierKind.DufNumber)]
    [InlineData("190100000110", PersonIdentifierKind.NationalIdentityNumber)]
    public void A_number_of_another_kind_than_told_is_refused(string text, PersonIdentifierKind kind) =>
        PersonIdentifier.TryParse(text, kind, out _).ShouldBeFalse();

    [Fact]
    public void A_lost_leading_zero_comes_back()
    {
        PersonIdentifier.TryFromNumber(2813299952, out var identifier).ShouldBeTrue();

        identifier.Reveal().ShouldBe("02813299952");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2813299952)]
    [InlineData(281329995)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(1_000_000_000_000)]
    public void A_number_that_is_no_identifier_is_refused(long number) =>
        PersonIdentifier.TryFromNumber(number, out _).ShouldBeFalse();

    [Fact]
    public void The_digits_are_masked_in_text_and_in_records()
    {
        var identifier = PersonIdentifier.Parse("02813299952");

        $"{identifier}".ShouldBe("***********");
        new { identifier }.ToString().ShouldNotBeNull().ShouldNotContain("028132");
        new RowPerson(identifier).ToString().ShouldNotContain("028132");
    }

    [Fact]
    public void Production_refuses_synthetic_numbers_and_test_refuses_real_ones()
    {
        var synthetic = PersonIdentifier.Parse("02813299952");
        var real = PersonIdentifier.Parse("81212121223");

        PersonIdentifierPolicy.Production.TryAdmit(synthetic, out _).ShouldBeFalse();
        PersonIdentifierPolicy.Production.TryAdmit(real, out _).ShouldBeTrue();
        PersonIdentifierPolicy.Test.TryAdmit(synthetic, out _).ShouldBeTrue();
        PersonIdentifierPolicy.Test.TryAdmit(real, out var refused).ShouldBeFalse();
        refused.ShouldBe(default);
        PersonIdentifierPolicy.Everything.TryAdmit(default, out _).ShouldBeFalse();
    }

    [Fact]
    public void Production_reads_month_plus_40_as_a_help_number()
    {
        var dolly = PersonIdentifier.Parse("14437574961");

        PersonIdentifierPolicy.Production.TryAdmit(dolly, out var admitted).ShouldBeTrue();
        admitted.Kind.ShouldBe(PersonIdentifierKind.HNumber);
        PersonIdentifierPolicy.Test.TryAdmit(dolly, out admitted).ShouldBeTrue();
        admitted.ShouldBe(dolly);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var text = "02813299952";
        ReadThousand(text);

        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadThousand(text);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Every_shared_vector_reads_as_it_says()
    {
        var rows = SharedTable.Read(Repository.Oracle("reference-data", "identity-test-vectors.csv"));
        var persons = rows
            .Where(row => row["kind"] is not "organisasjonsnummer" && !row["value"].Contains('?')).ToList();

        foreach (var row in persons)
        {
            var isExpected = row["expected_2032_rule"] == "valid" || row["kind"] is "FH-nummer" or "DUF-nummer";
            PersonIdentifier.TryParse(row["value"], out var identifier).ShouldBe(isExpected, row["note"]);
            if (!isExpected) continue;
            identifier.ControlDigitsHold.ShouldBe(row["expected_1964_rule"] != "format only", row["note"]);
            if (row["synthetic_marker"].StartsWith("tenor", StringComparison.Ordinal))
                identifier.Marker.ShouldBe(SyntheticMarker.Tenor80);
            if (row["expected_2032_rule"] == "valid")
            {
                var digits = row["value"].Select(digit => (byte)(digit - '0')).ToArray();
                ControlDigits.HoldBy1964(digits).ShouldBe(row["expected_1964_rule"] == "valid", row["note"]);
            }
        }

        persons.Count.ShouldBeGreaterThan(150);
    }

    private static void ReadThousand(string text)
    {
        Span<byte> utf8 = stackalloc byte[12];
        for (var i = 0; i < 1000; i++)
        {
            if (!PersonIdentifier.TryParse(text, out var identifier)) return;
            var written = identifier.Reveal(utf8);
            if (!PersonIdentifier.TryParse(utf8[..written], out _)) return;
        }
    }
}
