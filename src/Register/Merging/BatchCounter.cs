using Kilde.Register.Tables;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Register.Merging;

/// <summary>The batches a transaction has been given: consecutive numbers, each with its own time.</summary>
/// <param name="LastNo">The number of the last of them.</param>
/// <param name="LastAt">The time of the last of them.</param>
/// <param name="PersonChangeNo">The newest person change the register has applied.</param>
/// <param name="DigestKey">The register's key for digests of records (ADR 105).</param>
/// <param name="Apart">The tables that have sensitive classes, with the classes (ADR 130).</param>
internal readonly record struct TakenBatches(
    int Count, long LastNo, DateTimeOffset LastAt, long PersonChangeNo, byte[] DigestKey, ApartTables Apart)
{
    public long NoOf(int ordinal) => LastNo - Count + ordinal;

    public DateTimeOffset AtOf(int ordinal) => LastAt.AddMicroseconds(ordinal - Count);
}

/// <summary>
/// Hands out batch numbers from one row whose lock is held to commit: batches become visible in the order of their
/// numbers, and their times rise with them. All writing to records happens under this lock (ADR 61).
/// </summary>
internal static class BatchCounter
{
    public static async Task<TakenBatches> TakeAsync(
        NpgsqlTransaction transaction, int count, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Take, transaction.Connection, transaction)
        {
            Parameters =
            {
                new() { ParameterName = "count", Value = count },
                new() { ParameterName = "now", Value = now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            throw new InvalidOperationException("register.batch_counter has lost its row.");
        var lastAt = await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellation);
        return new TakenBatches(
            count, reader.GetInt64(0), lastAt, reader.GetInt64(2), reader.GetFieldValue<byte[]>(3),
            ApartTables.Of(reader.GetString(4)));
    }

    public static async Task<long> ReadPersonChangeNoAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select person_change_no from register.batch_counter");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    // A microsecond between batches is the finest step timestamptz has; a clock set back waits until time has passed.
    private const string Take =
        """
        update register.batch_counter
        set batch_no = batch_no + @count,
            batched_at = greatest(batched_at + interval '1 microsecond', @now)
              + (@count - 1) * interval '1 microsecond'
        returning batch_no, batched_at, person_change_no, digest_key,
          (select coalesce(string_agg(record_table || ' ' || array_to_string(sensitive_classes, ' '), ','), '')
            from register.record_table where sensitive_classes <> '{}')
        """;
}
