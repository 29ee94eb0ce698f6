using Dapper;
using Kilde.Register.Merging;
using Kilde.Register.Tables;

namespace Kilde.Register.Periods;

/// <summary>
/// Brings one submission into the years it is about. A submission of the whole year replaces it: rows that stand
/// already cost a look-up, changed ones get a new version, and what has not come when all is read is gone. A submission
/// of changes touches only what it names.
/// </summary>
/// <remarks>
/// It runs in the transaction that holds the batch counter, piece by piece, so that memory holds keys and hashes of
/// what stands and never the rows.
/// </remarks>
internal sealed class PeriodMerge(MergeWrite write, SubmissionHead head, int submissionNo)
{
    private const int GoneRowsMax = 10_000;

    private readonly Dictionary<string, Scope> _scopes = [];

    // Of all the years: what newer change messages have told of, which this submission leaves as it is (ADR 189).
    // Almost always nothing, as messages come in the order of their extraction.
    private readonly HashSet<Guid> _newer = [];
    private readonly RowKeys _keys = new();
    private readonly HashSet<Guid> _left = [];

    /// <summary>The message's parts, when it has some that need not be read when they are as before.</summary>
    public PeriodParts? Parts { get; init; }

    /// <summary>Records that stood more than once in the message. The first one stands.</summary>
    public int Repeated { get; private set; }

    /// <summary>Merges changes within the year, read as a whole.</summary>
    public async Task ChangeAsync(IReadOnlyList<ResolvedBatch> batches, CancellationToken cancellation)
    {
        var tables = new StagedTables();
        tables.Add(batches);
        foreach (var table in tables.All) await OpenAsync(table.Period!.Value.Sender, isWhole: false, cancellation);
        if (_newer.Count > 0)
        {
            tables = new StagedTables();
            tables.Add(batches, Stands, MayEnd);
        }

        var told = 0;
        foreach (var table in tables.All)
        {
            var scope = await OpenAsync(table.Period!.Value.Sender, isWhole: false, cancellation);
            if (scope.Period.IsOvertaken) continue;

            await FindDeletedAsync(table, cancellation);
            await FindLeftOutAsync(table, scope.Period.No, cancellation);
            if (table.Rows.Count == 0) continue;

            told += table.Rows.Count;
            await write.WriteAsync(table, scope.Period.No, isEmpty: false, cancellation);
            await ToldRecords.WriteAsync(
                scope.Period.No, table.Table, Change(isWhole: false), table.RecordKeys, await write.SettledAsync(),
                cancellation);
        }

        write.CountUnchanged(submissionNo, _left.Count);
        if (told == 0 && _left.Count > 0) MarkOvertakenByChanges();
    }

    private void MarkOvertakenByChanges()
    {
        foreach (var scope in _scopes.Values)
        {
            if (scope.Period is { IsOvertaken: false, NewerOn: { } newer })
                write.MarkOvertaken(submissionNo, head.PeriodOf(scope.Sender)!.Value, newer);
        }
    }

    /// <summary>Merges a whole year that has been read as a whole.</summary>
    public async Task ReplaceAsync(IReadOnlyList<ResolvedBatch> batches, CancellationToken cancellation)
    {
        await BeginAsync(head.SenderText, cancellation);
        var keys = new RowKeys();
        foreach (var batch in batches) await AddAsync(KeyedBatch.Of(batch, keys), cancellation);
        await FinishAsync(cancellation);
    }

    /// <summary>Makes known that the year of this sender is replaced, also when no row of it comes.</summary>
    public Task BeginAsync(string sender, CancellationToken cancellation) =>
        OpenAsync(sender, isWhole: true, cancellation);

    /// <summary>Merges some rows of the whole year.</summary>
    public async Task AddAsync(KeyedBatch keyed, CancellationToken cancellation)
    {
        var batch = keyed.Rows;
        for (var from = 0; from < batch.Batch.Count;)
        {
            var sender = batch.SenderOf(from);
            var to = from + 1;
            while (to < batch.Batch.Count && batch.SenderOf(to) == sender) to++;
            await AddAsync(keyed, from, to, cancellation);
            from = to;
        }
    }

    /// <summary>Ends what the whole year did not hold.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        write.CountUnchanged(submissionNo, _left.Count);
        if (Parts is not null) await CountPassedOverAsync(Parts, cancellation);
        var tables = await PeriodTable.TablesOfAsync(head.Type.Name, await write.SettledAsync(), cancellation);
        foreach (var scope in _scopes.Values.Where(scope => !scope.Period.IsOvertaken))
        {
            // What stands is not what the file holds, so that its parts are not known by it.
            var known = Parts is null || scope.Period.HasNewer
                ? null
                : await Parts.KeepAsync(
                    scope.Sender, scope.Period.No, (table, key) => scope.TakenOf(table).Contains(key), cancellation);
            foreach (var table in scope.Period.IsNew ? [] : tables)
            {
                var gone = known is null
                    ? await GoneAsync(scope, table, cancellation)
                    : known.GetValueOrDefault(table.Text) ?? [];
                foreach (var keys in gone.Chunk(GoneRowsMax)) await EndAsync(scope, table, keys, cancellation);
            }
        }
    }

    private async Task CountPassedOverAsync(PeriodParts parts, CancellationToken cancellation)
    {
        foreach (var (sender, records) in parts.TakePassedOver())
        {
            await OpenAsync(sender, isWhole: true, cancellation);
            write.CountUnchanged(submissionNo, records);
        }
    }

    private async Task<List<Guid>> GoneAsync(Scope scope, SqlName table, CancellationToken cancellation)
    {
        var taken = scope.TakenOf(table.Text);
        var stood = await write.ReadKeysAsync(table, scope.Period.No, cancellation);
        return [.. stood.Where(key => !taken.Contains(key) && !_newer.Contains(key))];
    }

    private async Task AddAsync(KeyedBatch keyed, int from, int to, CancellationToken cancellation)
    {
        var batch = keyed.Rows;
        var scope = await OpenAsync(batch.SenderOf(from), isWhole: true, cancellation);
        if (scope.Period.IsOvertaken) return;

        var name = SqlName.Parse(batch.Batch.Type.Table);
        var isApart = write.IsApart(name);
        var standing = scope.Period.IsNew || isApart
            ? []
            : await write.ReadStandingAsync(name, scope.Period.No, keyed.Keys[from..to], cancellation);
        var deleted = batch.Batch.DeletedLocalIds.ToHashSet(StringComparer.Ordinal);
        var taken = scope.TakenOf(name.Text);
        var fresh = new StagedTable(name.Text, head.PeriodOf(scope.Sender));
        var unchanged = 0;
        for (var row = from; row < to; row++)
        {
            if (deleted.Count > 0 && deleted.Contains(batch.Batch.LocalIds[row])) continue;
            if (_newer.Count > 0 && !Stands(batch, row)) continue;
            var (key, part) = (keyed.Keys[row], batch.Batch.Parts?[row] ?? 0);
            if (!taken.Add(part, key))
            {
                Repeated++;
                Parts?.Spoil(part);
                continue;
            }

            if (!scope.Period.HasNewer) Parts?.Note(part, scope.Sender, scope.Period.No, name.Text, key);
            var rowHash = keyed.Hashes[row];
            if (!standing.TryGetValue(key, out var state) || state.RowHash != rowHash)
                fresh.AddRecord(batch, row, key, rowHash);
            else if (standing.Remove(key)) unchanged++;
        }

        write.CountUnchanged(submissionNo, unchanged);
        if (fresh.Rows.Count == 0) return;
        if (isApart) await write.WriteAsync(fresh, scope.Period.No, scope.Period.IsNew, cancellation);
        else await write.WriteAsync(fresh, standing, scope.Period.No, cancellation);
    }

    private async Task EndAsync(Scope scope, SqlName table, Guid[] gone, CancellationToken cancellation)
    {
        var ending = new StagedTable(table.Text, head.PeriodOf(scope.Sender));
        foreach (var key in gone) ending.AddEnd(key, submissionNo, StagedKind.Gone);
        await write.WriteAsync(ending, scope.Period.No, isEmpty: false, cancellation);
    }

    private async Task<Scope> OpenAsync(string sender, bool isWhole, CancellationToken cancellation)
    {
        if (_scopes.TryGetValue(sender, out var known)) return known;

        var name = head.PeriodOf(sender)!.Value;
        var period = await PeriodTable.OpenAsync(
            name, head.ExtractedOn, await write.SettledAsync(), cancellation);
        if (period.OvertakenBy is { } newer) write.MarkOvertaken(submissionNo, name, newer);
        else await WritePeriodAsync(sender, period, isWhole, cancellation);
        return _scopes[sender] = new Scope(sender, period);
    }

    private async Task WritePeriodAsync(
        string sender, OpenPeriod period, bool isWhole, CancellationToken cancellation)
    {
        var settled = await write.SettledAsync();
        await PeriodTable.WriteAsync(
            head.PeriodOf(sender)!.Value, period.No, Change(isWhole), settled, cancellation);
        if (period.HasNewer)
            _newer.UnionWith(await ToldRecords.ReadAsync(period.No, head.ExtractedOn, settled, cancellation));
        if (isWhole && !period.IsNew)
            await ToldRecords.ForgetAsync(period.No, head.ExtractedOn, settled, cancellation);
    }

    private PeriodChange Change(bool isWhole) =>
        new(head.SubmissionId, head.ExtractedOn, isWhole, write.Batches.NoOf(submissionNo));

    // What stands within a record that was told anew was told with it.
    private bool Stands(ResolvedBatch batch, int row)
    {
        var outer = batch.Batch.Type.Within is { } within
            ? batch.Head.Type.RecordTypes.First(type => type.WireName == within)
            : null;
        var key = _keys.Of(batch, row);
        if (!_newer.Contains(key)
            && (outer is null || !_newer.Contains(_keys.OfOuter(batch, row, outer)))) return true;

        _left.Add(key);
        return false;
    }

    private bool MayEnd(Guid key)
    {
        if (!_newer.Contains(key)) return true;

        _left.Add(key);
        return false;
    }

    // The deletion names an id that is an item of the record: what has it is looked for among the sender's records.
    private async Task FindDeletedAsync(StagedTable table, CancellationToken cancellation)
    {
        foreach (var column in table.DeletedByColumn.GroupBy(deleted => deleted.Column))
        {
            var keys = new HashSet<Guid>();
            var ids = column.Select(deleted => deleted.Id).ToArray();
            await write.AskPlacesAsync(SqlName.Parse(table.Table), async (place, transaction) => keys.UnionWith(
                await transaction.Connection!.QueryAsync<Guid>(new CommandDefinition(
                    $"""
                    select record_key from {place.Table}
                    where sender = @sender and {SqlName.Parse(column.Key)} = any(@ids)
                    """,
                    new { sender = table.Period!.Value.Sender, ids },
                    transaction, cancellationToken: cancellation))), cancellation);
            foreach (var key in keys.Where(MayEnd)) table.AddEnd(key, submissionNo, StagedKind.Deletion);
        }
    }

    // What has come along is staged already, and stays.
    private async Task FindLeftOutAsync(StagedTable table, long periodNo, CancellationToken cancellation)
    {
        if (table.ToldAnew.Count == 0) return;
        var keys = new HashSet<Guid>();
        var sender = table.Period!.Value.Sender;
        var within = table.ToldAnew.Select(told => told.LocalId).ToArray();
        var patients = table.ToldAnew.Select(told => told.Patient?.Value).ToArray();
        await write.AskPlacesAsync(SqlName.Parse(table.Table), async (place, transaction) => keys.UnionWith(
            await transaction.Connection!.QueryAsync<Guid>(new CommandDefinition(
                $"""
                select record_key from {place.Table}
                where sender = @sender and period_no = @periodNo
                  and left(local_id, -position('|' in reverse(local_id))) = any(@within)
                  and exists (
                    select from unnest(@within, @patients) as told (id, patient)
                    where id = left(local_id, -position('|' in reverse(local_id)))
                      and coalesce(patient, identifier_key) = identifier_key)
                """,
                new { sender, periodNo, within, patients },
                transaction, cancellationToken: cancellation))), cancellation);
        foreach (var key in keys.Where(MayEnd)) table.AddEnd(key, submissionNo, StagedKind.Deletion);
    }

    /// <summary>One reporting unit's year.</summary>
    private sealed record Scope(string Sender, OpenPeriod Period)
    {
        private readonly Dictionary<string, TakenKeys> _taken = new(StringComparer.Ordinal);

        public TakenKeys TakenOf(string table)
        {
            if (!_taken.TryGetValue(table, out var taken)) _taken[table] = taken = new TakenKeys(Period.IsNew);
            return taken;
        }
    }
}
