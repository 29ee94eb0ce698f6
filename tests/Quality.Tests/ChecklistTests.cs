using System.Globalization;
using Kilde.Kernel;
using Kilde.Quality.SignOffs;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Quality.Tests;

/// <summary>What a sender is asked to look at before it signs a year.</summary>
public class ChecklistTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task A_contact_is_missed_only_where_feedback_goes_to_contacts(bool getsReports, int missed)
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await quality.RecordAsync(Cases.Activity with { GetsReports = getsReports, Contacts = [] });
        DataYear.TryFrom(2026, out var year);

        var read = await quality.Get<ReadYear>().ReadAsync(Cases.Unit, year, TestContext.Current.CancellationToken);

        read.SubmissionCount.ShouldBe(1);
        var remarks = read.Checklist.Single(item => item.Heading.Kind == ChecklistKind.Contacts).Remarks;
        remarks.Count.ShouldBe(missed);
        remarks.ShouldAllBe(remark => remark.Nn!.Contains("av type 16 «Kontakt for IPLOS»", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2026-12-31T22:59:00Z", 2026)]
    [InlineData("2026-12-31T23:00:00Z", 2027)]
    public async Task What_tells_no_day_is_of_the_year_it_is_in_Norway_when_it_comes(string receivedAt, int expected)
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await quality.RecordAsync(Cases.Activity with
        {
            ReceivedAt = DateTimeOffset.Parse(receivedAt, CultureInfo.InvariantCulture),
            Message = Cases.Activity.Message with { From = null, To = null, ExtractedOn = null },
        });
        var read = quality.Get<ReadYear>();
        DataYear.TryFrom(expected, out var year);

        (await read.YearsAsync(Cases.Unit, TestContext.Current.CancellationToken))
            .ShouldHaveSingleItem().Year.ShouldBe(expected);
        (await read.ReadAsync(Cases.Unit, year, TestContext.Current.CancellationToken)).SubmissionCount.ShouldBe(1);
    }
}
