using System.Globalization;
using Dapper;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Merging;

namespace Kilde.Register.Chains;

/// <summary>
/// Merges one submission of a chain. Of the links about the same original the one with the highest number holds, also
/// when it came first: what an M tells stands in the place of what was told before, and after a C nothing stands.
/// </summary>
/// <remarks>Runs in the transaction that holds the batch counter, so that chains are seen as they are.</remarks>
internal sealed class ChainMerge(MergeWrite write, SubmissionHead head, int submissionNo)
{
    private const string Annulled = "C";

    private readonly RowKeys _keys = new();
    private readonly Dictionary<(string Sender, Guid Id), Link> _links = [];

    /// <param name="resolvedAt">The vault's newest person change when the oldest of the persons was resolved.</param>
    /// <returns>Holes between what came before and what came now.</returns>
    public async Task<IReadOnlyList<ChainHole>> MergeAsync(
        IReadOnlyList<ResolvedBatch> batches, long resolvedAt, CancellationToken cancellation)
    {
        foreach (var batch in batches) ReadLinks(batch);
        foreach (var batch in batches) ReadRecords(batch);
        var holding = new Dictionary<(string Sender, Guid Original), Link>();
        var earlier = new List<Link>();
        foreach (var sender in _links.Values.GroupBy(link => link.Sender, StringComparer.Ordinal))
            earlier.AddRange(await ReadStandingAsync(sender.Key, [.. sender], cancellation));
        foreach (var link in earlier.Concat(_links.Values))
        {
            if (!holding.TryGetValue((link.Sender, link.Original), out var other) || !(link.Serial < other.Serial))
                holding[(link.Sender, link.Original)] = link;
        }

        var tables = new StagedTables();
        tables.Add(batches, (batch, row) => Stands(batch, row, holding));
        foreach (var ended in Ended(earlier, holding)) tables.AddEndInChain(head, ended, submissionNo);
        foreach (var table in tables.All) await write.WriteOutsidePeriodsAsync(table, resolvedAt, cancellation);
        await WriteAsync(cancellation);
        return await FindHolesAsync(cancellation);
    }

    private void ReadLinks(ResolvedBatch batch)
    {
        if (batch.Batch.Type.ChainLink is not { } chain) return;
        for (var row = 0; row < batch.Batch.Count; row++)
        {
            if (IdAt(batch, chain.Id, row) is not { } id) continue;
            var original = IdAt(batch, chain.Original, row);
            var sender = batch.SenderOf(row);
            _links[(sender, id)] = new Link(
                sender, id, original ?? id, IdAt(batch, chain.Previous, row) ?? Guid.Empty,
                long.TryParse(TextAt(batch, chain.Serial, row), CultureInfo.InvariantCulture, out var no) ? no : null,
                TextAt(batch, chain.Status, row) ?? "", []);
        }
    }

    private void ReadRecords(ResolvedBatch batch)
    {
        if (batch.Batch.Type.Chained is not { } chained) return;
        for (var row = 0; row < batch.Batch.Count; row++)
        {
            if (LinkOf(batch, row, chained) is { } link) link.RecordKeys.Add(_keys.Of(batch, row));
        }
    }

    private bool Stands(
        ResolvedBatch batch, int row, Dictionary<(string Sender, Guid Original), Link> holding)
    {
        if (batch.Batch.Type.Chained is not { } chained) return true;
        return LinkOf(batch, row, chained) is not { } link
            || (holding[(link.Sender, link.Original)].Id == link.Id && link.Status != Annulled);
    }

    // What links told that no longer hold; not what the one that holds tells anew.
    private IEnumerable<Guid> Ended(List<Link> earlier, Dictionary<(string Sender, Guid Original), Link> holding)
    {
        foreach (var link in earlier.Concat(_links.Values))
        {
            var newest = holding[(link.Sender, link.Original)];
            if (newest.Id == link.Id && link.Status != Annulled) continue;
            var told = newest.Status == Annulled ? [] : newest.RecordKeys;
            foreach (var key in link.RecordKeys.Except(told)) yield return key;
        }
    }

    private Link? LinkOf(ResolvedBatch batch, int row, ChainedRecord chained) =>
        IdAt(batch, chained.Link, row) is { } id ? _links.GetValueOrDefault((batch.SenderOf(row), id)) : null;

    private async Task<IEnumerable<Link>> ReadStandingAsync(
        string sender, IReadOnlyList<Link> links, CancellationToken cancellation)
    {
        var transaction = await write.SettledAsync();
        var standing = await transaction.Connection!
            .QueryAsync<(Guid Id, Guid Original, Guid Previous, long? Serial, string Status, Guid[] Keys)>(
                new CommandDefinition(
                    FindStanding,
                    new
                    {
                        sender,
                        type = head.Type.Name,
                        originals = links.Select(link => link.Original).Distinct().ToArray(),
                        links = links.Select(link => link.Id).ToArray(),
                    },
                    transaction, cancellationToken: cancellation));
        return standing.Select(link => new Link(
            sender, link.Id, link.Original, link.Previous, link.Serial, link.Status, [.. link.Keys]));
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var transaction = await write.SettledAsync();
        foreach (var link in _links.Values.Chunk(LinksPerInsert))
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                insert into register.chain_link (
                  sender, message_type, link_id, original_id, previous_id, serial, status, record_keys, submission_id,
                  batch_no, came_at)
                select sender, @type, link_id, original_id, previous_id, serial, status,
                  coalesce(string_to_array(nullif(record_keys, ''), ',')::uuid[], '{}'), @submission, @batch, @at
                from unnest(@senders, @ids, @originals, @previous, @serials, @statuses, @keys)
                  as link (sender, link_id, original_id, previous_id, serial, status, record_keys)
                on conflict (sender, message_type, link_id) do nothing
                """,
                new
                {
                    type = head.Type.Name,
                    submission = head.SubmissionId,
                    batch = write.Batches.NoOf(submissionNo),
                    at = write.Batches.AtOf(submissionNo).UtcDateTime,
                    senders = link.Select(one => one.Sender).ToArray(),
                    ids = link.Select(one => one.Id).ToArray(),
                    originals = link.Select(one => one.Original).ToArray(),
                    previous = link.Select(one => one.Previous).ToArray(),
                    serials = link.Select(one => one.Serial).ToArray(),
                    statuses = link.Select(one => one.Status).ToArray(),
                    keys = link.Select(one => string.Join(',', one.RecordKeys)).ToArray(),
                },
                transaction, cancellationToken: cancellation));
        }
    }

    // What is wrong within the message is told when it is read.
    private async Task<IReadOnlyList<ChainHole>> FindHolesAsync(CancellationToken cancellation)
    {
        var found = new List<ChainHole>();
        var transaction = await write.SettledAsync();
        foreach (var sender in _links.Values.GroupBy(link => link.Sender, StringComparer.Ordinal))
        {
            var serials = sender.Select(link => link.Serial).OfType<long>().ToList();
            if (serials.Count == 0) continue;
            var holes = await FindChainHoles.FindAroundAsync(
                transaction, sender.Key, head.Type.Name, serials.Min(), serials.Max(), cancellation);
            found.AddRange(holes.Where(hole => IsOfOthers(hole, sender.Key))
                .Select(hole => hole with { Finding = ChainRule.Tell(hole, PlaceOf(hole)) }));
        }

        return found;
    }

    private string PlaceOf(ChainHole hole)
    {
        var link = head.Type.RecordTypes.First(type => type.ChainLink is not null).Xml!;
        var id = IdentifierInText.IsIn($"{hole.Link}") ? "***" : $"{hole.Link}";
        return $"{link.Node.Path}[@{link.Key[0].Item.Name}='{id}']";
    }

    private bool IsOfOthers(ChainHole hole, string sender)
    {
        var isOwn = _links.ContainsKey((sender, hole.Link));
        var isAfterOwn = hole.BeforeLink is { } before && _links.ContainsKey((sender, before));
        return isOwn != isAfterOwn;
    }

    private static Guid? IdAt(ResolvedBatch batch, int column, int row) =>
        Guid.TryParse(TextAt(batch, column, row), out var id) ? id : null;

    private static string? TextAt(ResolvedBatch batch, int column, int row)
    {
        var values = (ColumnVector<string>)batch.Batch.Columns[column];
        return values.IsNull(row) ? null : values[row];
    }

    /// <summary>Links written in one statement, counted.</summary>
    private const int LinksPerInsert = 10_000;

    private sealed record Link(
        string Sender, Guid Id, Guid Original, Guid Previous, long? Serial, string Status, List<Guid> RecordKeys);

    private const string FindStanding =
        """
        select link_id, original_id, previous_id, serial, status, record_keys
        from register.chain_link
        where sender = @sender and message_type = @type and original_id = any(@originals) and link_id <> all(@links)
        """;
}
