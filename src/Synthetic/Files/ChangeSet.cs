using System.Text;

namespace Kilde.Synthetic;

/// <summary>Follows what is written and tells where the changes belong; each is made once.</summary>
internal sealed class ChangeSet
{
    private readonly Pending[] _changes;

    public ChangeSet(IReadOnlyList<Change> changes) => _changes = [.. changes.Select(change => new Pending(change))];

    public bool AreAllMade => Array.TrueForAll(_changes, change => change.IsMade);

    public void Begin(ReadOnlySpan<byte> element)
    {
        foreach (var change in _changes) change.Begin(element);
    }

    /// <summary>The change of an attribute of the element just begun; null when it is written as it is.</summary>
    public Change? Of(ReadOnlySpan<byte> attribute)
    {
        foreach (var change in _changes)
        {
            if (change.IsAt && !change.IsMade && attribute.SequenceEqual(change.Attribute)) return change.Make();
        }

        return null;
    }

    /// <summary>The change of an element that holds text and has not begun.</summary>
    public Change? OfText(ReadOnlySpan<byte> element)
    {
        foreach (var change in _changes)
        {
            if (change.Attribute.Length == 0 && !change.IsMade && change.IsNext(element)) return change.Make();
        }

        return null;
    }

    /// <summary>What the element just begun gets besides.</summary>
    public IEnumerable<Change> Added()
    {
        foreach (var change in _changes)
            if (change is { IsAt: true, IsMade: false, What.IsAdded: true }) yield return change.Make();
    }

    private sealed class Pending(Change change)
    {
        private readonly byte[][] _steps = [.. change.Path.Split('/').Select(Encoding.UTF8.GetBytes)];
        private int _step;

        public Change What => change;

        public byte[] Attribute { get; } = Encoding.UTF8.GetBytes(change.Attribute);

        /// <summary>The last element of the path is the one just begun.</summary>
        public bool IsAt { get; private set; }

        public bool IsMade { get; private set; }

        public void Begin(ReadOnlySpan<byte> element)
        {
            var isStep = _step < _steps.Length && element.SequenceEqual(_steps[_step]);
            if (isStep) _step++;
            IsAt = isStep && _step == _steps.Length;
        }

        public bool IsNext(ReadOnlySpan<byte> element) =>
            _step == _steps.Length - 1 && element.SequenceEqual(_steps[_step]);

        public Change Make()
        {
            IsMade = true;
            return change;
        }
    }
}
