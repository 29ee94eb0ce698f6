using System.Collections.Concurrent;

namespace Kilde.Identity.Resolving;

/// <summary>
/// What blind indexes stand for, kept in this process as of one person change. Any merge, split or attachment, on this
/// node or another, moves the change number, and the cache starts anew. It never holds clear text.
/// </summary>
/// <param name="entriesMax">About 100 bytes each.</param>
internal sealed class StandingCache(int entriesMax)
{
    private Generation _newest = new(-1);

    /// <summary>What is known as of a change number. A number older than the newest gets and keeps nothing.</summary>
    public Generation At(long changeNo)
    {
        while (true)
        {
            var newest = Volatile.Read(ref _newest);
            if (newest.ChangeNo > changeNo) return new Generation(changeNo);
            if (newest.ChangeNo == changeNo && newest.Count < entriesMax) return newest;
            var anew = new Generation(changeNo);
            if (Interlocked.CompareExchange(ref _newest, anew, newest) == newest) return anew;
        }
    }

    internal sealed class Generation(long changeNo)
    {
        private readonly ConcurrentDictionary<Guid, Standing> _standings = new();
        private readonly ConcurrentDictionary<Candidate, bool> _candidates = new();
        private int _count;

        public long ChangeNo { get; } = changeNo;

        /// <summary>Kept beside the dictionary, whose own count takes all its locks.</summary>
        public int Count => Volatile.Read(ref _count);

        public bool TryGet(Guid index, out Standing standing) => _standings.TryGetValue(index, out standing);

        public void Keep(Guid index, Standing standing)
        {
            if (_standings.TryAdd(index, standing)) Interlocked.Increment(ref _count);
        }

        /// <summary>The candidate is already with staff.</summary>
        public bool Has(Candidate candidate) => _candidates.ContainsKey(candidate);

        public void Keep(Candidate candidate)
        {
            if (_candidates.TryAdd(candidate, true)) Interlocked.Increment(ref _count);
        }
    }
}
