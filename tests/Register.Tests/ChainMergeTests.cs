using Dapper;
using Kilde.Register.Chains;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using static Kilde.Register.Tests.Kit.ChainMessages;

namespace Kilde.Register.Tests;

/// <summary>Chains of notifications through the real definitions of ipl and hst 56.0.0, vault and register.</summary>
public class ChainMergeTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_changed_and_cancelled_become_a_record_its_versions_and_its_end()
    {
        await using var register = await WholeRegister.StartAsync(postgres);

        var added = await TakeInAsync(register, Care(Told(1)));
        var changed = await TakeInAsync(register, Care(Told(2, "M", of: 1) with { On = "2022-03-02" }));
        var known = await StandingAsync(register, "ipl_tjenestestart");
        var cancelled = await TakeInAsync(register, Care(Told(3, "C", of: 1)));

        Counts(added).ShouldBe((2, 0, 0));
        Counts(changed).ShouldBe((1, 1, 0));
        known.ShouldBe([IdOf(2)]);
        Counts(cancelled).ShouldBe((1, 0, 1));
        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBeEmpty();
        (await HistoryAsync(register, "ipl_tjenestestart")).ShouldBe(["replaced", "deleted"]);
        (await HolesAsync(register)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_chain_in_one_message_leaves_what_its_messages_would_have_left()
    {
        await using var register = await WholeRegister.StartAsync(postgres);

        await TakeInAsync(register, Care(
            Told(1), Told(2), Told(3), Told(4, "M", of: 1), Told(5, "M", of: 1), Told(6, "C", of: 2)));

        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBe([IdOf(3), IdOf(5)]);
        (await HolesAsync(register)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_replacement_that_tells_of_another_kind_of_event_ends_the_first()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Care(Told(1)));

        await TakeInAsync(register, Care(Told(2, "M", of: 1) with { Event = "TjenesteSlutt" }));

        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBeEmpty();
        (await StandingAsync(register, "ipl_tjenesteslutt")).ShouldBe([IdOf(2)]);
    }

    [Fact]
    public async Task What_comes_late_does_not_undo_what_is_newer()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Care(Told(1)));
        await TakeInAsync(register, Care(Told(4, "C", of: 2), Told(5, "M", of: 3)));

        await TakeInAsync(register, Care(Told(2), Told(3)));

        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBe([IdOf(1), IdOf(5)]);
        (await HolesAsync(register)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hole_is_told_when_it_is_seen_and_closes_itself_when_the_rest_comes()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Care(Told(1), Told(2)));

        var after = await TakeInAsync(register, Care(Told(5), Told(6)));

        var hole = after.Holes.ShouldHaveSingleItem();
        (hole with { Finding = null }).ShouldBe((await HolesAsync(register)).ShouldHaveSingleItem());
        var finding = hole.Finding.ShouldNotBeNull();
        finding.RuleId.ShouldBe("KPR-KJE-004");
        finding.Path.ShouldBe($"/Melding/Notifikasjon[@notifikasjonGUID='{IdOf(5)}']");
        finding.Detail!.Expected.ShouldBe("Send notifikasjonene med løpenummer 3 til 4 på nytt.");
        (hole.Kind, hole.Link, hole.Serial, hole.BeforeLink, hole.BeforeSerial, hole.Named, hole.SubmissionId).ShouldBe(
            (ChainHoleKind.Missing, IdOf(5), 5, IdOf(2), 2, IdOf(4), after.SubmissionId));
        (await TakeInAsync(register, Care(Told(7)))).Holes.ShouldBeEmpty();
        (await TakeInAsync(register, Care(Told(3)))).Holes.ShouldHaveSingleItem().BeforeSerial.ShouldBe(3);
        (await TakeInAsync(register, Care(Told(4)))).Holes.ShouldBeEmpty();
        (await HolesAsync(register)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3, 1, ChainHoleKind.Skipped)]
    [InlineData(2, 9, ChainHoleKind.Broken)]
    [InlineData(1, 9, ChainHoleKind.Repeated)]
    public async Task Each_way_a_chain_can_be_wrong_between_messages_is_told(
        int serial, int previous, ChainHoleKind kind)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Care(Told(1)));

        var after = await TakeInAsync(register, Care(Told(2) with { Serial = serial, Previous = IdOf(previous) }));

        after.Holes.ShouldHaveSingleItem().Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task A_chain_that_begins_late_and_a_correction_of_the_unknown_are_told()
    {
        await using var register = await WholeRegister.StartAsync(postgres);

        var first = await TakeInAsync(register, Care(Told(4, "M", of: 2)));

        first.Holes.Select(hole => (hole.Kind, hole.Named)).ShouldBe(
            [(ChainHoleKind.BeginsLate, IdOf(3)), (ChainHoleKind.OriginalUnknown, IdOf(2))]);
        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBe([IdOf(4)]);
    }

    [Theory]
    [InlineData(1, 2, 3, 4)]
    [InlineData(4, 3, 2, 1)]
    [InlineData(3, 1, 4, 2)]
    public async Task A_correction_of_a_correction_is_of_the_same_event_in_whatever_order_they_come(params int[] order)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        Notification[] told = [Told(1), Told(2), Told(3, "M", of: 1), Told(4, "M", of: 3)];

        foreach (var no in order) await TakeInAsync(register, Care(told[no - 1]));
        var standing = await StandingAsync(register, "ipl_tjenestestart");
        await TakeInAsync(register, Care(Told(5, "C", of: 4)));

        standing.ShouldBe([IdOf(2), IdOf(4)]);
        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBe([IdOf(2)]);
    }

    [Fact]
    public async Task A_correction_of_a_correction_in_the_same_message_is_of_the_same_event()
    {
        await using var register = await WholeRegister.StartAsync(postgres);

        await TakeInAsync(register, Care(Told(1), Told(2, "M", of: 1), Told(3, "M", of: 2)));
        var standing = await StandingAsync(register, "ipl_tjenestestart");
        await TakeInAsync(register, Care(Told(4, "M", of: 1)));

        standing.ShouldBe([IdOf(3)]);
        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBe([IdOf(4)]);
    }

    [Fact]
    public async Task A_reference_to_what_is_no_original_is_told()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Care(Told(1), Told(2, "M", of: 1)));

        var after = await TakeInAsync(register, Care(Told(3, "M", of: 2), Told(4, "C", of: 1)));

        var hole = after.Holes.ShouldHaveSingleItem();
        (hole.Kind, hole.Link, hole.Named).ShouldBe((ChainHoleKind.NotAnOriginal, IdOf(3), IdOf(2)));
        hole.Finding.ShouldNotBeNull().RuleId.ShouldBe("KPR-KJE-010");
        (await HolesAsync(register)).ShouldHaveSingleItem().Link.ShouldBe(IdOf(3));
    }

    [Fact]
    public async Task Corrections_that_refer_to_each_other_in_a_ring_leave_the_last()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Care(Told(1, "M", of: 3)));
        await TakeInAsync(register, Care(Told(2, "M", of: 1)));

        await TakeInAsync(register, Care(Told(3, "M", of: 2)));

        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBe([IdOf(3)]);
    }

    [Fact]
    public async Task The_same_message_again_changes_nothing()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var message = Care(Told(1), Told(2, "M", of: 1), Told(3));
        await TakeInAsync(register, message);

        var again = await TakeInAsync(register, message);

        Counts(again).ShouldBe((0, 0, 0));
        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBe([IdOf(2), IdOf(3)]);
    }

    [Fact]
    public async Task Each_municipality_has_its_own_chain()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Care(Told(1)));

        var other = await TakeInAsync(register, Care(Told(1)).Replace("5001", "1103", StringComparison.Ordinal));

        other.Holes.ShouldBeEmpty();
        (await StandingAsync(register, "ipl_tjenestestart")).ShouldBe([IdOf(1), IdOf(1)]);
    }

    [Fact]
    public async Task Consultations_are_replaced_and_annulled_with_their_notification()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Child(Told(1) with { Consultations = ["K1", "K2"] }, Told(2)));

        var changed = await TakeInAsync(register, Child(Told(3, "M", of: 1) with { Consultations = ["K2", "K3"] }));
        var between = await StandingAsync(register, "hst_konsultasjon_xml");
        await TakeInAsync(register, Child(Told(4, "C", of: 1) with { Consultations = [] }));

        Counts(changed).ShouldBe((2, 1, 1));
        between.ShouldBe([IdOf(2), IdOf(3), IdOf(3)]);
        (await StandingAsync(register, "hst_konsultasjon_xml")).ShouldBe([IdOf(2)]);
        (await HolesAsync(register)).ShouldBeEmpty();
    }

    private static (int, int, int) Counts(MergeOutcome outcome) => (outcome.Inserted, outcome.Updated, outcome.Deleted);

    private static async Task<IReadOnlyList<ChainHole>> HolesAsync(WholeRegister register) =>
        await new FindChainHoles(register.Databases.Register).FindAsync(sender: null, Cancellation);

    // The notification each standing record was last told by.
    private static async Task<IEnumerable<Guid>> StandingAsync(WholeRegister register, string table)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QueryAsync<Guid>(
            $"select notifikasjon_notifikasjon_guid::uuid from register.{table} order by 1");
    }

    private static async Task<IEnumerable<string>> HistoryAsync(WholeRegister register, string table)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QueryAsync<string>($"select ended_by from register.{table}_history order by until");
    }
}
