using System.Diagnostics;
using System.Globalization;
using Dapper;
using Kilde.Definitions.Reading;
using Kilde.Platform.Databases;
using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Register.Comparing;

/// <summary>
/// Gives the records of whole years their digests, when the sender asks: those that have come or changed since the last
/// time (ADR 167). The merge of a year makes none, and what it writes anew has none. Rows are streamed; some are
/// written at a time, so that a merge never waits for long.
/// </summary>
internal sealed class YearDigests(RegisterDatabase database, ComparedRecords compared, RecordDigests digests)
{
    private const int RowsAtOnce = 10_000;

    // Before the columns of the type.
    private const int FixedColumns = 4;

    private readonly IReadOnlyList<RecordPlace> _places = RecordPlace.AllOf(
        SqlName.Parse(compared.Type.Table), compared.Type.Sensitive.Select(part => part.Class.Id));

    private bool IsApart => _places.Count > 1;

    /// <summary>Makes what is missing, of the years between two months.</summary>
    /// <param name="longest">How long it may take; what is made stays.</param>
    /// <returns>False when there is more to make.</returns>
    public async Task<bool> MakeAsync(
        RecordMonth from, RecordMonth to, TimeSpan longest, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        bool IsTime() => Stopwatch.GetElapsedTime(started) < longest;
        await using var reading = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await reading.BeginTransactionAsync(cancellation);
        var periods = (await reading.QueryAsync<Period>(new CommandDefinition(
            """
            select p.period_no, p.sender, p.data_year::integer as data_year
            from register.period p
            join register.batch b on b.submission_id = p.submission_id
            where p.message_type = @type and b.sender = @sender and p.data_year between @from and @to
            """,
            new { type = compared.YearsOf, sender = compared.Sender, from = YearOf(from), to = YearOf(to) },
            transaction, cancellationToken: cancellation))).AsList();
        if (IsApart) await transaction.BecomeKeeperAsync(cancellation);
        foreach (var period in periods)
        {
            for (var place = 0; place < _places.Count; place++)
                if (!await MakeAsync(period, place, IsTime, transaction, cancellation)) return false;
        }

        return true;
    }

    private static int YearOf(RecordMonth month) => Math.Min(month.Number / 12, short.MaxValue);

    // What is digested is written while the next rows are read.
    private async Task<bool> MakeAsync(
        Period period, int place, Func<bool> isTime, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(RowsOf(place), transaction.Connection, transaction)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new("periodNo", period.PeriodNo), new("institution", period.Sender), new("sender", compared.Sender),
            },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var rows = new StoredRows(compared.Type, RowsAtOnce, FixedColumns);
        var made = new Made(period);
        var keeping = Task.CompletedTask;
        try
        {
            while (await row.ReadAsync(cancellation))
            {
                if (rows.IsFull)
                {
                    await keeping;
                    if (!isTime())
                    {
                        // Or the reader would read on to the end before it is disposed.
                        command.Cancel();
                        return false;
                    }

                    made.Digest(rows.Take(), digests);
                    keeping = KeepAsync(made, place, cancellation);
                    made = new Made(period);
                }

                made.Add(row.GetGuid(0), row.GetGuid(1), row.GetString(2));
                rows.Add(row, row.GetString(3));
            }

            await keeping;
            made.Digest(rows.Take(), digests);
            keeping = KeepAsync(made, place, cancellation);
            await keeping;
            return true;
        }
        finally
        {
            await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task KeepAsync(Made made, int place, CancellationToken cancellation)
    {
        if (made.Keys.Count == 0) return;
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await transaction.KeepAsync(
            _places[place],
            () => connection.ExecuteAsync(new CommandDefinition(
                Keep(_places[place]),
                new
                {
                    made.Of.PeriodNo,
                    compared.Sender,
                    month = (long)RecordMonth.OfYear(made.Of.DataYear).Number,
                    keys = made.Keys.ToArray(),
                    hashes = made.Hashes.ToArray(),
                    units = made.Units.ToArray(),
                    ids = made.Digests.Select(CompareRecords.Stored).ToArray(),
                    contents = made.Digests.Select(digest => unchecked((long)digest)).ToArray(),
                },
                transaction, commandTimeout: 0, cancellationToken: cancellation)),
            cancellation);
        await transaction.CommitAsync(cancellation);
    }

    // A record is digested in the last place that holds some of it, as a merge does, with what the others hold.
    private string RowsOf(int place)
    {
        var (own, earlier) = (_places[place], Enumerable.Range(0, place));
        var columns = compared.Type.Columns.Select(column => SqlName.Parse(column.Name)).Select(name => place == 0
            ? $"r.{name}"
            : $"coalesce(r.{name}, {string.Join(", ", earlier.Select(other => $"p{other}.{name}"))})");
        var joins = earlier.Select(other => Line(
            $"left join {_places[other].Table} p{other} on {IsSame($"p{other}")}"));
        var later = _places.Skip(place + 1).Select(other => Line(
            $"and not exists (select from {other.Table} l where {IsSame("l")})"));
        return $"""
            select r.record_key, r.row_hash, r.unit, r.local_id, {string.Join(", ", columns)}
            from {own.Table} r
            join {own.Locator} located on located.period_no = r.period_no and located.record_key = r.record_key{
            string.Concat(joins)}
            where r.sender = @institution and r.period_no = @periodNo
              and located.period_no = @periodNo and located.sender is distinct from @sender{string.Concat(later)}
            """;

        static string IsSame(string other) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{other}.person_key = r.person_key and {other}.record_key = r.record_key");

        static string Line(string text) => "\n" + text;
    }

    // What a merge is changing is passed over: neither waits for the other while it holds what the other wants.
    private static string Keep(RecordPlace place) =>
        $"""
        set local enable_hashjoin = off;
        set local enable_mergejoin = off;
        update {place.Locator} as located
        set sender = @sender, unit = made.unit, month = @month, id_digest = made.id, content_digest = made.content
        from (
          select told.*
          from unnest(@keys, @hashes, @units, @ids, @contents) as told (record_key, row_hash, unit, id, content)
          join {place.Locator} as standing on standing.period_no = @periodNo
            and standing.record_key = told.record_key and standing.row_hash = told.row_hash
          for update of standing skip locked
        ) as made
        where located.period_no = @periodNo and located.record_key = made.record_key
        """;

    private sealed record Period(long PeriodNo, string Sender, int DataYear);

    private sealed class Made(Period of)
    {
        public Period Of => of;

        public List<Guid> Keys { get; } = new(RowsAtOnce);

        public List<Guid> Hashes { get; } = new(RowsAtOnce);

        public List<string> Units { get; } = new(RowsAtOnce);

        public List<ulong> Digests { get; } = new(RowsAtOnce);

        public void Add(Guid key, Guid hash, string unit)
        {
            Keys.Add(key);
            Hashes.Add(hash);
            Units.Add(unit);
        }

        public void Digest(RecordBatch rows, RecordDigests digests)
        {
            for (var i = 0; i < rows.Count; i++) Digests.Add(digests.OfYear(rows, i, Units[i]).Content);
        }
    }
}
