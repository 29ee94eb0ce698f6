using System.Numerics;

namespace Kilde.Register.Comparing;

/// <summary>How a record differs between sender and register.</summary>
public enum DifferenceKind
{
    /// <summary>The sender has it, and the register has not.</summary>
    Missing = 1,

    /// <summary>The register has it, and the sender has not.</summary>
    Extra,

    /// <summary>Both have it, and it does not say the same.</summary>
    Different,
}

/// <summary>
/// One record that differs. One that says another month or unit than before is extra in the old place and missing in
/// the new.
/// </summary>
/// <param name="LocalId">The sender's own id.</param>
public sealed record RecordDifference(DigestPlace Place, DifferenceKind Kind, string LocalId);

/// <summary>
/// Finds exactly which records differ, by sums of parts that are divided where they are not alike: what is sent follows
/// from how much differs, and hardly from how much there is.
/// </summary>
public static class FindDifferences
{
    /// <summary>Parts asked about at once.</summary>
    public const int NodesMax = 1024;

    /// <summary>A part with no more records than this is listed; dividing it further would cost more.</summary>
    private const int ListedMax = 24;

    /// <param name="own">The sender's records, each place in the order of the id digests.</param>
    /// <param name="progress">Told how many of the parts found so far have been looked into.</param>
    /// <returns>The differences, place by place.</returns>
    public static async Task<IReadOnlyList<RecordDifference>> FindAsync(
        IReadOnlyDictionary<DigestPlace, OwnRecord[]> own, IRecordSide register, RecordMonth from, RecordMonth to,
        Action<long, long>? progress, CancellationToken cancellation)
    {
        var search = new Search(own, register);
        var sums = await register.SumPlacesAsync(from, to, cancellation);
        foreach (var place in own.Keys.Union(sums.Keys))
            search.Look(new DigestNode(place, 0, 0), sums.GetValueOrDefault(place));
        var (done, found) = (0L, 0L);
        while (search.Waiting > 0)
        {
            found = Math.Max(found, done + search.Waiting);
            done += await search.StepAsync(cancellation);
            progress?.Invoke(done, found);
        }

        return await search.FinishAsync(cancellation);
    }

    private sealed class Search(IReadOnlyDictionary<DigestPlace, OwnRecord[]> own, IRecordSide register)
    {
        private readonly SortedDictionary<int, Queue<DigestNode>> _toDivide = [];
        private readonly Queue<DigestNode> _toList = [];
        private readonly List<RecordDifference> _differences = [];
        private readonly List<(DigestPlace Place, ulong Id)> _extra = [];

        public int Waiting => _toList.Count + _toDivide.Values.Sum(queue => queue.Count);

        public void Look(DigestNode node, DigestSum there)
        {
            var records = OwnOf(node);
            var here = new DigestSum();
            foreach (var record in records) here += record.Digest;
            if (here == there) return;
            if (there.Count == 0)
                foreach (var record in records) Tell(node.Place, DifferenceKind.Missing, record.LocalId);
            else if (there.Count <= ListedMax || node.Bits + DigestNode.SplitMax > DigestNode.BitsMax)
                _toList.Enqueue(node);
            else
                QueueOf(SplitOf(Math.Max(here.Count, there.Count))).Enqueue(node);
        }

        public async Task<int> StepAsync(CancellationToken cancellation)
        {
            foreach (var (split, queue) in _toDivide.Where(pair => pair.Value.Count > 0))
            {
                var nodes = Take(queue);
                var children = await register.SumChildrenAsync(nodes, split, cancellation);
                for (var i = 0; i < nodes.Length; i++)
                    for (var child = 0; child < children[i].Length; child++)
                        Look(nodes[i].Child(split, child), children[i][child]);
                return nodes.Length;
            }

            var listed = Take(_toList);
            var records = await register.ListAsync(listed, cancellation);
            for (var i = 0; i < listed.Length; i++) Hold(listed[i], records[i]);
            return listed.Length;
        }

        public async Task<IReadOnlyList<RecordDifference>> FinishAsync(CancellationToken cancellation)
        {
            foreach (var some in _extra.Chunk(NodesMax))
            {
                var names = await register.NameAsync(some, cancellation);

                // One that has no name was deleted while we looked, and is no longer extra.
                foreach (var (record, name) in some.Zip(names))
                    if (name is not null) Tell(record.Place, DifferenceKind.Extra, name);
            }

            return
            [
                .. Together(_differences).OrderBy(one => one.Place.Unit, StringComparer.Ordinal)
                    .ThenBy(one => one.Place.Month).ThenBy(one => one.Kind)
                    .ThenBy(one => one.LocalId, StringComparer.Ordinal),
            ];
        }

        // In a year, two patients may have records that are alike to the last letter, and in a chain two notifications
        // may tell of the same id: each is one.
        private void Hold(DigestNode node, IReadOnlyList<RecordDigest> there)
        {
            var rest = new Dictionary<ulong, Queue<ulong>>(there.Count);
            foreach (var record in there.OrderBy(record => record.Content))
            {
                if (!rest.TryGetValue(record.Id, out var contents)) rest[record.Id] = contents = [];
                contents.Enqueue(record.Content);
            }

            foreach (var record in OwnOf(node))
            {
                if (!rest.TryGetValue(record.Digest.Id, out var contents) || !contents.TryDequeue(out var content))
                    Tell(node.Place, DifferenceKind.Missing, record.LocalId);
                else if (content != record.Digest.Content)
                    Tell(node.Place, DifferenceKind.Different, record.LocalId);
            }

            foreach (var (id, contents) in rest) _extra.AddRange(contents.Select(_ => (node.Place, id)));
        }

        // In a year a record is told by all it says: one that says otherwise at each side is missing and extra.
        private static IEnumerable<RecordDifference> Together(IEnumerable<RecordDifference> differences)
        {
            foreach (var record in differences.GroupBy(one => (one.Place, one.LocalId)))
            {
                var missing = record.Count(one => one.Kind == DifferenceKind.Missing);
                var extra = record.Count(one => one.Kind == DifferenceKind.Extra);
                var pairs = record.Key.LocalId.Length == 0 ? 0 : Math.Min(missing, extra);
                var different = record.Count(one => one.Kind == DifferenceKind.Different) + pairs;
                var (place, localId) = record.Key;
                foreach (var (kind, count) in new[]
                {
                    (DifferenceKind.Missing, missing - pairs), (DifferenceKind.Extra, extra - pairs),
                    (DifferenceKind.Different, different),
                })
                {
                    for (var i = 0; i < count; i++) yield return new RecordDifference(place, kind, localId);
                }
            }
        }

        private void Tell(DigestPlace place, DifferenceKind kind, string localId) =>
            _differences.Add(new RecordDifference(place, kind, localId));

        // Sums of the children cost what they are many, records what a child holds: their product is given, and their
        // sum is least when each is its square root.
        private static int SplitOf(int count) =>
            Math.Clamp((BitOperations.Log2((uint)count) + 2) / 2, 2, DigestNode.SplitMax);

        private Queue<DigestNode> QueueOf(int split)
        {
            if (!_toDivide.TryGetValue(split, out var queue)) _toDivide[split] = queue = [];
            return queue;
        }

        private static DigestNode[] Take(Queue<DigestNode> queue)
        {
            var nodes = new DigestNode[Math.Min(queue.Count, NodesMax)];
            for (var i = 0; i < nodes.Length; i++) nodes[i] = queue.Dequeue();
            return nodes;
        }

        private ReadOnlySpan<OwnRecord> OwnOf(DigestNode node)
        {
            if (!own.TryGetValue(node.Place, out var records)) return [];
            var start = FirstFrom(records, node.Low);
            var end = node.High == ulong.MaxValue ? records.Length : FirstFrom(records, node.High + 1);
            return records.AsSpan(start..end);
        }

        private static int FirstFrom(OwnRecord[] records, ulong id)
        {
            var (low, high) = (0, records.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (records[middle].Digest.Id < id) low = middle + 1;
                else high = middle;
            }

            return low;
        }
    }
}
