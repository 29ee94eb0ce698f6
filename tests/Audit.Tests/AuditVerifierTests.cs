using FsCheck;
using FsCheck.Fluent;
using Kilde.Audit.Verification;
using Kilde.Testing;
using Npgsql;

namespace Kilde.Audit.Tests;

public class AuditVerifierTests(PostgresServer postgres)
{
    private const int TamperingsMax = 150;
    private const int LengthMax = 12;

    private static readonly string[] Alterations =
    [
        "actor_id = actor_id || 'x'", "actor_kind = case actor_kind when 'user' then 'client' else 'user' end",
        "purpose = 'forskning'", "case_reference = coalesce(case_reference, '') || '9'", "action = 'identity.other'",
        "subject = 'somebody'", "count = count + 1", "details = coalesce(details, '') || ' '",
        "occurred_at = occurred_at + interval '1 microsecond'", "hash = sha256(hash)", "seal = sha256(seal)",
        "previous_hash = sha256(previous_hash)", "hash = sha256(hash), seal = sha256(seal)",
    ];

    private enum Act
    {
        Alter,
        Rewrite,
        Remove,
        RemoveAndRenumber,
        Swap,
        ForgeAtEnd,
        CopyToEnd,
        ForgeAndRenumber,
    }

    private sealed record Tampering(Act Act, int Length, int First, int Second, int Column);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Gen<Tampering> Tamperings =>
        from act in Gen.Elements(Enum.GetValues<Act>())
        from length in Gen.Choose(2, LengthMax)
        from first in Gen.Choose(1, length)
        from second in Gen.Choose(1, length)
        from column in Gen.Choose(0, Alterations.Length - 1)
        select new Tampering(act, length, Math.Min(first, second), Math.Max(first, second), column);

    [Fact]
    public async Task Whatever_is_done_to_a_log_is_named_exactly()
    {
        await using var audit = new AuditFixture(await postgres.NewDatabasesAsync(), stripes: 1);
        foreach (var tampering in Tamperings.Sample(TamperingsMax))
        {
            await audit.TamperAsync("truncate audit.entry, audit.checkpoint");
            await audit.AppendAsync([.. Enumerable.Range(1, tampering.Length).Select(AuditFixture.Entry)]);
            await audit.CheckpointAsync();
            (await audit.VerifyAsync()).Findings.ShouldBeEmpty();

            await DoAsync(audit, tampering);

            var verification = await audit.VerifyAsync();
            verification.Findings.Select(finding => (finding.Kind, finding.SequenceNo)).ShouldBe(
                Expected(tampering), ignoreOrder: true, customMessage: tampering.ToString());
            verification.Findings.ShouldAllBe(finding => finding.Chain == "test/0");
        }
    }

    [Fact]
    public async Task What_is_cut_off_the_end_is_missed_by_the_checkpoint_and_a_cut_checkpoint_by_its_anchor()
    {
        await using var audit = new AuditFixture(
            await postgres.NewDatabasesAsync(), stripes: 1, anchorFile: "anchors");
        await audit.AppendAsync(AuditFixture.Entry(1), AuditFixture.Entry(2));
        (await audit.CheckpointAsync()).ShouldBe(1);
        (await audit.CheckpointAsync()).ShouldBeNull();
        await audit.AppendAsync(AuditFixture.Entry(3));
        (await audit.CheckpointAsync()).ShouldBe(2);

        await audit.TamperAsync("delete from audit.entry where sequence_no = 3");
        (await audit.VerifyAsync()).Findings.ShouldHaveSingleItem().Kind.ShouldBe(TamperKind.Removed);

        await audit.TamperAsync("delete from audit.checkpoint where checkpoint_no = 2");
        var finding = (await audit.VerifyAsync()).Findings.ShouldHaveSingleItem();
        (finding.Kind, finding.SequenceNo).ShouldBe((TamperKind.CheckpointRemoved, 2));

        await audit.TamperAsync("truncate audit.entry, audit.checkpoint");
        (await audit.VerifyAsync()).Findings.Select(gone => (gone.Kind, gone.SequenceNo)).ShouldBe(
            [(TamperKind.CheckpointRemoved, 1), (TamperKind.CheckpointRemoved, 2)]);
    }

    [Theory]
    [InlineData("update audit.checkpoint set sequence_nos = array[1::bigint] where checkpoint_no = 2", 5, 2)]
    [InlineData("update audit.checkpoint set signature = signature || '\\x00' where checkpoint_no = 1", 5, 1)]
    [InlineData("update audit.checkpoint set made_at = made_at + interval '1 hour' where checkpoint_no = 1", 5, 1)]
    [InlineData("update audit.checkpoint set hash = sha256(hash) where checkpoint_no = 2", 5, 2)]
    [InlineData("delete from audit.checkpoint where checkpoint_no = 1", 6, 1)]
    public async Task A_touched_checkpoint_is_named(string tampering, int kind, long number)
    {
        await using var audit = new AuditFixture(await postgres.NewDatabasesAsync(), stripes: 1);
        for (var i = 1; i <= 3; i++)
        {
            await audit.AppendAsync(AuditFixture.Entry(i));
            await audit.CheckpointAsync();
        }

        await audit.TamperAsync(tampering);

        var finding = (await audit.VerifyAsync()).Findings.ShouldHaveSingleItem();
        ((int)finding.Kind, finding.SequenceNo, finding.Chain).ShouldBe((kind, number, "checkpoint"));
    }

    [Fact]
    public async Task A_whole_chain_that_is_removed_is_missed()
    {
        await using var audit = new AuditFixture(await postgres.NewDatabasesAsync(), stripes: 1);
        await audit.AppendAsync(AuditFixture.Entry(1), AuditFixture.Entry(2));
        await audit.CheckpointAsync();

        await audit.TamperAsync("truncate audit.entry");

        (await audit.VerifyAsync()).Findings.Select(finding => (finding.Kind, finding.SequenceNo)).ShouldBe(
            [(TamperKind.Removed, 1), (TamperKind.Removed, 2)]);
    }

    private static IEnumerable<(TamperKind, long)> Expected(Tampering tampering)
    {
        var (length, first, second) = (tampering.Length, tampering.First, tampering.Second);
        return tampering.Act switch
        {
            Act.Alter or Act.Rewrite => [(TamperKind.Altered, first)],
            Act.Remove => Numbers(TamperKind.Removed, first, second),
            Act.RemoveAndRenumber =>
                [(TamperKind.Removed, first), .. Numbers(TamperKind.Reordered, first, length - 1)],
            Act.Swap when first == second => [],
            Act.Swap => [(TamperKind.Reordered, first), (TamperKind.Reordered, second)],
            Act.ForgeAtEnd or Act.CopyToEnd => [(TamperKind.Inserted, length + 1)],
            Act.ForgeAndRenumber =>
                [(TamperKind.Inserted, first), .. Numbers(TamperKind.Reordered, first + 1, length + 1)],
            _ => throw new ArgumentOutOfRangeException(nameof(tampering)),
        };

        static IEnumerable<(TamperKind, long)> Numbers(TamperKind kind, int from, int to) =>
            Enumerable.Range(from, Math.Max(0, to - from + 1)).Select(number => (kind, (long)number));
    }

    private static async Task DoAsync(AuditFixture audit, Tampering tampering)
    {
        var (length, first, second) = (tampering.Length, tampering.First, tampering.Second);
        switch (tampering.Act)
        {
            case Act.Alter:
                await audit.TamperAsync(
                    $"update audit.entry set {Alterations[tampering.Column]} where sequence_no = {first}");
                break;
            case Act.Rewrite:
                await ForgeAsync(audit, first, isNew: false);
                break;
            case Act.Remove:
                await audit.TamperAsync($"delete from audit.entry where sequence_no between {first} and {second}");
                break;
            case Act.RemoveAndRenumber:
                await audit.TamperAsync($"delete from audit.entry where sequence_no = {first}; {Shift(first, -1)}");
                break;
            case Act.Swap:
                await audit.TamperAsync(
                    $"""
                    update audit.entry set sequence_no = 1000 where sequence_no = {first};
                    update audit.entry set sequence_no = {first} where sequence_no = {second};
                    update audit.entry set sequence_no = {second} where sequence_no = 1000;
                    """);
                break;
            case Act.ForgeAtEnd:
                await ForgeAsync(audit, length + 1, isNew: true);
                break;
            case Act.CopyToEnd:
                await audit.TamperAsync(
                    $"""
                    create temp table copy as select * from audit.entry where sequence_no = {first};
                    update copy set sequence_no = {length + 1};
                    insert into audit.entry select * from copy;
                    """);
                break;
            default:
                await audit.TamperAsync(Shift(first - 1, 1));
                await ForgeAsync(audit, first, isNew: true);
                break;
        }
    }

    private static string Shift(int after, int by) =>
        $"""
        update audit.entry set sequence_no = sequence_no + 1000 where sequence_no > {after};
        update audit.entry set sequence_no = sequence_no - 1000 + {by} where sequence_no > 1000;
        """;

    /// <summary>A well-chained entry, made by somebody who knows the format but not the key.</summary>
    private static async Task ForgeAsync(AuditFixture audit, int number, bool isNew)
    {
        await using var connection = await audit.Databases.RegisterAsSuperuserAsync();
        await using var find = new NpgsqlCommand(
            "select hash from audit.entry where sequence_no = $1", connection)
        {
            Parameters = { new() { Value = (long)number - 1 } },
        };
        var previous = await find.ExecuteScalarAsync(Cancellation) as byte[] ?? new byte[SealedEntry.HashBytes];
        var forged = SealedEntry.Seal(
            AuditFixture.Entry(77), "test/0", number, audit.Clock.Now, previous, sealKey: new byte[32]);
        if (!isNew) await audit.TamperAsync($"delete from audit.entry where sequence_no = {number}");
        await using var insert = new NpgsqlCommand(
            $"insert into audit.entry ({SealedEntry.Columns}) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
            connection);
        object?[] values =
        [
            forged.Chain, forged.SequenceNo, forged.OccurredAt, forged.ActorKind, forged.ActorId, forged.Purpose,
            forged.CaseReference, forged.Action, forged.Subject, forged.Count, forged.Details, forged.PreviousHash,
            forged.Hash, forged.Mark,
        ];
        foreach (var value in values) insert.Parameters.Add(new() { Value = value ?? DBNull.Value });
        await insert.ExecuteNonQueryAsync(Cancellation);
    }
}
