namespace Kilde.Definitions.Reading;

/// <summary>Puts counts of parts together, in the order of parts, without having them all at once.</summary>
public static class PartCounts
{
    /// <summary>The same counts, of what stands further back among all that was counted.</summary>
    public static IEnumerable<PartCount> Moved(IEnumerable<PartCount> counts, int by) =>
        counts.Select(count => count with { What = count.What + by });

    /// <summary>All counts of several counters. Each must be in the order of parts.</summary>
    public static IEnumerable<PartCount> InOrder(IEnumerable<IEnumerable<PartCount>> counters)
    {
        var queue = new PriorityQueue<IEnumerator<PartCount>, (int Part, int Counter)>();
        try
        {
            foreach (var (place, counter) in counters.Index()) Enqueue(counter.GetEnumerator(), place);
            while (queue.TryDequeue(out var next, out var at))
            {
                yield return next.Current;
                Enqueue(next, at.Counter);
            }
        }
        finally
        {
            foreach (var (left, _) in queue.UnorderedItems) left.Dispose();
        }

        void Enqueue(IEnumerator<PartCount> next, int place)
        {
            if (next.MoveNext()) queue.Enqueue(next, (next.Current.Part, place));
            else next.Dispose();
        }
    }
}
