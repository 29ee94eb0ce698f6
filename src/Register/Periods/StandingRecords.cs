using System.Runtime.InteropServices;
using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Register.Periods;

/// <summary>How a row of a whole year stands to the record there is.</summary>
internal enum StandingRecord
{
    None = 1,
    Same,
    Changed,

    /// <summary>The message has had the record already.</summary>
    TakenBefore,
}

/// <summary>
/// The records that stand in a period, by key, with the hash of each: about 60 bytes a record. A whole year is held
/// against them as it is read; what has not been taken then is gone.
/// </summary>
internal sealed class StandingRecords
{
    private readonly Dictionary<Guid, Place> _places;

    private StandingRecords(Dictionary<Guid, Place> places) => _places = places;

    /// <summary>The keys that stand and have not been taken.</summary>
    public IEnumerable<Guid> Gone => _places.Where(place => !place.Value.IsTaken).Select(place => place.Key);

    public StandingRecord Take(Guid key, Guid hash)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, key, out var stands);
        if (place.IsTaken) return StandingRecord.TakenBefore;
        place.IsTaken = true;
        if (!stands) return StandingRecord.None;
        return place.Hash == hash ? StandingRecord.Same : StandingRecord.Changed;
    }

    public static async Task<StandingRecords> ReadAsync(
        SqlName table, long periodNo, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            $"select record_key, row_hash from register.{table.With("_locator")} where period_no = $1",
            transaction.Connection, transaction)
        {
            Parameters = { new() { Value = periodNo } },
        };
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        var places = new Dictionary<Guid, Place>();
        while (await reader.ReadAsync(cancellation))
            places.Add(reader.GetGuid(0), new Place { Hash = reader.GetGuid(1) });
        return new StandingRecords(places);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Place
    {
        public Guid Hash { get; init; }

        public bool IsTaken { get; set; }
    }
}
