using Kilde.Audit;
using Kilde.Quality.Checks;
using Kilde.Quality.Figures;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Figures;

/// <summary>Whom a check that holds out has found is not counted before someone has decided (R7.24).</summary>
public sealed class HeldOutTests(PostgresServer postgres)
{
    private static readonly AccessGround Ground = new(new Actor("user", "staff-1"), "prøve");

    [Fact]
    public async Task A_person_is_held_out_of_figures_until_staff_accept_or_data_are_mended()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var answers = register.Get<AnswerFinding>();
        await register.TakeInHoursAsync(20);
        (await CountAsync(register)).ShouldBe([1]);

        await register.TakeInHoursAsync(130);
        (await CountAsync(register)).ShouldBeEmpty("the finding stands and nobody has decided");
        var found = (await register.Get<FindFindings>().FindAsync(new FindingFilter(Sender), 10, Cancellation))
            .ShouldHaveSingleItem();
        await answers.ExplainAsync(found.FindingId, Sender, FindingCause.RealChange, "Rett", Ground, Cancellation);
        (await CountAsync(register)).ShouldBeEmpty("the sender does not decide");

        (await answers.AcceptAsync(found.FindingId, "En virkelig person", Ground, Cancellation)).ShouldBeTrue();
        (await CountAsync(register)).ShouldBe([1]);
        (await answers.ReopenAsync(found.FindingId, Ground, Cancellation)).ShouldBeTrue();
        (await CountAsync(register)).ShouldBeEmpty();

        await register.TakeInHoursAsync(10);
        (await CountAsync(register)).ShouldBe([1]);
    }

    [Fact]
    public async Task Where_nobody_has_come_or_gone_no_turn_waits_for_another_that_counts()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        await register.TakeInHoursAsync(130);
        await CountAsync(register);

        var run = register.Get<RunFigures>();
        await using var counting = await register.HoldAsync("quality.figures");
        (await run.HoldOutAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).ShouldBe(0);
    }

    private static async Task<IReadOnlyList<long>> CountAsync(CheckedRegister register)
    {
        while (await register.Get<FollowFigures>().StepAsync(Cancellation))
        {
        }

        return await register.QueryAsync<long>("select persons from quality.figure_count");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
