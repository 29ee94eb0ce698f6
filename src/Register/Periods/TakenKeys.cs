namespace Kilde.Register.Periods;

/// <summary>
/// The records of one kind that a year's message has held so far: the first of two with the same id stands, and what
/// has not come when all is read is gone.
/// </summary>
/// <param name="isNew">
/// Nothing stood in the year, so nothing can be gone. Then a part's keys are kept only while the part is read, since no
/// other part can have them.
/// </param>
internal sealed class TakenKeys(bool isNew)
{
    private readonly HashSet<Guid> _all = [];
    private readonly HashSet<Guid> _ofPart = [];
    private int _part;

    /// <summary>False when the record has come before.</summary>
    /// <param name="part">The part it stands in, in the order of the message; 0 for none.</param>
    public bool Add(int part, Guid key)
    {
        if (!isNew || part == 0) return _all.Add(key);
        if (part != _part)
        {
            _ofPart.Clear();
            _part = part;
        }

        return _ofPart.Add(key);
    }

    public bool Contains(Guid key) => _all.Contains(key);
}
