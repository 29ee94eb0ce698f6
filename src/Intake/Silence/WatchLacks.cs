using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Platform.Databases;
using Kilde.Register.Chains;
using Kilde.Register.Comparing;
using Npgsql;

namespace Kilde.Intake.Silence;

/// <summary>
/// Finds what chains lack by their holes, and closes what was lacking when it has come (ADR 143). A hole is told of
/// when nothing has filled it for an hour: messages may pass each other on their way.
/// </summary>
internal sealed class WatchLacks(
    RegisterDatabase database, DefinitionCatalogue catalogue, CompareRecords compare, FindChainHoles holes,
    HearOwnCounts hear, TimeProvider clock)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan HoleMin = TimeSpan.FromHours(1);

    /// <summary>How far back chains are looked into when we begin.</summary>
    private static readonly TimeSpan Begin = TimeSpan.FromDays(14);

    private static readonly AccessGround Ground = new(Actor.System("intake.silence"), "Oppfølging av innrapportering");

    private DateTimeOffset _looked = DateTimeOffset.MinValue;

    /// <summary>Looks each ten minutes. Never more to do at once.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (now - _looked < Pace) return false;
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // One node at a time is enough.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            TakeTurn, null, transaction, cancellationToken: cancellation))) return false;
        await RunAsync(
            transaction, CloseEnded, new { today = NorwegianDay.Of(now), now = now.UtcDateTime }, cancellation);
        await RecountAsync(transaction, cancellation);
        var isFirst = _looked == DateTimeOffset.MinValue;
        await LookIntoChainsAsync(transaction, isFirst ? now - Begin : _looked - (2 * HoleMin), now, cancellation);
        await transaction.CommitAsync(cancellation);
        _looked = now;
        return false;
    }

    private async Task RecountAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var open = await transaction.Connection!.QueryAsync<OpenLack>(new CommandDefinition(
            FindMoved, null, transaction, cancellationToken: cancellation));
        foreach (var lack in open.AsList())
        {
            // What cannot be told now is looked at the next time, and does not count as looked at.
            if (await SumsAsync(lack, cancellation) is not { } sums) continue;
            await RunAsync(
                transaction, MarkCome,
                new
                {
                    id = lack.LackId,
                    units = sums.Keys.Select(place => place.Unit).ToArray(),
                    months = sums.Keys.Select(place => place.Month.Number).ToArray(),
                    counts = sums.Values.Select(sum => sum.Count).ToArray(),
                    digests = sums.Values.Select(sum => unchecked((long)sum.Sum)).ToArray(),
                },
                cancellation);
            await hear.SettleAsync(transaction, lack.Unit, lack.MessageType, lack.Part, cancellation);
        }
    }

    // Null when it cannot be told: the definition is gone, or digests of a year take time to make.
    private async Task<IReadOnlyDictionary<DigestPlace, DigestSum>?> SumsAsync(
        OpenLack lack, CancellationToken cancellation)
    {
        var type = catalogue.Find(lack.MessageType, lack.TypeVersion);
        var record = type?.RecordTypes.FirstOrDefault(each => each.WireName == lack.Part);
        if (record is null) return null;
        try
        {
            return await compare.SideOf(ComparedRecords.Of(type!, record, lack.Unit, Ground))
                .SumPlacesAsync(new RecordMonth(lack.From), new RecordMonth(lack.To), cancellation);
        }
        catch (DigestsBeingMadeException)
        {
            return null;
        }
    }

    private async Task LookIntoChainsAsync(
        NpgsqlTransaction transaction, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellation)
    {
        var chains = (await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            FindLacking, null, transaction, cancellationToken: cancellation)))
            .Union(await holes.FindGrownAsync(since, cancellation), StringComparer.Ordinal).ToArray();
        var lost = new List<ChainHole>();
        foreach (var chain in chains)
        {
            lost.AddRange((await holes.FindAsync(chain, cancellation))
                .Where(hole => hole.Kind == ChainHoleKind.Missing && now - hole.FoundAt >= HoleMin));
        }

        await RunAsync(
            transaction, BringUpToDate,
            new
            {
                now = now.UtcDateTime,
                chains,
                ids = lost.ConvertAll(_ => Guid.CreateVersion7(now)),
                senders = lost.ConvertAll(hole => hole.Sender),
                types = lost.ConvertAll(hole => hole.MessageType),
                submissions = lost.ConvertAll(hole => hole.SubmissionId),
                sinces = lost.ConvertAll(hole => hole.FoundAt.UtcDateTime),
                missing = lost.ConvertAll(hole => (int)Math.Clamp(
                    (hole.Serial - hole.BeforeSerial - 1) ?? 1, 1, int.MaxValue / (2 * FindChainHoles.HolesMax))),
            },
            cancellation);
    }

    private static Task<int> RunAsync(
        NpgsqlTransaction transaction, string sql, object parameters, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, cancellationToken: cancellation));

    private sealed record OpenLack(
        Guid LackId, string Unit, string MessageType, string TypeVersion, string Part, int From, int To);

    private const string TakeTurn = "select pg_try_advisory_xact_lock(hashtextextended('intake.lacks', 0))";

    // Who is no longer to send lacks nothing.
    private const string CloseEnded =
        """
        with ended as (
          update intake.lack as open set closed_at = @now
          where open.closed_at is null and not exists (
            select from intake.sender_obligation o
            where o.unit = open.unit and o.message_type = open.message_type and o.from_on <= @today
              and (o.to_on is null or o.to_on >= @today))
          returning lack_id
        )
        delete from intake.lack_place place using ended where place.lack_id = ended.lack_id
        """;

    // Those of which something has been merged since they were last counted.
    private const string FindMoved =
        """
        select open.lack_id, open.unit, open.message_type, open.type_version, open.part, place."from", place."to"
        from intake.lack open
        cross join lateral (
          select min(month) as "from", max(month) as "to" from intake.lack_place where lack_id = open.lack_id) as place
        where open.closed_at is null and open.cause = 'told' and place."from" is not null and exists (
          select from intake.submission s
          where s.unit = open.unit and s.message_type = open.message_type and s.state = 'merged'
            and s.received_at > open.counted_at - interval '2 days' and s.merged_at >= open.counted_at)
        """;

    private const string MarkCome =
        """
        with here as (
          select place.lack_id, place.unit, place.month, coalesce(sum.count, 0) as count,
            coalesce(sum.digest, 0) as digest
          from intake.lack_place place
          left join unnest(@units, @months, @counts, @digests) as sum (unit, month, count, digest)
            on sum.unit = place.unit and sum.month = place.month
          where place.lack_id = @id
        ), come as (
          delete from intake.lack_place place using here
          where place.lack_id = here.lack_id and place.unit = here.unit and place.month = here.month
            and (here.count >= place.needed or (here.count = place.own_count and here.digest = place.own_digest))
        )
        update intake.lack_place as place set lacking = place.needed - here.count
        from here
        where place.lack_id = here.lack_id and place.unit = here.unit and place.month = here.month
          and here.count < place.needed and not (here.count = place.own_count and here.digest = place.own_digest)
        """;

    private const string FindLacking =
        "select distinct part from intake.lack where closed_at is null and cause = 'chain'";

    // A chain is told by what its sender calls itself; whose feed it is, by the message behind the hole. While
    // something of the feed waits, it may be what fills the hole.
    private const string BringUpToDate =
        """
        with lost as (
          select s.unit, hole.message_type, hole.sender, min(hole.since) as since, max(hole.since) as found_at,
            sum(hole.missing)::integer as records, min(hole.id::text)::uuid as id
          from unnest(@ids, @senders, @types, @submissions, @sinces, @missing)
            as hole (id, sender, message_type, submission_id, since, missing)
          join intake.submission s on s.submission_id = hole.submission_id
          where s.unit is not null
          group by s.unit, hole.message_type, hole.sender
        ), closed as (
          update intake.lack as open set closed_at = @now
          where open.closed_at is null and open.cause = 'chain' and open.part = any(@chains) and not exists (
            select from lost
            where lost.unit = open.unit and lost.message_type = open.message_type and lost.sender = open.part)
        )
        insert into intake.lack (
          lack_id, unit, message_type, cause, part, records, since, found_at, counted_at)
        select id, unit, message_type, 'chain', sender, records, since, @now, @now
        from lost
        where not exists (
          select from intake.waiting w
          join intake.lane l on l.lane_id = w.lane_id
          where l.unit = lost.unit and l.message_type = lost.message_type)
        on conflict (unit, message_type, cause, part) where closed_at is null do update
        set since = excluded.since, counted_at = excluded.counted_at, records = excluded.records,
          found_at = case when excluded.records > lack.records then excluded.found_at else lack.found_at end
        """;
}
