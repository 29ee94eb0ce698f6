using Dapper;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kilde.Intake.Silence;

/// <summary>
/// Counts what comes, hour by hour, and finds the feeds that have stopped or bring less than they do (ADR 106).
/// One that was silent is well again when something comes.
/// </summary>
internal sealed partial class WatchFeeds(RegisterDatabase database, TimeProvider clock, ILogger<WatchFeeds> logger)
{
    /// <summary>What a rhythm is told from.</summary>
    private const int HistoryDays = 91;

    /// <summary>Counted anew: a verdict may come after the message.</summary>
    private const int RecountedDays = 1;

    private static readonly TimeZoneInfo Norway = TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo");

    private DateTime _judged;

    /// <summary>Closes what has been mended, and once an hour looks at every feed. Never more to do at once.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var now = NorwegianDay.ClockOf(clock.GetUtcNow()).DateTime;
        var hour = now.Date.AddHours(now.Hour);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // One node at a time is enough.
        if (!await AskAsync<bool>(transaction, TakeTurn, null, cancellation)) return false;
        await RunAsync(transaction, CloseSilences, new { now = clock.GetUtcNow().UtcDateTime }, cancellation);
        if (hour != _judged)
        {
            await CountAsync(transaction, hour, cancellation);
            await JudgeAsync(transaction, hour, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        _judged = hour;
        return false;
    }

    private static async Task CountAsync(NpgsqlTransaction transaction, DateTime hour, CancellationToken cancellation)
    {
        var newest = await AskAsync<DateOnly?>(
            transaction, "select max(day) from intake.feed_hour", null, cancellation);
        var first = DateOnly.FromDateTime(hour).AddDays(-HistoryDays);
        var from = newest?.AddDays(-RecountedDays) is { } day && day > first ? day : first;
        await RunAsync(
            transaction, CountHours,
            new { from = InstantOf(from.ToDateTime(TimeOnly.MinValue)).UtcDateTime, first }, cancellation);
    }

    private async Task JudgeAsync(NpgsqlTransaction transaction, DateTime hour, CancellationToken cancellation)
    {
        var types = await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select distinct message_type from intake.feed_hour", null, transaction, cancellationToken: cancellation));
        var found = new List<(string Type, string Unit, Suspicion What)>();
        var well = new List<(string Type, string Unit)>();
        foreach (var type in types)
        {
            var feeds = await ReadAsync(transaction, type, DateOnly.FromDateTime(hour), cancellation);
            var faulty = await ReadFaultyAsync(transaction, type, hour, cancellation);
            var levels = FeedLevels.Of([.. feeds.Select(feed => feed.Hours)], hour.Hour);
            foreach (var (unit, hours) in feeds)
            {
                var rhythm = new FeedRhythm(hours, levels, faulty.GetValueOrDefault(unit, []));
                if (rhythm.Judge(hour.Hour) is { } what) found.Add((type, unit, what));
                else if (rhythm.IsWell(hour.Hour)) well.Add((type, unit));
            }
        }

        await WriteAsync(transaction, found, well, cancellation);
        if (found.Count > 0) Log.Found(logger, found.Count);
    }

    private static async Task<List<(string Unit, FeedHours Hours)>> ReadAsync(
        NpgsqlTransaction transaction, string type, DateOnly today, CancellationToken cancellation)
    {
        var first = today.AddDays(-HistoryDays);
        await using var command = new NpgsqlCommand(ReadHours, transaction.Connection, transaction);
        command.Parameters.AddWithValue("type", type);
        command.Parameters.AddWithValue("first", first);
        command.Parameters.AddWithValue("today", today);
        var feeds = new List<(string Unit, FeedHours Hours)>();
        var counts = new int[(HistoryDays + 1) * FeedHours.HoursOfDay];
        string? unit = null;
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var of = row.GetString(0);
            if (unit is not null && unit != of) Finish();
            unit = of;
            var day = row.GetFieldValue<DateOnly>(1).DayNumber - first.DayNumber;
            counts[(day * FeedHours.HoursOfDay) + row.GetInt16(2)] = row.GetInt32(3);
        }

        if (unit is not null) Finish();
        return feeds;

        void Finish()
        {
            feeds.Add((unit!, new FeedHours(first, counts)));
            Array.Clear(counts);
        }
    }

    private static async Task<Dictionary<string, HashSet<DateOnly>>> ReadFaultyAsync(
        NpgsqlTransaction transaction, string type, DateTime hour, CancellationToken cancellation)
    {
        var rows = await transaction.Connection!
            .QueryAsync<(string Unit, DateTimeOffset Since, DateTimeOffset? Closed)>(new CommandDefinition(
                "select unit, since, closed_at from intake.silence where message_type = @type and found_at > @from",
                new { type, from = InstantOf(hour.AddDays(-HistoryDays)).UtcDateTime }, transaction,
                cancellationToken: cancellation));
        var faulty = new Dictionary<string, HashSet<DateOnly>>(StringComparer.Ordinal);
        foreach (var (unit, since, closed) in rows)
        {
            if (!faulty.TryGetValue(unit, out var days)) faulty[unit] = days = [];
            var last = closed is { } at ? NorwegianDay.Of(at) : DateOnly.FromDateTime(hour);
            for (var day = NorwegianDay.Of(since); day <= last; day = day.AddDays(1)) days.Add(day);
        }

        return faulty;
    }

    private async Task WriteAsync(
        NpgsqlTransaction transaction, List<(string Type, string Unit, Suspicion What)> found,
        List<(string Type, string Unit)> well, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await RunAsync(
            transaction, OpenSilences,
            new
            {
                ids = found.ConvertAll(_ => Guid.CreateVersion7(now)),
                units = found.ConvertAll(one => one.Unit),
                types = found.ConvertAll(one => one.Type),
                silent = found.ConvertAll(one => one.What.IsSilent),
                sinces = found.ConvertAll(one => InstantOf(one.What.Since).UtcDateTime),
                expected = found.ConvertAll(one => one.What.Expected),
                got = found.ConvertAll(one => one.What.Got),
                chances = found.ConvertAll(one => one.What.Chance),
                now = now.UtcDateTime,
            },
            cancellation);
        await RunAsync(
            transaction, CloseLow,
            new
            {
                units = well.ConvertAll(one => one.Unit), types = well.ConvertAll(one => one.Type),
                now = now.UtcDateTime,
            },
            cancellation);
    }

    // An hour that never was, when the clocks go forward, is taken for the next.
    private static DateTimeOffset InstantOf(DateTime local) =>
        new(local, Norway.GetUtcOffset(Norway.IsInvalidTime(local) ? local.AddHours(1) : local));

    private static Task<int> RunAsync(
        NpgsqlTransaction transaction, string sql, object parameters, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, cancellationToken: cancellation));

    private static async Task<T?> AskAsync<T>(
        NpgsqlTransaction transaction, string sql, object? parameters, CancellationToken cancellation) =>
        await transaction.Connection!.ExecuteScalarAsync<T>(new CommandDefinition(
            sql, parameters, transaction, cancellationToken: cancellation));

    private const string TakeTurn = "select pg_try_advisory_xact_lock(hashtextextended('intake.silence', 0))";

    private const string CountHours =
        """
        delete from intake.feed_hour where day < @first;
        insert into intake.feed_hour (message_type, unit, day, hour, records)
        select message_type, unit, (received_at at time zone 'Europe/Oslo')::date,
          extract(hour from received_at at time zone 'Europe/Oslo')::smallint,
          sum(greatest(record_count, 1))::integer
        from intake.submission
        where received_at >= @from and state <> 'rejected' and unit is not null and message_type is not null
        group by 1, 2, 3, 4
        on conflict (message_type, unit, day, hour) do update set records = excluded.records
        where feed_hour.records <> excluded.records
        """;

    // Those that are to send today; what has been replaced by another feed is not missed.
    private const string ReadHours =
        """
        select h.unit, h.day, h.hour, h.records
        from intake.feed_hour h
        where h.message_type = @type and h.day >= @first and exists (
          select 1 from intake.sender_obligation o
          where o.unit = h.unit and o.message_type = h.message_type and o.from_on <= @today
            and (o.to_on is null or o.to_on >= @today))
        order by h.unit
        """;

    private const string OpenSilences =
        """
        insert into intake.silence (
          silence_id, unit, message_type, is_silent, since, found_at, expected, got, chance)
        select id, unit, message_type, is_silent, since, @now, expected, got, chance
        from unnest(@ids, @units, @types, @silent, @sinces, @expected, @got, @chances)
          as found (id, unit, message_type, is_silent, since, expected, got, chance)
        on conflict (unit, message_type) where closed_at is null do update
        set is_silent = excluded.is_silent, since = least(silence.since, excluded.since),
          expected = excluded.expected, got = excluded.got, chance = excluded.chance
        """;

    private const string CloseSilences =
        """
        update intake.silence as open set closed_at = @now
        where open.closed_at is null and open.is_silent and exists (
          select 1 from intake.submission s
          where s.unit = open.unit and s.message_type = open.message_type and s.state <> 'rejected'
            and s.received_at > open.found_at)
        """;

    private const string CloseLow =
        """
        update intake.silence as open set closed_at = @now
        from unnest(@units, @types) as well (unit, message_type)
        where open.closed_at is null and not open.is_silent
          and open.unit = well.unit and open.message_type = well.message_type
        """;

    private static partial class Log
    {
        [LoggerMessage(5004, LogLevel.Warning, "{Feeds} feeds are silent or bring less than they should.")]
        public static partial void Found(ILogger logger, int feeds);
    }
}
