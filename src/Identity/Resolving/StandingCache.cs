using System.Collections.Concurrent;

namespace Kilde.Identity.Resolving;

/// <summary>
/// What blind indexes stand for, kept in this process as of one person change. Any merge, split or attachment, on this
/// node or another, moves the change number, and what was kept is no longer known. It never holds clear text.
/// </summary>
/// <param name="entriesMax">40 bytes each.</param>
internal sealed class StandingCache(int entriesMax)
{
    private static readonly StandingTable Nothing = new(entriesMax: 0);

    private readonly StandingTable _table = new(entriesMax);
    private Generation? _newest;

    /// <summary>What is known as of a change number. A number older than the newest gets and keeps nothing.</summary>
    public Generation At(long changeNo)
    {
        while (true)
        {
            var newest = Volatile.Read(ref _newest);
            if (newest is not null && newest.ChangeNo > changeNo) return new Generation(changeNo, Nothing);
            if (newest?.ChangeNo == changeNo && newest.CandidateCount <= entriesMax) return newest;
            var anew = new Generation(changeNo, _table);
            if (Interlocked.CompareExchange(ref _newest, anew, newest) == newest) return anew;
        }
    }

    internal sealed class Generation(long changeNo, StandingTable table)
    {
        private readonly ConcurrentDictionary<Candidate, bool> _candidates = new();
        private int _candidateCount;

        public long ChangeNo { get; } = changeNo;

        /// <summary>Kept beside the dictionary, whose own count takes all its locks.</summary>
        public int CandidateCount => Volatile.Read(ref _candidateCount);

        public bool TryGet(Guid index, out Standing standing) => table.TryGet(index, ChangeNo, out standing);

        public void Keep(Guid index, Standing standing) => table.Keep(index, ChangeNo, standing);

        /// <summary>The candidate is already with staff.</summary>
        public bool Has(Candidate candidate) => _candidates.ContainsKey(candidate);

        public void Keep(Candidate candidate)
        {
            if (_candidates.TryAdd(candidate, true)) Interlocked.Increment(ref _candidateCount);
        }
    }
}
