using System.Collections.Concurrent;
using Kilde.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Log;

/// <summary>A queue of its own: what one unit sends of one type.</summary>
internal readonly record struct LaneKey(OrganizationNumber Unit, string MessageType)
{
    public static LaneKey Of(LogEntry entry) => new(entry.Submitter!.Unit, entry.TypeName);
}

/// <summary>
/// The id of each lane, made when its first message comes. Lanes never go, so they may be remembered.
/// </summary>
internal sealed class LaneDirectory(TimeProvider clock)
{
    private readonly ConcurrentDictionary<LaneKey, Guid> _lanes = new();

    public async Task<IReadOnlyDictionary<LaneKey, Guid>> FindAsync(
        NpgsqlConnection connection, IReadOnlyList<LogEntry> entries, CancellationToken cancellation)
    {
        var missing = entries.Where(entry => entry.IsAccepted).Select(LaneKey.Of)
            .Where(key => !_lanes.ContainsKey(key))
            .Distinct()
            .OrderBy(key => key.Unit.ToString()).ThenBy(key => key.MessageType)
            .ToList();
        if (missing.Count > 0) await MakeAsync(connection, missing, cancellation);
        return _lanes;
    }

    // Outside the batch's transaction: a lane without submissions harms nobody, and a batch that fails forgets nothing.
    private async Task MakeAsync(NpgsqlConnection connection, List<LaneKey> keys, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (string[])[InsertLanes, InsertCounters, SelectLanes])
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
            {
                Parameters =
                {
                    Array("ids", NpgsqlDbType.Uuid, keys.ConvertAll(_ => Guid.CreateVersion7(now))),
                    Array("units", NpgsqlDbType.Text, keys.ConvertAll(key => key.Unit.ToString())),
                    Array("types", NpgsqlDbType.Text, keys.ConvertAll(key => key.MessageType)),
                    new NpgsqlParameter<DateTimeOffset>("now", now),
                },
            });
        }

        await using var row = await batch.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            _lanes[new LaneKey(OrganizationNumber.Parse(row.GetString(0)), row.GetString(1))] = row.GetGuid(2);
    }

    private static NpgsqlParameter Array(string name, NpgsqlDbType type, object values) =>
        new(name, NpgsqlDbType.Array | type) { Value = values };

    private const string InsertLanes =
        """
        insert into intake.lane (lane_id, unit, message_type, created_at)
        select lane_id, unit, message_type, @now
        from unnest(@ids, @units, @types) as wanted (lane_id, unit, message_type)
        on conflict (unit, message_type) do nothing
        """;

    private const string InsertCounters =
        """
        insert into intake.lane_counter (lane_id, last_sequence)
        select l.lane_id, 0
        from unnest(@units, @types) as wanted (unit, message_type)
        join intake.lane l using (unit, message_type)
        on conflict (lane_id) do nothing
        """;

    private const string SelectLanes =
        """
        select unit, message_type, l.lane_id
        from unnest(@units, @types) as wanted (unit, message_type)
        join intake.lane l using (unit, message_type)
        """;
}
