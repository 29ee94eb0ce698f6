using Dapper;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

public class PeriodMergeTests(PostgresServer postgres)
{
    private static readonly DateOnly January = new(2026, 1, 9);
    private static readonly DateOnly March = new(2026, 3, 9);
    private static readonly DateOnly May = new(2026, 5, 9);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_of_the_year_replaces_the_year_and_nothing_else()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(
            Messages.Year(2025, January, [Of("1", 1)]), Messages.Submission([Of("1", 7)]),
            Messages.Year(2026, January, [Of("1", 1), Of("2", 2), Of("3", 3)]),
            Messages.Year(2026, January, [Of("1", 1)], sender: Messages.OtherSender));

        var outcomes = await register.MergeAsync(Messages.Year(2026, May, [Of("2", 2), Of("3", 4), Of("4", 5)]));

        outcomes[0].ShouldBe(new MergeOutcome(outcomes[0].SubmissionId, 5, 1, 1, 1, 1));
        (await StandingAsync(register)).ShouldBe(
        [
            (Messages.KeyOf("1", year: 2025), 1), (Messages.KeyOf("1"), 7),
            (Messages.KeyOf("1", Messages.OtherSender, 2026), 1), (Messages.KeyOf("2", year: 2026), 2),
            (Messages.KeyOf("3", year: 2026), 4), (Messages.KeyOf("4", year: 2026), 5),
        ], ignoreOrder: true);
        (await EndedAsync(register)).ShouldBe([("1", "gone"), ("3", "replaced")]);
    }

    [Fact]
    public async Task An_unchanged_year_writes_no_record()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        Entry[] year = [Of("1", 1), Of("2", 2)];
        await register.MergeAsync(Messages.Year(2026, January, year));
        var before = await VersionsAsync(register);

        var outcome = (await register.MergeAsync(Messages.Year(2026, May, year)))[0];

        outcome.ShouldBe(new MergeOutcome(outcome.SubmissionId, 2, 0, 0, 2, 0));
        (await VersionsAsync(register)).ShouldBe(before);
    }

    [Fact]
    public async Task An_older_extraction_that_comes_later_is_overtaken()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(Messages.Year(2026, May, [Of("1", 2)]));

        var late = (await register.MergeAsync(Messages.Year(2026, January, [Of("1", 1), Of("2", 2)])))[0];
        var change = (await register.MergeAsync(
            Messages.Year(2026, January, [Of("1", 1)]) with { IsWhole = false }))[0];
        var earlierYear = (await register.MergeAsync(Messages.Year(2025, January, [Of("1", 9)])))[0];

        late.ShouldBe(
            new MergeOutcome(late.SubmissionId, 2, 0, 0, 0, 0, IsOvertaken: true) { Overtaken = late.Overtaken });
        change.IsOvertaken.ShouldBeTrue();
        earlierYear.IsOvertaken.ShouldBeFalse();
        earlierYear.Findings.ShouldBeEmpty();
        foreach (var told in new[] { late, change }.Select(outcome => outcome.Findings.ShouldHaveSingleItem()))
        {
            (told.RuleId, told.Severity).ShouldBe(("INN-015", Severity.Warning));
            told.Text.ShouldContain($"for {Messages.Sender}, 2026, av 2026-05-09");
        }
        (await StandingAsync(register)).ShouldContain((Messages.KeyOf("1", year: 2026), 2));
    }

    [Fact]
    public async Task An_older_change_leaves_what_newer_changes_told_of()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(
            Messages.Year(2026, January, [Of("1", 1), Of("2", 1), Of("3", 1)]),
            Change(May, [Of("1", 2), Of("2", 1)], deleted: ["3"]));

        var some = (await register.MergeAsync(Change(March, [Of("1", 9), Of("3", 9), Of("4", 4)])))[0];
        var none = (await register.MergeAsync(Change(March, [Of("2", 9)], deleted: ["1"])))[0];

        some.ShouldBe(new MergeOutcome(some.SubmissionId, 3, 1, 0, 2, 0));
        none.ShouldBe(
            new MergeOutcome(none.SubmissionId, 4, 0, 0, 2, 0, IsOvertaken: true) { Overtaken = none.Overtaken });
        none.Findings.ShouldHaveSingleItem().Text.ShouldContain($"for {Messages.Sender}, 2026, av 2026-05-09");
        (await ValuesAsync(register)).ShouldBe([("1", 2), ("2", 1), ("4", 4)]);
    }

    [Fact]
    public async Task A_file_older_than_a_change_replaces_all_but_what_the_change_told_of()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(
            Messages.Year(2026, January, [Of("1", 1), Of("2", 1), Of("3", 1), Of("4", 1)]),
            Change(May, [Of("1", 2), Of("5", 2)], deleted: ["3"]));

        var outcome = (await register.MergeAsync(
            Messages.Year(2026, March, [Of("1", 9), Of("2", 9), Of("3", 9), Of("6", 9)])))[0];
        var older = (await register.MergeAsync(Change(January, [Of("2", 7)])))[0];

        outcome.ShouldBe(new MergeOutcome(outcome.SubmissionId, 3, 1, 1, 2, 1));
        older.IsOvertaken.ShouldBeTrue();
        (await ValuesAsync(register)).ShouldBe([("1", 2), ("2", 9), ("5", 2), ("6", 9)]);
    }

    [Fact]
    public async Task What_changes_told_of_is_forgotten_when_the_year_is_told_anew()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(
            Messages.Year(2026, January, [Of("1", 1)]), Change(March, [Of("1", 2)]), Change(May, [Of("2", 2)]));

        await register.MergeAsync(Messages.Year(2026, March, [Of("1", 3)]));
        (await ToldAsync(register)).ShouldBe([Messages.KeyOf("2", year: 2026)]);
        await register.MergeAsync(Messages.Year(2026, May, [Of("1", 4)]));

        (await ToldAsync(register)).ShouldBeEmpty();
        (await ValuesAsync(register)).ShouldBe([("1", 4)]);
    }

    [Fact]
    public async Task A_message_of_a_year_without_records_empties_the_year()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(Messages.Year(2026, January, [Of("1", 1)]));

        var outcome = (await register.MergeAsync(Messages.Year(2026, May, [])))[0];

        outcome.Deleted.ShouldBe(1);
        (await StandingAsync(register)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_that_stands_twice_in_a_file_stands_as_it_came_first()
    {
        await using var register = await TestRegister.StartAsync(postgres);

        await StreamAsync(register, May, [[Of("1", 1), Of("1", 2)], [Of("1", 3)]]);

        (await StandingAsync(register)).ShouldBe([(Messages.KeyOf("1", year: 2026), 1)]);
    }

    [Fact]
    public async Task A_file_that_is_refused_at_its_end_leaves_the_old_year()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await StreamAsync(register, January, [[Of("1", 1)]]);

        var outcome = await StreamAsync(register, May, [[Of("1", 2)], [Of("2", 2)]], isAccepted: false);

        outcome.ShouldBeNull();
        (await StandingAsync(register)).ShouldBe([(Messages.KeyOf("1", year: 2026), 1)]);
    }

    [Fact]
    public async Task Reading_that_fails_leaves_the_old_year_and_can_be_done_again()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await StreamAsync(register, January, [[Of("1", 1)]]);
        var submission = Guid.CreateVersion7();

        await Should.ThrowAsync<IOException>(() => StreamAsync(
            register, May, [[Of("1", 2)], [Of("2", 2)]], submission: submission,
            betweenAsync: number => number == 1 ? throw new IOException("The disk is gone.") : Task.CompletedTask));
        (await StandingAsync(register)).ShouldBe([(Messages.KeyOf("1", year: 2026), 1)]);

        await StreamAsync(register, May, [[Of("1", 2)], [Of("2", 2)]], submission: submission);
        var again = await StreamAsync(register, May, [[Of("1", 9)]], submission: submission);

        again.ShouldBe(new MergeOutcome(submission, 2, 1, 1, 0, 0));
        (await StandingAsync(register)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Each_institution_of_a_file_has_its_own_year()
    {
        await using var register = await TestRegister.StartAsync(postgres, Hospital.Activity);
        await StreamAsync(
            register, January, Hospital.Stays("974760673", ("P1", "E1"), ("P2", "E2")),
            Hospital.Stays("9747606731", ("P1", "E1")));

        var outcome = await StreamAsync(register, May, Hospital.Stays("974760673", ("P1", "E1")));

        outcome.ShouldBe(new MergeOutcome(outcome!.SubmissionId, 2, 0, 0, 1, 1));
        (await SendersAsync(register)).ShouldBe(["974760673", "9747606731"], ignoreOrder: true);
    }

    [Fact]
    public async Task Two_patients_may_have_episodes_with_the_same_id()
    {
        await using var register = await TestRegister.StartAsync(postgres, Hospital.Activity);

        var outcome = await StreamAsync(register, May, Hospital.Stays("974760673", ("P1", "E1"), ("P2", "E1")));

        outcome!.Inserted.ShouldBe(2);
    }

    private static Entry Of(string localId, long value) => new(localId, PlainVault.Person("a"), value);

    private static SubmissionContent Change(DateOnly extractedOn, Entry[] entries, string[]? deleted = null) =>
        Messages.Year(2026, extractedOn, entries, deleted ?? []) with { IsWhole = false };

    private static Task<MergeOutcome?> StreamAsync(
        TestRegister register, DateOnly extractedOn, Entry[][] batches, bool isAccepted = true,
        Guid? submission = null, Func<int, Task>? betweenAsync = null) =>
        StreamAsync(register, extractedOn, submission, new BatchesReading(
            Messages.YearMessage, [.. batches.Select(batch => Messages.Batch(batch, []))], isAccepted, betweenAsync));

    private static Task<MergeOutcome?> StreamAsync(
        TestRegister register, DateOnly extractedOn, params RecordBatch[] batches) =>
        StreamAsync(register, extractedOn, submission: null, new BatchesReading(Hospital.Activity, batches));

    private static Task<MergeOutcome?> StreamAsync(
        TestRegister register, DateOnly extractedOn, Guid? submission, BatchesReading reading) =>
        register.Streamed.MergeAsync(
            new SubmissionReading(submission ?? Guid.CreateVersion7(), Messages.Sender, extractedOn, reading)
            {
                Year = DataYear.Parse("2026"),
            },
            (_, _) => Task.CompletedTask, Cancellation);

    private static async Task<List<(Guid Key, long Value)>> StandingAsync(TestRegister register)
    {
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<(Guid, long)>("select record_key, verdi from register.prove_besok"))
            .AsList();
    }

    private static async Task<List<(string LocalId, long Value)>> ValuesAsync(TestRegister register)
    {
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<(string, long)>(
            "select local_id, verdi from register.prove_besok order by 1")).AsList();
    }

    private static async Task<List<Guid>> ToldAsync(TestRegister register)
    {
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<Guid>("select unnest(record_keys) from register.period_told")).AsList();
    }

    private static async Task<List<(string, string)>> EndedAsync(TestRegister register)
    {
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<(string, string)>(
            "select local_id, ended_by from register.prove_besok_history order by 1")).AsList();
    }

    private static async Task<List<(string, string)>> VersionsAsync(TestRegister register)
    {
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<(string, string)>(
            """
            select ctid::text || tableoid, xmin::text from register.prove_besok
            union all select ctid::text, xmin::text from register.prove_besok_locator
            order by 1
            """)).AsList();
    }

    private static async Task<List<string>> SendersAsync(TestRegister register)
    {
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<string>("select sender from register.prove_opphold")).AsList();
    }
}
