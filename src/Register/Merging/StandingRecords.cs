using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>Finds which records stand in a period, by the locators.</summary>
internal sealed class StandingRecords
{
    /// <summary>Records of a class in one period that are worth remembering.</summary>
    private const int FewMax = 20_000;

    // Null where there are more.
    private readonly Dictionary<(RecordPlace, long), Dictionary<Guid, RowState>?> _few = [];

    /// <summary>The records that stand in a place now, of those asked for.</summary>
    public Task<Dictionary<Guid, RowState>> ReadAsync(
        NpgsqlTransaction transaction, RecordPlace place, long periodNo, Guid[] keys,
        CancellationToken cancellation) =>
        ReadAsync(
            transaction, place, "period_no = @periodNo and record_key = any(@keys)",
            [new("periodNo", periodNo), new("keys", keys)], cancellation);

    /// <summary>
    /// The records that stood in a place when it was first asked of, of those asked for. Few records of a year are of a
    /// class: they are read once, and not looked for with each batch of the year.
    /// </summary>
    /// <param name="settleAsync">Gives the transaction, when it must be asked.</param>
    public async Task<Dictionary<Guid, RowState>> RecallAsync(
        Func<Task<NpgsqlTransaction>> settleAsync, RecordPlace place, long periodNo, Guid[] keys,
        CancellationToken cancellation)
    {
        if (!_few.TryGetValue((place, periodNo), out var few))
            _few[(place, periodNo)] = few = await ReadFewAsync(await settleAsync(), place, periodNo, cancellation);
        if (few is null) return await ReadAsync(await settleAsync(), place, periodNo, keys, cancellation);

        var standing = new Dictionary<Guid, RowState>();
        foreach (var key in keys)
            if (few.TryGetValue(key, out var state)) standing[key] = state;
        return standing;
    }

    private static async Task<Dictionary<Guid, RowState>?> ReadFewAsync(
        NpgsqlTransaction transaction, RecordPlace place, long periodNo, CancellationToken cancellation)
    {
        var standing = await ReadAsync(
            transaction, place, "period_no = @periodNo limit @most",
            [new("periodNo", periodNo), new("most", FewMax + 1)], cancellation);
        return standing.Count > FewMax ? null : standing;
    }

    private static Task<Dictionary<Guid, RowState>> ReadAsync(
        NpgsqlTransaction transaction, RecordPlace place, string which, NpgsqlParameter[] parameters,
        CancellationToken cancellation) =>
        transaction.KeepAsync(
            place,
            async () =>
            {
                await using var command = new NpgsqlCommand(
                    $"select record_key, person_key, row_hash from {place.Locator} where {which}",
                    transaction.Connection, transaction);
                command.Parameters.AddRange(parameters);
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                var standing = new Dictionary<Guid, RowState>();
                while (await reader.ReadAsync(cancellation))
                    standing.Add(reader.GetGuid(0), new RowState(reader.GetInt64(1), reader.GetGuid(2)));
                return standing;
            },
            cancellation);
}
