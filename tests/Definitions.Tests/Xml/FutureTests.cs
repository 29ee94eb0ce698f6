using System.Text;
using Kilde.Definitions.Publishing;
using Kilde.Definitions.Reading;
using Kilde.Definitions.Tests.Rules;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>What a message says of days that had not come when it came.</summary>
public class FutureTests
{
    private static readonly DateOnly Received = new(2019, 9, 5);

    private static string Activity => new OrdMessage().Add("E1").ToString();

    private static string Centre { get; } = ExampleXml.Of(Kit.Catalogue.Find("KPR_HST", "56.0.0")!);

    [Theory]
    [InlineData("2019-09-05", true)]
    [InlineData("2019-09-06", true)]
    [InlineData("2019-09-07", false)]
    [InlineData("2091-05-03", false)]
    public void An_extraction_is_of_the_day_of_receipt_or_before_give_or_take_a_clock(string day, bool isTaken)
    {
        var outcome = Read(Activity.Replace("uttakDato=\"2019-09-03\"", $"uttakDato=\"{day}\""), Received);

        outcome.IsAccepted.ShouldBe(isTaken);
        if (isTaken) return;
        var told = outcome.Findings.Single(finding => finding.RuleId == "INN-014");
        told.Severity.ShouldBe(Severity.Error);
        told.Path.ShouldStartWith("/Melding/@uttakDato");
        told.Text.ShouldContain("2019-09-06");
    }

    [Theory]
    [InlineData(2019, "2026-03-02", true)]
    [InlineData(2026, "2026-03-02", true)]
    [InlineData(2027, "2026-03-02", false)]
    [InlineData(2027, "2026-12-31", true)]
    [InlineData(2090, "2026-03-02", false)]
    public void A_version_without_a_last_year_ends_with_the_year_of_receipt(int year, string received, bool isTaken)
    {
        var day = DateOnly.Parse(received);
        var message = Activity.Replace("uttakDato=\"2019-09-03\"", $"uttakDato=\"{received}\"")
            .Replace("fraDatoPeriode=\"2019", $"fraDatoPeriode=\"{year}")
            .Replace("tilDatoPeriode=\"2019", $"tilDatoPeriode=\"{year}");

        var outcome = Read(message, day);

        outcome.IsAccepted.ShouldBe(isTaken);
        var told = outcome.Findings.Where(finding => finding.RuleId == "INN-013").ToList();
        told.Count.ShouldBe(isTaken ? 0 : 1);
        if (!isTaken) told[0].Text.ShouldContain("2019–2026");
    }

    // A message of single events tells a period, and holds events of any day.
    [Theory]
    [InlineData("2150-01-03T11:00:00")]
    [InlineData("0219-01-03T11:00:00")]
    [InlineData("2020-12-31T11:00:00")]
    public void Each_event_is_of_a_year_that_its_version_takes(string start)
    {
        Read(Starting("2021-01-03T11:00:00"), new DateOnly(2022, 2, 1)).IsAccepted.ShouldBeTrue();

        var outcome = Read(Starting(start), new DateOnly(2022, 2, 1));

        outcome.IsAccepted.ShouldBeFalse();
        outcome.Findings.ShouldContain(finding => finding.RuleId == "INN-013" && finding.Path.Contains("Konsultasjon"));
    }

    [Theory]
    [InlineData("2022-01-10T11:00:00", 0)]
    [InlineData("2022-01-11T11:00:00", 1)]
    public void A_consultation_after_the_extraction_is_told(string start, int told)
    {
        Centre.ShouldContain("uttakDato=\"2022-01-10\"");

        var outcome = Read(Starting(start), new DateOnly(2022, 2, 1));

        outcome.IsAccepted.ShouldBeTrue(string.Join('\n', outcome.Findings));
        outcome.Findings.Count(finding => finding.RuleId == "KPR-HST-004").ShouldBe(told);
    }

    private static string Starting(string at)
    {
        var begin = Centre.IndexOf("datoTidStart=\"", StringComparison.Ordinal) + "datoTidStart=\"".Length;
        return $"{Centre[..begin]}{at}{Centre[Centre.IndexOf('"', begin)..]}";
    }

    private static MessageOutcome Read(string message, DateOnly received)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(message));
        using var reading = Kit.Catalogue.OpenXml(content, Kit.Options with { ReceivedOn = received }).Reading!;
        return reading.ReadToEnd();
    }
}
