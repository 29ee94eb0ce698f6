using Dapper;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using static Kilde.Register.Tests.Kit.Messages;
using static Kilde.Register.Tests.Kit.PlainVault;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Kilde.Register.Tests;

public class RegisterMergeTests(PostgresServer postgres)
{
    [Fact]
    public async Task New_records_are_inserted_and_the_same_again_changes_nothing()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        Entry[] entries = [new("1", Person("a"), 10, "n"), new("2", Person("b"), null), new("3", Nobody, 30)];

        var first = await register.MergeAsync(Submission(entries));
        var second = await register.MergeAsync(Submission(entries));

        Counts(first[0]).ShouldBe((3, 0, 0, 0));
        Counts(second[0]).ShouldBe((0, 0, 3, 0));
        second[0].BatchNo.ShouldBe(first[0].BatchNo + 1);
    }

    [Fact]
    public async Task A_changed_record_gets_a_new_version_and_the_old_one_goes_to_the_history()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(Submission([new("1", Person("a"), 10)]));
        register.Clock.Advance(TimeSpan.FromHours(1));

        var outcome = await register.MergeAsync(Submission([new("1", Person("a"), 11)]));

        Counts(outcome[0]).ShouldBe((0, 1, 0, 0));
        (await ValuesAsync(register, "prove_besok")).ShouldBe([11]);
        (await ValuesAsync(register, "prove_besok_history")).ShouldBe([10]);
    }

    [Fact]
    public async Task A_deletion_ends_the_record_and_keeps_its_history()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(Submission([new("1", Person("a"), 10), new("2", Person("a"), 20)]));

        var outcome = await register.MergeAsync(Submission([], deleted: ["1", "never seen"]));

        Counts(outcome[0]).ShouldBe((0, 0, 0, 1));
        (await ValuesAsync(register, "prove_besok")).ShouldBe([20]);
        (await ValuesAsync(register, "prove_besok_history")).ShouldBe([10]);
    }

    [Fact]
    public async Task Several_submissions_in_one_merge_leave_every_version_in_the_history()
    {
        await using var register = await TestRegister.StartAsync(postgres);

        var outcomes = await register.MergeAsync(
            Submission([new("1", Person("a"), 1)]),
            Submission([new("1", Person("a"), 2)]),
            Submission([], deleted: ["1"]),
            Submission([new("1", Person("b"), 3)]),
            Submission([new("1", Person("c"), 3)]));

        outcomes.Select(Counts).ShouldBe([(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1), (1, 0, 0, 0), (0, 1, 0, 0)]);
        (await ValuesAsync(register, "prove_besok")).ShouldBe([3]);
        (await ValuesAsync(register, "prove_besok_history")).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_submission_is_merged_once_and_answered_as_before()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        var submission = Submission([new("1", Person("a"), 10)]);

        var first = await register.MergeAsync(submission);
        var again = await register.MergeAsync(submission);

        again.ShouldBe(first);
    }

    [Fact]
    public async Task What_the_caller_does_beside_the_merge_stands_or_falls_with_it()
    {
        await using var register = await TestRegister.StartAsync(postgres);

        await Should.ThrowAsync<InvalidOperationException>(() => register.Merge.MergeAsync(
            [Submission([new("1", Person("a"), 10)])],
            (_, _) => throw new InvalidOperationException("The caller's own trouble."),
            TestContext.Current.CancellationToken));

        (await ValuesAsync(register, "prove_besok")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_of_person_in_the_vault_moves_the_records_of_that_identifier()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(Submission([new("1", Person("unknown a"), 10), new("2", Person("b"), 20)]));

        var unknown = register.Vault.Resolve("unknown a").PersonKey.Value;
        unknown.ShouldBeLessThan(0);
        register.Vault.Move("unknown a", toPerson: 77);
        var applied = await register.Follow.FollowAsync(TestContext.Current.CancellationToken);

        applied.ShouldBe(1);
        await using var connection = await register.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        (await connection.QueryAsync<long>("select person_key from register.prove_besok order by local_id"))
            .ShouldBe([77, register.Vault.Resolve("b").PersonKey.Value]);
        (await connection.QueryAsync<(long, string)>("select person_key, ended_by from register.prove_besok_history"))
            .ShouldBe([(unknown, "moved")]);
        (await connection.QueryAsync<(string, long, long?)>(
            "select kind, person_keys[1], former_person_keys[1] from register.change where batch_no = 2"))
            .ShouldBe([("move", 77, unknown)]);
    }

    private static (int, int, int, int) Counts(MergeOutcome outcome) =>
        (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted);

    private static async Task<IEnumerable<long>> ValuesAsync(TestRegister register, string table)
    {
        await using var connection = await register.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await connection.QueryAsync<long>($"select verdi from register.{table} order by verdi");
    }
}
