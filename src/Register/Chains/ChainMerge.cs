using Dapper;
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
    private readonly RowKeys _keys = new();
    private readonly Dictionary<(string Sender, Guid Id), ChainNotification> _links = [];

    /// <param name="resolvedAt">The vault's newest person change when the oldest of the persons was resolved.</param>
    /// <returns>Holes between what came before and what came now.</returns>
    public async Task<IReadOnlyList<ChainHole>> MergeAsync(
        IReadOnlyList<ResolvedBatch> batches, long resolvedAt, CancellationToken cancellation)
    {
        foreach (var batch in batches) ReadLinks(batch);
        foreach (var batch in batches) ReadRecords(batch);
        var earlier = new List<ChainNotification>();
        foreach (var sender in _links.Values.GroupBy(link => link.Sender, StringComparer.Ordinal))
            earlier.AddRange(await ReadStandingAsync(sender.Key, [.. sender], cancellation));
        var holding = new HoldingLinks([.. earlier, .. _links.Values]);
        var tables = new StagedTables();
        tables.Add(batches, (batch, row) => Stands(batch, row, holding));
        foreach (var ended in Ended(earlier, holding)) tables.AddEndInChain(head, ended, submissionNo);
        foreach (var table in tables.All) await write.WriteOutsidePeriodsAsync(table, resolvedAt, cancellation);
        await WriteAsync(cancellation);
        return await FindHolesAsync(cancellation);
    }

    private void ReadLinks(ResolvedBatch batch)
    {
        foreach (var link in ChainNotification.In(batch)) _links[(link.Sender, link.Id)] = link;
    }

    private void ReadRecords(ResolvedBatch batch)
    {
        if (batch.Batch.Type.Chained is null) return;
        for (var row = 0; row < batch.Batch.Count; row++)
        {
            if (LinkOf(batch, row) is { } link) link.RecordKeys.Add(_keys.Of(batch, row));
        }
    }

    private bool Stands(ResolvedBatch batch, int row, HoldingLinks holding) =>
        LinkOf(batch, row) is not { } link || holding.Stands(link);

    // What links told that no longer hold; not what the one that holds tells anew.
    private IEnumerable<Guid> Ended(List<ChainNotification> earlier, HoldingLinks holding)
    {
        foreach (var link in earlier.Concat(_links.Values))
        {
            if (holding.Stands(link)) continue;
            var newest = holding.For(link);
            var told = newest.IsAnnulment ? [] : newest.RecordKeys;
            foreach (var key in link.RecordKeys.Except(told)) yield return key;
        }
    }

    private ChainNotification? LinkOf(ResolvedBatch batch, int row) => ChainNotification.LinkOf(batch, row) is { } id
        ? _links.GetValueOrDefault((batch.SenderOf(row), id))
        : null;

    private async Task<IEnumerable<ChainNotification>> ReadStandingAsync(
        string sender, IReadOnlyList<ChainNotification> links, CancellationToken cancellation)
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
                        named = links.SelectMany(link => new[] { link.Id, link.Original }).Distinct().ToArray(),
                        links = links.Select(link => link.Id).ToArray(),
                    },
                    transaction, cancellationToken: cancellation));
        return standing.Select(link => new ChainNotification(
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

    /// <summary>Links written in one statement, counted.</summary>
    private const int LinksPerInsert = 10_000;

    // Of what the message tells and names, up to the originals and down again to all that refers to them: a replacement
    // may be referred to as if it were an original, and what is referred to may come after what refers to it (ADR 191).
    private const string FindStanding =
        """
        with recursive above (link_id) as (
          select unnest(@named)
          union
          select link.original_id
          from above
          join register.chain_link link on link.sender = @sender and link.message_type = @type
            and link.link_id = above.link_id
        ), about (link_id) as (
          select link_id from above
          union
          select link.link_id
          from about
          join register.chain_link link on link.sender = @sender and link.message_type = @type
            and link.original_id = about.link_id
        )
        select link.link_id, link.original_id, link.previous_id, link.serial, link.status, link.record_keys
        from about
        join register.chain_link link on link.sender = @sender and link.message_type = @type
          and link.link_id = about.link_id
        where link.link_id <> all(@links)
        """;
}
