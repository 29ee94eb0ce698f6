namespace Kilde.Audit.Verification;

/// <summary>
/// Follows one chain, entry by entry, and tells at its end what is wrong with it. It keeps only the entries that are
/// suspect, so memory does not grow with the log.
/// </summary>
/// <param name="checkpointed">The highest number a genuine checkpoint has seen in this chain; 0 when none.</param>
internal sealed class ChainVerifier(string chain, long checkpointed, byte[] sealKey)
{
    /// <summary>Suspects and missing numbers kept per chain. Beyond them the verdict is "not complete".</summary>
    private const int SuspectsMax = 1000;

    private readonly List<(SealedEntry Entry, bool IsLinked)> _suspects = [];
    private readonly List<long> _missing = [];
    private readonly List<TamperFinding> _findings = [];
    private SealedEntry? _previous;
    private bool _previousIsGenuine;
    private readonly long _checkpointed = checkpointed;
    private long _newestGenuine = checkpointed;

    public string Chain { get; } = chain;

    public bool IsComplete { get; private set; } = true;

    public void Next(SealedEntry entry)
    {
        NoteMissing((_previous?.SequenceNo ?? 0) + 1, entry.SequenceNo - 1);
        var follows = (_previous?.SequenceNo ?? 0) == entry.SequenceNo - 1;
        var isLinked = follows
            && entry.PreviousHash.AsSpan().SequenceEqual(_previous?.Hash ?? new byte[SealedEntry.HashBytes]);
        var isSealed = entry.IsSealed(sealKey);
        var isGenuine = isSealed && entry.IsWhole;

        if (!isGenuine && _suspects.Count < SuspectsMax) _suspects.Add((entry, isLinked && isSealed));
        else if (!isGenuine) IsComplete = false;

        if (isGenuine) _newestGenuine = Math.Max(_newestGenuine, entry.SequenceNo);

        if (isGenuine && !isLinked && follows && (_previous is null || _previousIsGenuine))
            Report(TamperKind.Altered, entry.SequenceNo, "Innførselen er ekte, men bygger ikke på den før.");
        (_previous, _previousIsGenuine) = (entry, isGenuine);
    }

    public IReadOnlyList<TamperFinding> End()
    {
        NoteMissing((_previous?.SequenceNo ?? 0) + 1, _checkpointed);
        var standsAt = FindMoved();
        var moved = standsAt.ToDictionary(pair => pair.Value, pair => pair.Key);

        // Numbers that did exist: an entry found elsewhere was written as one, and a seal that stands where its
        // predecessor still leads to it belongs there.
        var existing = _suspects
            .Where(suspect => suspect.IsLinked && !moved.ContainsKey(suspect.Entry.SequenceNo))
            .Select(suspect => suspect.Entry.SequenceNo)
            .Concat(standsAt.Keys);
        foreach (var number in existing) _newestGenuine = Math.Max(_newestGenuine, number);

        foreach (var number in _missing.Where(number => !standsAt.ContainsKey(number)))
            Report(TamperKind.Removed, number, "Innførselen er fjernet.");

        foreach (var number in _suspects.Select(suspect => suspect.Entry.SequenceNo))
        {
            var existed = number <= _newestGenuine;
            if (moved.TryGetValue(number, out var writtenAs))
            {
                Report(TamperKind.Reordered, number, $"Her står innførselen som ble skrevet som nummer {writtenAs}.");
                if (existed && !standsAt.ContainsKey(number))
                    Report(TamperKind.Removed, number, "Innførselen er fjernet, og en annen har fått nummeret.");
            }
            else if (existed && !standsAt.ContainsKey(number))
            {
                Report(TamperKind.Altered, number, "Innholdet er ikke det som ble skrevet.");
            }
            else
            {
                Report(TamperKind.Inserted, number, "Innførselen er ikke skrevet av plattformen.");
            }
        }

        return _findings;
    }

    /// <summary>Original number → where it stands now, for entries whose hash fits another number.</summary>
    private Dictionary<long, long> FindMoved()
    {
        HashSet<long> open = [.. _suspects.Select(suspect => suspect.Entry.SequenceNo), .. _missing];
        var last = _previous?.SequenceNo ?? 0;
        var standsAt = new Dictionary<long, long>();
        var shift = 0L;
        foreach (var (entry, _) in _suspects)
        {
            if (!entry.IsSealed(sealKey)) continue;

            // After a removal or an insertion all that follow are shifted alike: that is tried first. When the end of
            // the chain was shifted, the original number is beyond what stands now.
            var original = open.Prepend(entry.SequenceNo + shift)
                .Append(last + 1)
                .FirstOrDefault(number => number != entry.SequenceNo
                    && (number > last || open.Contains(number))
                    && entry.WasWrittenAs(number));
            if (original == 0 || !standsAt.TryAdd(original, entry.SequenceNo)) continue;
            shift = original - entry.SequenceNo;
        }

        return standsAt;
    }

    private void NoteMissing(long from, long to)
    {
        for (var number = from; number <= to; number++)
        {
            if (_missing.Count == SuspectsMax)
            {
                IsComplete = false;
                return;
            }

            _missing.Add(number);
        }
    }

    private void Report(TamperKind kind, long number, string text) =>
        _findings.Add(new TamperFinding(kind, Chain, number, text));
}
