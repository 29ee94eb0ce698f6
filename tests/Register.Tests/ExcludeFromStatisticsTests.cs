using Dapper;
using Kilde.Kernel;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

public class ExcludeFromStatisticsTests(PostgresServer postgres)
{
    private static readonly DataYear Year = DataYear.Parse("2026");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_marked_year_is_listed_until_the_mark_is_lifted_and_both_are_in_the_log()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);

        var id = await MarkAsync(register);
        var again = await MarkAsync(register);
        var marked = await register.Exclusions.ListAsync(Year, withLifted: false, Cancellation);
        var isLifted = await LiftAsync(register);
        var isLiftedAgain = await LiftAsync(register);

        again.ShouldBeNull();
        var mark = marked.ShouldHaveSingleItem();
        (mark.ExclusionId, mark.Sender, mark.DataYear, mark.MessageType, mark.Rule, mark.ExcludedBy)
            .ShouldBe((id!.Value, "974760673", (short)2026, null, "R3.05", "user:staff-1"));
        (isLifted, isLiftedAgain).ShouldBe((true, false));
        (await register.Exclusions.ListAsync(Year, withLifted: false, Cancellation)).ShouldBeEmpty();
        (await register.Exclusions.ListAsync(null, withLifted: true, Cancellation))
            .ShouldHaveSingleItem().LiftedReason.ShouldBe("Ny fil er kommet");
        (await ActionsAsync(register)).ShouldBe(["register.exclude", "register.lift_exclusion"]);
    }

    [Fact]
    public async Task A_year_can_be_marked_anew_after_a_mark_was_lifted()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await MarkAsync(register);
        await LiftAsync(register);

        (await MarkAsync(register)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("", "R3.05", "Mangler episoder")]
    [InlineData("974760673", " ", "Mangler episoder")]
    [InlineData("974760673", "R3.05", "")]
    public async Task A_mark_needs_unit_rule_and_reason(string sender, string rule, string reason)
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);

        await Should.ThrowAsync<ArgumentException>(() => register.Exclusions.MarkAsync(
            sender, Year, null, rule, reason, WholeRegister.Ground, Cancellation));
    }

    private static Task<Guid?> MarkAsync(WholeRegister register) => register.Exclusions.MarkAsync(
        "974760673", Year, null, "R3.05", "Mangler episoder", WholeRegister.Ground, Cancellation);

    private static Task<bool> LiftAsync(WholeRegister register) => register.Exclusions.LiftAsync(
        "974760673", Year, null, "Ny fil er kommet", WholeRegister.Ground, Cancellation);

    private static async Task<List<string>> ActionsAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<string>(
            "select action from audit.entry where action like 'register.%exclu%' order by action")).AsList();
    }
}
