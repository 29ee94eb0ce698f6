using Dapper;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Comparing;
using Npgsql;

namespace Kilde.Intake.Silence;

/// <summary>
/// Hears what a sender has when it compares. When the register has fewer records than the sender, and they do not wait
/// here, the feed lacks something for certain, whatever its size: it is told until they have come (ADR 143).
/// </summary>
public sealed class HearOwnCounts(RegisterDatabase database, TimeProvider clock)
{
    /// <summary>Units and months heard of at once.</summary>
    public const int PlacesMax = 4096;

    /// <param name="from">The first month that was compared.</param>
    /// <param name="to">The last.</param>
    /// <param name="places">All that the sender has of the months.</param>
    public async Task HearAsync(
        OrganizationNumber unit, MessageType type, RecordType record, RecordMonth from, RecordMonth to,
        IReadOnlyList<HeardPlace> places, CancellationToken cancellation)
    {
        var lacking = places.Where(place => place.Lacking > 0).Take(PlacesMax).ToList();
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var feed = new { unit = unit.ToString(), type = type.Name, part = record.WireName };
        await RunAsync(TakeTurn, feed);
        await RunAsync(
            ForgetMonths, new { feed.unit, feed.type, feed.part, from = from.Number, to = to.Number });
        if (lacking.Count > 0)
            await OpenAsync(transaction, feed.unit, type, feed.part, lacking, cancellation);
        await SettleAsync(transaction, feed.unit, feed.type, feed.part, cancellation);
        await transaction.CommitAsync(cancellation);

        Task<int> RunAsync(string sql, object parameters) => connection.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, cancellationToken: cancellation));
    }

    /// <summary>
    /// Counts anew what an open lack comes to, and closes it when nothing is left that does not wait.
    /// </summary>
    internal Task<int> SettleAsync(
        NpgsqlTransaction transaction, string unit, string type, string part, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Settle, new { unit, type, part, now = clock.GetUtcNow().UtcDateTime }, transaction,
            cancellationToken: cancellation));

    private async Task OpenAsync(
        NpgsqlTransaction transaction, string unit, MessageType type, string part, List<HeardPlace> lacking,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Open,
            new
            {
                id = Guid.CreateVersion7(now), unit, type = type.Name, version = type.Version, part,
                now = now.UtcDateTime,
                units = lacking.ConvertAll(place => place.Place.Unit),
                months = lacking.ConvertAll(place => place.Place.Month.Number),
                counts = lacking.ConvertAll(place => place.Own.Count),
                digests = lacking.ConvertAll(place => unchecked((long)place.Own.Sum)),
                needed = lacking.ConvertAll(place => place.Needed),
                lacking = lacking.ConvertAll(place => place.Lacking),
            },
            transaction, cancellationToken: cancellation));
    }

    private const string TakeTurn =
        "select pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'intake.lack', @unit, @type, @part), 0))";

    private const string ForgetMonths =
        """
        delete from intake.lack_place place
        using intake.lack open
        where open.unit = @unit and open.message_type = @type and open.cause = 'told' and open.part = @part
          and open.closed_at is null and place.lack_id = open.lack_id and place.month between @from and @to
        """;

    private const string Open =
        """
        with open as (
          insert into intake.lack (
            lack_id, unit, message_type, cause, part, type_version, records, since, found_at, counted_at)
          values (@id, @unit, @type, 'told', @part, @version, 1, @now, @now, @now)
          on conflict (unit, message_type, cause, part) where closed_at is null do update
          set type_version = excluded.type_version, counted_at = excluded.counted_at
          returning lack_id
        )
        insert into intake.lack_place (lack_id, unit, month, own_count, own_digest, needed, lacking)
        select open.lack_id, place.*
        from open, unnest(@units, @months, @counts, @digests, @needed, @lacking) as place
        """;

    // What waits to be merged, or has been set aside by a fault of ours, has come.
    private const string Settle =
        """
        with left_over as (
          select open.lack_id, coalesce((
              select sum(place.lacking) from intake.lack_place place where place.lack_id = open.lack_id), 0)
            - coalesce((
              select sum(greatest(s.record_count, 1))
              from intake.submission s
              where s.submission_id in (
                select w.submission_id
                from intake.waiting w join intake.lane l on l.lane_id = w.lane_id
                where l.unit = @unit and l.message_type = @type
                union
                select a.submission_id
                from intake.set_aside a join intake.lane l on l.lane_id = a.lane_id
                where l.unit = @unit and l.message_type = @type and a.replayed_at is null)), 0) as records
          from intake.lack open
          where open.unit = @unit and open.message_type = @type and open.cause = 'told' and open.part = @part
            and open.closed_at is null
        ), gone as (
          delete from intake.lack_place place using left_over
          where place.lack_id = left_over.lack_id and left_over.records <= 0
        )
        update intake.lack as open
        set records = greatest(left_over.records, 1), counted_at = @now,
          closed_at = case when left_over.records <= 0 then @now end
        from left_over
        where open.lack_id = left_over.lack_id
        """;
}
