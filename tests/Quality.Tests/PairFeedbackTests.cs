using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Quality.Tests;

/// <summary>How identities and activity meet is told with the half that comes last (R3.07).</summary>
public class PairFeedbackTests(PostgresServer postgres)
{
    private static readonly PairCounts Met = new(WithoutActivity: 40, ActivityWithoutIdentity: 5) { Active = 7_993 };
    private static readonly FeedbackCase Identities = Cases.Identities with { Pair = null };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Identities_that_come_first_are_told_of_and_again_when_the_activity_has_come()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        quality.Counts.Pair = Met;

        await quality.RecordAsync(Identities);
        await quality.RecordAsync(Cases.Activity);

        (await KindsAsync(quality, Identities)).ShouldBe([FeedbackKind.Identity]);
        (await KindsAsync(quality, Cases.Activity)).ShouldBe([FeedbackKind.Identity, FeedbackKind.Activity]);
        (await PairsAsync(quality)).ShouldBe([("NPR_IDE", null, null), ("NPR_ORD", 40, 5)]);
    }

    [Fact]
    public async Task Activity_that_comes_first_is_told_of_in_the_report_of_the_identities()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        quality.Counts.Pair = Met;

        await quality.RecordAsync(Cases.Activity);
        await quality.RecordAsync(Identities);

        (await KindsAsync(quality, Cases.Activity)).ShouldBe([FeedbackKind.Activity]);
        (await KindsAsync(quality, Identities)).ShouldBe([FeedbackKind.Identity]);
        (await PairsAsync(quality)).ShouldBe([("NPR_IDE", 40, 5), ("NPR_ORD", null, null)]);
    }

    [Fact]
    public async Task Halves_that_reach_to_different_days_are_not_held_against_each_other()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        quality.Counts.Pair = Met;
        var later = Cases.Activity.Message with
        {
            To = new DateOnly(2026, 8, 31), ExtractedOn = new DateOnly(2026, 9, 7),
        };

        await quality.RecordAsync(Cases.Activity);
        await quality.RecordAsync(Identities with { Message = later with { Type = "NPR_IDE" } });
        var whole = Cases.Activity with { SubmissionId = Guid.CreateVersion7(), Message = later };
        await quality.RecordAsync(whole);

        (await PairsAsync(quality)).ShouldBe(
            [("NPR_IDE", null, null), ("NPR_ORD", null, null), ("NPR_ORD", 40, 5)], ignoreOrder: true);
        (await KindsAsync(quality, whole)).ShouldContain(FeedbackKind.Identity);
    }

    [Fact]
    public async Task Half_of_another_unit_or_one_that_was_refused_makes_no_pair()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        quality.Counts.Pair = Met;
        await quality.RecordAsync(Identities with { Unit = Cases.OtherUnit });
        await quality.RecordAsync(Cases.Refused with { Message = Identities.Message });

        await quality.RecordAsync(Cases.Activity);

        (await KindsAsync(quality, Cases.Activity)).ShouldBe([FeedbackKind.Activity]);
    }

    [Fact]
    public void The_report_of_activity_tells_of_the_identities_that_came_before()
    {
        var subject = Cases.Activity with { Pair = Met with { Identities = Identities.Identities } };

        var page = IdentityReport.Write(subject, ReportTexts.In("nb"));

        page.ShouldContain("7&#xA0;912");
        page.ShouldContain("NPR_ORD");
        page.ShouldContain("<td class=\"number\">40</td><td class=\"number\">0,5&#xA0;%</td>");
        page.ShouldNotContain("Ikke talt ennå");
    }

    [Fact]
    public void Activity_without_identity_is_a_share_of_the_activity()
    {
        var half = Identities with
        {
            Identities = new IdentityCounts(Valid: 100, Unknown: 0, Duplicates: 0),
            Pair = new PairCounts(WithoutActivity: 0, ActivityWithoutIdentity: 300) { Active = 400 },
        };

        IdentityReport.Write(half, ReportTexts.In("nb"))
            .ShouldContain("<td class=\"number\">300</td><td class=\"number\">75,0&#xA0;%</td>");
    }

    private static async Task<IEnumerable<FeedbackKind>> KindsAsync(TestQuality quality, FeedbackCase subject) =>
        (await quality.Feedback.FindAsync(new(subject.Unit), 10, Cancellation))
        .Single(line => line.SubmissionId == subject.SubmissionId).Feedback.Select(feedback => feedback.Kind).Order();

    private static Task<IReadOnlyList<(string, int?, int?)>> PairsAsync(TestQuality quality) =>
        quality.QueryAsync<(string, int?, int?)>(
            """
            select message_type, identities_without_activity, activity_without_identity
            from quality.submission order by message_type, submission_id
            """);
}
