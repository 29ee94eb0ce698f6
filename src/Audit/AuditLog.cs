using System.Security.Cryptography;
using Kilde.Kernel;
using Kilde.Platform.Keys;
using Kilde.Platform.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Audit;

/// <summary>
/// The append-only log. Entries are written in the caller's own transaction: the act and its entry stand or fall
/// together. Each database that holds what must be audited has its own log.
/// </summary>
/// <remarks>
/// A chain is held from the append until the caller commits, so append last. A writer has several chains
/// (<see cref="AuditOptions.Stripes"/>), and concurrent transactions take different ones. Who writes very often sends
/// the two statements of an append with others of its own: <see cref="TakeChain"/> when it will wait for no further
/// lock, and <see cref="Append"/>.
/// </remarks>
public sealed class AuditLog(IKeyStore keys, TimeProvider clock, AuditOptions options)
{
    /// <summary>Purpose of the audit's keys in the key store.</summary>
    internal const string KeyPurpose = "audit";

    private const int EntriesPerStatementMax = 5000;

    private static readonly System.Diagnostics.Metrics.Counter<long> Appended =
        AuditTelemetry.Instance.Meter.CreateCounter<long>("kilde.audit.entries");

    private readonly byte[] _sealKey = keys.Secret(KeyPurpose);
    private int _turn;

    /// <summary>Appends the entries, chained to the log's newest entry, as part of the caller's transaction.</summary>
    /// <exception cref="ArgumentException">No purpose, or what should be a key is a person's identifier.</exception>
    public async Task AppendAsync(
        NpgsqlTransaction transaction, IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
    {
        if (entries.Count == 0) return;
        await using var take = new NpgsqlBatch(transaction.Connection, transaction) { BatchCommands = { TakeChain() } };
        await take.PrepareAsync(cancellation);
        ChainHead head;
        await using (var row = await take.ExecuteReaderAsync(cancellation)) head = await ReadAsync(row, cancellation);

        await using var append = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var command in Append(head, entries)) append.BatchCommands.Add(command);
        await append.PrepareAsync(cancellation);
        await append.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Locks a chain until the transaction ends. Its answer is for <see cref="ReadAsync"/>.</summary>
    public NpgsqlBatchCommand TakeChain() =>
        new("select chain, sequence_no, hash from audit.take_chain($1, $2, $3)")
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = options.Writer },
                new NpgsqlParameter<int> { TypedValue = options.Stripes },
                new NpgsqlParameter<int>
                {
                    TypedValue = (int)((uint)Interlocked.Increment(ref _turn) % (uint)options.Stripes),
                },
            },
        };

    /// <summary>The newest entry of the chain that <see cref="TakeChain"/> has locked.</summary>
    public static async Task<ChainHead> ReadAsync(NpgsqlDataReader row, CancellationToken cancellation)
    {
        await row.ReadAsync(cancellation);
        return await row.IsDBNullAsync(1, cancellation)
            ? new ChainHead(row.GetString(0), 0, new byte[SealedEntry.HashBytes])
            : new ChainHead(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));
    }

    /// <summary>Appends the entries to the chain that the transaction has locked.</summary>
    /// <exception cref="ArgumentException">No purpose, or what should be a key is a person's identifier.</exception>
    public IReadOnlyList<NpgsqlBatchCommand> Append(ChainHead head, IReadOnlyList<AuditEntry> entries)
    {
        var (number, hash) = (head.SequenceNo, head.Hash);
        var now = clock.GetUtcNow();
        var at = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var commands = new List<NpgsqlBatchCommand>();
        for (var from = 0; from < entries.Count; from += EntriesPerStatementMax)
        {
            var rows = new SealedEntry[Math.Min(EntriesPerStatementMax, entries.Count - from)];
            for (var i = 0; i < rows.Length; i++)
            {
                Refuse(entries[from + i]);
                number++;
                rows[i] = SealedEntry.Seal(entries[from + i], head.Chain, number, at, hash, _sealKey);
                hash = rows[i].Hash;
            }

            commands.Add(InsertOf(rows));
        }

        Appended.Add(entries.Count);
        return commands;
    }

    private static NpgsqlBatchCommand InsertOf(SealedEntry[] rows)
    {
        var insert = new NpgsqlBatchCommand(Insert);
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = rows[0].Chain });
        insert.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = rows[0].OccurredAt });
        Add(row => row.SequenceNo, NpgsqlDbType.Bigint);
        Add(row => row.ActorKind, NpgsqlDbType.Text);
        Add(row => row.ActorId, NpgsqlDbType.Text);
        Add(row => row.Purpose, NpgsqlDbType.Text);
        Add(row => row.CaseReference, NpgsqlDbType.Text);
        Add(row => row.Action, NpgsqlDbType.Text);
        Add(row => row.Subject, NpgsqlDbType.Text);
        Add(row => row.Count, NpgsqlDbType.Integer);
        Add(row => row.Details, NpgsqlDbType.Text);
        Add(row => row.PreviousHash, NpgsqlDbType.Bytea);
        Add(row => row.Hash, NpgsqlDbType.Bytea);
        Add(row => row.Mark, NpgsqlDbType.Bytea);
        return insert;

        void Add<T>(Func<SealedEntry, T> column, NpgsqlDbType type) => insert.Parameters.Add(new NpgsqlParameter
        {
            Value = Array.ConvertAll(rows, row => column(row)),
            NpgsqlDbType = NpgsqlDbType.Array | type,
        });
    }

    // The log stands beside the register and is read by many; an identifier in it would undo the vault.
    private static void Refuse(AuditEntry entry)
    {
        if (PersonIdentifier.TryParse(entry.Subject, out _) || PersonIdentifier.TryParse(entry.Ground.Actor.Id, out _))
            throw new ArgumentException("An audit entry names persons by key, never by identifier.", nameof(entry));
        if (IdentifierInText.IsIn(entry.Ground.CaseReference))
            throw new ArgumentException("A case reference must not hold a person's identifier.", nameof(entry));
        if (string.IsNullOrWhiteSpace(entry.Ground.Purpose))
            throw new ArgumentException("An audit entry needs a purpose.", nameof(entry));
    }

    private const string Insert =
        """
        insert into audit.entry (
          chain, occurred_at, sequence_no, actor_kind, actor_id, purpose, case_reference, action, subject, count,
          details, previous_hash, hash, seal)
        select $1, $2, *
        from unnest(
          $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[],
          $11::text[], $12::bytea[], $13::bytea[], $14::bytea[])
        """;
}

internal static class AuditTelemetry
{
    public static ModuleTelemetry Instance { get; } = new("Audit");
}
