using Dapper;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>A year that is merged in the reading that judges it: nothing stands before its caller says so.</summary>
public class JudgedMergeTests(PostgresServer postgres)
{
    private const string Institution = "974760673";
    private static readonly PersonIdentifier Kari = PersonIdentifier.Parse("15851900079");
    private static readonly DateOnly May = new(2026, 5, 9);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(1 << 20)]
    public async Task It_leaves_what_a_merge_after_the_judging_leaves_however_much_that_one_holds(int heldBytes)
    {
        await using var one = await TestRegister.StartAsync(postgres);
        await using var other = await TestRegister.StartAsync(postgres);
        foreach (var year in new[] { new[] { ("1", 1), ("2", 2), ("3", 3) }, [("2", 2), ("3", 4), ("4", 5)] })
        {
            var reading = Read([.. year.Select(row => Of(row.Item1, row.Item2))]);
            await using var connection = await one.Source.OpenConnectionAsync(Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            var judged = await one.Streamed.MergeWhileJudgedAsync(Of(reading), transaction, Cancellation);
            (await judged!.KeepPersonsAsync(Cancellation)).ShouldBeTrue();
            await transaction.CommitAsync(Cancellation);

            var after = await other.StreamedHolding(heldBytes).MergeAsync(
                Of(Read([.. year.Select(row => Of(row.Item1, row.Item2))])), (_, _) => Task.CompletedTask,
                Cancellation);
            judged.Outcome.ShouldBe(after! with { SubmissionId = judged.Outcome.SubmissionId });
        }

        (await RecordsAsync(one)).ShouldBe(await RecordsAsync(other));
        one.Vault.Resolve("a").PersonKey.Value.ShouldBe((await PersonsAsync(one)).Distinct().ShouldHaveSingleItem());
    }

    [Fact]
    public async Task It_is_not_merged_so_when_it_is_refused_or_is_no_whole_year()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        var refused = new BatchesReading(Messages.YearMessage, [Messages.Batch([Of("1", 1)], [])], isAccepted: false);
        var daily = new BatchesReading(Messages.VisitMessage, [Messages.Batch([Of("1", 1)], [])]);

        foreach (var reading in new[] { refused, daily })
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            (await register.Streamed.MergeWhileJudgedAsync(Of(reading), transaction, Cancellation)).ShouldBeNull();
            await transaction.RollbackAsync(Cancellation);
        }

        (await RecordsAsync(register)).ShouldBeEmpty();
        daily.Given.ShouldBe(0);
    }

    [Fact]
    public async Task The_vault_hears_of_nobody_before_the_message_is_accepted()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);

        var judged = await register.Streamed.MergeWhileJudgedAsync(
            Of(Stays()), transaction, Cancellation);

        (await IdentifiersAsync(register)).ShouldBe(0);
        (await judged!.KeepPersonsAsync(Cancellation)).ShouldBeTrue();
        (await IdentifiersAsync(register)).ShouldBe(2);
        await transaction.CommitAsync(Cancellation);
        var known = await register.Vault.ResolveAsync([Claim(default)], WholeRegister.Ground, Cancellation);
        (await connection.QueryAsync<long>("select identifier_key from register.prove_opphold"))
            .ShouldContain(known[0].IdentifierKey.Value);
    }

    [Fact]
    public async Task What_the_vault_has_heard_otherwise_is_taken_back_and_merged_anew()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await using (var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation))
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            var judged = await register.Streamed.MergeWhileJudgedAsync(Of(Stays()), transaction, Cancellation);
            await register.Vault.TellAsync([Claim(Kari)], mayCorrect: true, WholeRegister.Ground, Cancellation);
            (await judged!.KeepPersonsAsync(Cancellation)).ShouldBeFalse();
        }

        await register.Streamed.MergeAsync(Of(Stays()), (_, _) => Task.CompletedTask, Cancellation);

        await using var reader = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await reader.QueryAsync<long>("select count(*) from register.prove_opphold where person_key > 0"))
            .ShouldBe([1]);
    }

    private static Entry Of(string localId, long value) => new(localId, PlainVault.Person("a"), value);

    private static BatchesReading Read(Entry[] rows) =>
        new(Messages.YearMessage, [Messages.Batch(rows[..1], []), Messages.Batch(rows[1..], [])]);

    private static BatchesReading Stays() =>
        new(Hospital.Activity, [Hospital.Stays(Institution, ("P1", "E1")), Hospital.Stays(Institution, ("P2", "E2"))]);

    private static SubmissionReading Of(BatchesReading reading) =>
        new(Guid.CreateVersion7(), Messages.Sender, May, reading) { Year = DataYear.Parse("2026") };

    private static IdentifierClaim Claim(PersonIdentifier person) =>
        new(new RowPerson(person, LocalId: "P1"), Messages.Sender) { Institution = Institution };

    private static async Task<long> IdentifiersAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.IdentityAsSuperuserAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from identity.identifier");
    }

    private static async Task<List<(Guid, long, Guid, long, string)>> RecordsAsync(TestRegister register)
    {
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<(Guid, long, Guid, long, string)>(
            """
            select record_key, verdi, row_hash, batch_no, 'stands' from register.prove_besok
            union all
            select record_key, verdi, row_hash, until_batch_no, ended_by from register.prove_besok_history
            union all
            select unnest(record_keys), batch_no, '00000000-0000-0000-0000-000000000000', 0, kind from register.change
            order by 5, 1, 2
            """)).AsList();
    }

    private static async Task<List<long>> PersonsAsync(TestRegister register)
    {
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<long>("select person_key from register.prove_besok")).AsList();
    }
}
