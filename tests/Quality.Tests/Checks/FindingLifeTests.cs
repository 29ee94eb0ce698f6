using Kilde.Audit;
using Kilde.Definitions.Checks;
using Kilde.Kernel;
using Kilde.Quality.Checks;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Checks;

/// <summary>A finding is opened by data, talked about by people, and closed by data.</summary>
public sealed class FindingLifeTests(PostgresServer postgres)
{
    private static readonly AccessGround Ground = new(new Actor("user", "staff-1"), "prøve");

    [Fact]
    public async Task A_finding_is_seen_explained_reopened_by_another_value_and_closed_by_a_right_one()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var answers = register.Get<AnswerFinding>();
        await register.TakeInHoursAsync(130);

        var found = await OnlyAsync(register);
        (found.State, found.Measured).ShouldBe((FindingState.Open, 130m));
        found.Check.Id.ShouldBe(CheckedRegister.HoursPerPerson);
        (await answers.SeeAsync(found.FindingId, Sender, Ground, Cancellation)).ShouldBeTrue();
        (await answers.ExplainAsync(
            found.FindingId, Sender, FindingCause.CleanUp, "Ryddet i gamle vedtak", Ground, Cancellation))
            .ShouldBeTrue();
        (await OnlyAsync(register)).ShouldSatisfyAllConditions(
            each => each.State.ShouldBe(FindingState.Explained),
            each => each.Cause.ShouldBe(FindingCause.CleanUp),
            each => each.Answer.ShouldBe("Ryddet i gamle vedtak"));

        await register.TakeInHoursAsync(140);
        (await OnlyAsync(register)).State.ShouldBe(FindingState.Open, "the value is another than the explained one");
        (await answers.AcceptAsync(found.FindingId, "Kjent", Ground, Cancellation)).ShouldBeTrue();
        await register.TakeInHoursAsync(140);
        (await OnlyAsync(register)).State.ShouldBe(FindingState.Accepted, "the same once more changes nothing");

        await register.TakeInHoursAsync(20);
        (await FindAsync(register, new FindingFilter(Sender))).ShouldBeEmpty();
        var history = (await register.Get<FindFindings>().GetAsync(found.FindingId, Sender, Cancellation))!;
        history.Line.State.ShouldBe(FindingState.Corrected);
        history.History.Select(each => each.Kind).ShouldBe(
            ["opened", "seen", "explained", "changed", "accepted", "corrected"]);
        (await answers.ExplainAsync(found.FindingId, Sender, FindingCause.Other, "For sent", Ground, Cancellation))
            .ShouldBeFalse("what is closed is not answered");

        await register.TakeInHoursAsync(150);
        (await OnlyAsync(register)).FindingId.ShouldNotBe(found.FindingId);
    }

    [Fact]
    public async Task A_finding_is_not_there_for_another_sender_nor_in_the_shadow()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        await register.TakeInHoursAsync(130);
        var found = await OnlyAsync(register);

        (await FindAsync(register, new FindingFilter(Other))).ShouldBeEmpty();
        (await register.Get<FindFindings>().GetAsync(found.FindingId, Other, Cancellation)).ShouldBeNull();
        (await register.Get<FindFindings>().CountAsync(Other, Cancellation)).ShouldAllBe(each => each.Standing == 0);
        (await register.Get<AnswerFinding>().SeeAsync(found.FindingId, Other, Ground, Cancellation)).ShouldBeFalse();
        (await register.Get<AnswerFinding>().ExplainAsync(
            found.FindingId, Other, FindingCause.Other, "Ikke min", Ground, Cancellation)).ShouldBeFalse();

        // A year with none after a year with one is found by the check in the shadow, and shown to staff only.
        var all = await FindAsync(register, new FindingFilter(Unit: null));
        all.Select(each => each.Check.Id).ShouldBe(
            [CheckedRegister.HoursPerPerson, CheckedRegister.RecordsPerYear], ignoreOrder: true);
        (await FindAsync(register, new FindingFilter(Sender))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_limit_is_moved_without_measuring_again()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        await register.TakeInHoursAsync(80);
        (await FindAsync(register, new FindingFilter(Sender))).ShouldBeEmpty();

        // Were anything measured again, it would be seen: the record's table is empty.
        await register.QueryAsync<int>("delete from register.prove_tjeneste returning 1");
        var check = register.CheckOf(CheckedRegister.HoursPerPerson);
        var stricter = await register.Get<SetCheckLimit>().SetAsync(check, "hours", 75, "Prøve", Ground, Cancellation);

        stricter.Opened.ShouldBe(1);
        (await OnlyAsync(register)).Measured.ShouldBe(80);
        var looser = await register.Get<SetCheckLimit>().SetAsync(check, "hours", 90, "Tilbake", Ground, Cancellation);
        looser.Closed.ShouldBe(1);
        (await FindAsync(register, new FindingFilter(Sender, State: FindingState.Withdrawn))).ShouldHaveSingleItem();
        (await register.Get<CheckLimits>().ReadAsync(check, Cancellation)).ShouldHaveSingleItem()
            .Reason.ShouldBe("Tilbake");
        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            register.Get<SetCheckLimit>().SetAsync(check, "hours", 10, "For lavt", Ground, Cancellation));
        (await register.QueryAsync<string>("select action from audit.entry where action = 'check.limit.set'"))
            .Count.ShouldBe(2);
    }

    private static async Task<FindingLine> OnlyAsync(CheckedRegister register) =>
        (await FindAsync(register, new FindingFilter(Sender))).ShouldHaveSingleItem();

    private static Task<IReadOnlyList<FindingLine>> FindAsync(CheckedRegister register, FindingFilter filter) =>
        register.Get<FindFindings>().FindAsync(filter, 100, Cancellation);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
