using Kilde.Kernel;
using Kilde.Quality.Cases;
using Kilde.Quality.Overview;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Quality.Tests;

public class OverviewTests(PostgresServer postgres)
{
    private static readonly SystemFilter Since = new(Cases.Received.AddDays(-1));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Errors_are_counted_by_vendor_product_and_version()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        var other = Cases.Refused.System with { Version = "8.1.0" };
        await quality.RecordAsync(Cases.WithContentErrors);
        await quality.RecordAsync(Cases.Activity);
        await quality.RecordAsync(Cases.Refused with { System = other });

        var systems = await quality.Get<CountErrors>().BySystemAsync(Since, Cancellation);

        systems.Select(system => (system.Version, system.Submissions, system.Refused, system.ContentErrors))
            .ShouldBe([("8.1.0", 1, 1, 0L), ("8.2.1", 2, 0, 125L)]);
        systems[1].Records.ShouldBe(2 * 12_345);
        systems[0].PerThousand.ShouldBeNull();
        (await quality.Get<CountErrors>().RulesAsync(Since, Cancellation))
            .Where(rule => rule.Version == "8.2.1").Select(rule => (rule.RuleId, rule.Count))
            .ShouldBe([("ORD-014", 124L), ("ORD-031", 2L), ("ORD-040", 1L)]);
    }

    [Fact]
    public async Task A_vendor_is_told_of_what_its_own_token_sent_and_month_by_month()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        var own = Cases.WithContentErrors.System with { VendorNumber = Cases.OtherUnit };
        await quality.RecordAsync(Cases.WithContentErrors with { System = own });
        await quality.RecordAsync(Cases.Refused);
        var filter = new SystemFilter(
            Since.Since, Vendor: Cases.OtherUnit, new SystemName(own.Vendor, own.Product));

        var months = await quality.Get<CountErrors>().ByMonthAsync(filter, Cancellation);

        months.ShouldBe([new SystemMonth(own.Version, new DateOnly(2026, 5, 1), 1, 0, 12_345, 127)]);
        (await quality.Get<CountErrors>().UsersAsync(filter, Cancellation))
            .Select(user => user.Unit).ShouldBe([Cases.Unit.ToString()]);
        (await quality.Get<CountErrors>().BySystemAsync(filter with { Vendor = Cases.ThirdUnit }, Cancellation))
            .ShouldBeEmpty();
        (await quality.Get<CountErrors>().ByMonthAsync(filter with { Vendor = null }, Cancellation))
            .ShouldHaveSingleItem().Submissions.ShouldBe(2);
    }

    [Fact]
    public async Task A_pair_without_its_other_half_comes_first()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await quality.RecordAsync(Cases.Activity);
        await quality.RecordAsync(Cases.Identities);
        await quality.RecordAsync(Cases.Activity with { SubmissionId = Guid.CreateVersion7(), Unit = Cases.OtherUnit });
        await quality.RecordAsync(Cases.Refused with { Message = Cases.Identities.Message, Unit = Cases.OtherUnit });

        var pairs = await quality.Get<FindPairs>().FindAsync(DataYear.Parse("2026"), unit: null, 10, Cancellation);

        pairs.Select(pair => (pair.Unit, pair.IsWhole)).ShouldBe([(Cases.OtherUnit, false), (Cases.Unit, true)]);
        pairs[0].Identities.ShouldBeNull();
        pairs[1].WithoutActivity.ShouldBe(31);
        pairs[1].IsSameExtract.ShouldBeTrue();
        (await quality.Get<FindPairs>().YearsAsync(Cancellation)).ShouldBe([DataYear.Parse("2026")]);
    }

    [Fact]
    public async Task The_outbox_shows_first_what_needs_a_look()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await quality.RecordAsync(Cases.Refused with { Contacts = [Cases.Producer] });

        var lines = await quality.Get<FindOutbox>().FindAsync(state: null, 10, Cancellation);
        var counts = await quality.Get<FindOutbox>().CountAsync(Cases.Received, Cancellation);

        lines.Select(line => line.State)
            .ShouldBe([DeliveryState.Undeliverable, DeliveryState.Waiting, DeliveryState.Waiting]);
        lines[0].Reason.ShouldBe("no_contact");
        counts.ShouldBe(new OutboxCounts(Waiting: 2, Delayed: 0, Sent: 0, Failed: 0, Undeliverable: 1));
    }

    [Fact]
    public async Task A_source_is_followed_from_where_it_was_left_and_a_repeat_does_no_harm()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        var source = new ListSource([Cases.Refused, Cases.Identities, Cases.Activity]);
        var follow = new FollowCases(
            quality.Get<Kilde.Platform.Databases.RegisterDatabase>(), [source], quality.Record,
            Microsoft.Extensions.Options.Options.Create(new QualityOptions { CaseBatchMax = 2 }));
        await quality.RecordAsync(Cases.Identities);

        (await follow.StepAsync(Cancellation)).ShouldBeTrue();
        (await follow.StepAsync(Cancellation)).ShouldBeFalse();
        (await follow.StepAsync(Cancellation)).ShouldBeFalse();

        (await quality.QueryAsync<long>("select count(*) from quality.submission")).ShouldBe([3]);
        source.Asked.ShouldBe([null, "2", "3"]);
    }

    [Fact]
    public async Task What_was_answered_at_once_counts_in_statistics_and_is_not_among_the_feedback()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        FeedbackCase[] answered =
        [
            .. Enumerable.Range(0, 3).Select(_ => Cases.WithContentErrors with
            {
                SubmissionId = Guid.CreateVersion7(), GetsReports = false,
            }),
        ];

        await quality.Record.RecordAnsweredAsync(answered, Cancellation);
        await quality.Record.RecordAnsweredAsync(answered[1..], Cancellation);

        (await quality.Feedback.FindAsync(new(Cases.Unit), 10, Cancellation)).ShouldBeEmpty();
        var system = (await quality.Get<CountErrors>().BySystemAsync(Since, Cancellation))
            .ShouldHaveSingleItem();
        (system.Submissions, system.ContentErrors, system.Warnings).ShouldBe((3, 3 * 125L, 3 * 2L));

        quality.Clock.Advance(TimeSpan.FromDays(401));
        await quality.Get<Kilde.Quality.Sending.RemoveExpired>().StepAsync(Cancellation);
        (await quality.QueryAsync<long>("select count(*) from quality.submission")).ShouldBe([0]);
    }

    private sealed class ListSource(FeedbackCase[] cases) : ICaseSource
    {
        public List<string?> Asked { get; } = [];

        public string Name => "list";

        public Task<CaseBatch> ReadAsync(string? position, int casesMax, CancellationToken cancellation)
        {
            Asked.Add(position);
            var from = position is null ? 0 : int.Parse(position);
            var to = Math.Min(cases.Length, from + casesMax);
            return Task.FromResult(new CaseBatch(
                cases[from..to], to > from ? $"{to}" : null, HasMore: to < cases.Length));
        }
    }
}
