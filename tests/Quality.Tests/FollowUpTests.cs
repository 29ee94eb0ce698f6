using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Quality.FollowUps;
using Kilde.Quality.SignOffs;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Quality.Tests;

/// <summary>Whom staff ought to call, and what they have done about it.</summary>
public class FollowUpTests(PostgresServer postgres)
{
    private static readonly FollowUpActor Staff = new(new AccessGround(new Actor("user", "r1"), "follow-up"), "Randi");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_errors_among_few_records_is_a_reason_and_few_among_many_is_none()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await quality.RecordAsync(Cases.WithContentErrors);
        (await FindAsync(quality)).ShouldBeEmpty();

        await quality.RecordAsync(Cases.WithContentErrors with
        {
            SubmissionId = Guid.CreateVersion7(), Unit = Cases.OtherUnit,
            Message = Cases.WithContentErrors.Message with { Records = 2_500 },
        });

        var found = (await FindAsync(quality)).ShouldHaveSingleItem();
        (found.Unit, found.Reason).ShouldBe((Cases.OtherUnit, FollowUpReason.InvalidRows));
        found.Detail.ShouldBe(new ShortfallDetail.Invalid(125, 2_500, 90));
    }

    [Fact]
    public async Task Last_year_is_to_be_signed_and_again_when_data_come_after()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        var year = Cases.Activity with
        {
            Message = Cases.Activity.Message with { From = new DateOnly(2025, 1, 1), To = new DateOnly(2025, 12, 31) },
        };
        await quality.RecordAsync(year);
        (await FindAsync(quality)).ShouldHaveSingleItem().Detail
            .ShouldBe(new ShortfallDetail.UnsignedYear(DataYear.Parse("2025"), IsChanged: false));

        await quality.Get<SignOff>().SignAsync(
            Cases.Unit, DataYear.Parse("2025"), said: null, new Signer(Staff.Ground, "Sander"), Cancellation);
        (await FindAsync(quality)).ShouldBeEmpty();

        await quality.RecordAsync(year with
        {
            SubmissionId = Guid.CreateVersion7(), FinishedAt = quality.Clock.GetUtcNow().AddHours(1),
        });
        (await FindAsync(quality)).ShouldHaveSingleItem().Detail
            .ShouldBe(new ShortfallDetail.UnsignedYear(DataYear.Parse("2025"), IsChanged: true));
    }

    [Fact]
    public async Task What_is_done_is_done_until_the_reason_arises_anew()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        var act = quality.Get<RecordFollowUp>();
        var now = quality.Clock.GetUtcNow();
        var shortfall = new Shortfall(
            Cases.Unit, "Nordvika", new ShortfallDetail.Overdue(["NPR_ORD"], 1), now.AddDays(-9), now.AddDays(-2));

        await ActAsync(FollowUpKind.Taken);
        (await LineAsync()).State!.OwnerName.ShouldBe("Randi");
        await ActAsync(FollowUpKind.Done);
        (await LineAsync()).IsDone.ShouldBeTrue();
        FollowUpLine.Of([shortfall with { NewestAt = now.AddDays(1) }], await StatesAsync())[0].IsDone.ShouldBeFalse();
        await ActAsync(FollowUpKind.Undone, "Kom ikke");
        (await LineAsync()).IsDone.ShouldBeFalse();
        await ActAsync(FollowUpKind.Released);
        (await LineAsync()).State!.OwnerId.ShouldBeNull();

        (await quality.Get<FindFollowUps>().HistoryAsync(Cases.Unit, Cancellation))
            .Select(each => (each.Kind, each.Note))
            .ShouldBe(
            [
                (FollowUpKind.Released, null), (FollowUpKind.Undone, "Kom ikke"), (FollowUpKind.Done, null),
                (FollowUpKind.Taken, null),
            ]);
        await Should.ThrowAsync<ArgumentException>(() => ActAsync(FollowUpKind.Noted, "Gjelder 41819099934"));

        Task ActAsync(FollowUpKind kind, string? note = null) =>
            act.ActAsync(Cases.Unit, FollowUpReason.Late, kind, note, Staff, Cancellation);
        Task<IReadOnlyList<FollowUpState>> StatesAsync() =>
            quality.Get<FindFollowUps>().StatesAsync(Cancellation);
        async Task<FollowUpLine> LineAsync() => FollowUpLine.Of([shortfall], await StatesAsync())[0];
    }

    private static Task<IReadOnlyList<Shortfall>> FindAsync(TestQuality quality) =>
        quality.Get<FindShortfalls>().FindAsync(Cancellation);
}
