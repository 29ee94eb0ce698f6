using Npgsql;

namespace Kilde.Identity.Linking;

/// <summary>The newest person change, and the lock that lets one at a time write what identifiers stand for.</summary>
internal static class ChangeCounter
{
    public const string Read = "select change_no from identity.change_counter where change_counter_id = 1";

    public static Task<long> ReadAsync(NpgsqlTransaction transaction, CancellationToken cancellation) =>
        ScalarAsync(Read, transaction, cancellation);

    /// <summary>Held until the transaction ends.</summary>
    public static Task<long> LockAsync(NpgsqlTransaction transaction, CancellationToken cancellation) =>
        ScalarAsync($"{Read} for update", transaction, cancellation);

    private static async Task<long> ScalarAsync(
        string sql, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(sql, transaction.Connection);
        await select.PrepareAsync(cancellation);
        return (long)(await select.ExecuteScalarAsync(cancellation))!;
    }
}
