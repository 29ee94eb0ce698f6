namespace Kilde.Definitions.Rules;

/// <summary>Values laid out for the batch at hand; the memory is used again for the next.</summary>
internal sealed class Cells<T>
{
    private const int LengthMin = 64;

    private T[] _values = [];
    private int _version;

    public int Count { get; private set; }

    public Span<T> Values => _values.AsSpan(0, Count);

    /// <summary>True when they are not of this batch: then they are made room for, and the caller fills them.</summary>
    public bool Begin(int version, int count)
    {
        if (_version == version) return false;
        Clear(version);
        if (_values.Length < count) _values = new T[Math.Max(LengthMin, count)];
        Count = count;
        return true;
    }

    /// <summary>Empty, to be added to.</summary>
    public void Clear(int version)
    {
        _version = version;
        Count = 0;
    }

    public void Add(T value)
    {
        if (Count == _values.Length) Array.Resize(ref _values, Math.Max(LengthMin, 2 * Count));
        _values[Count++] = value;
    }
}

/// <summary>The values of one item in the forms that are asked for.</summary>
internal sealed class ItemCells
{
    public Cells<Slice> Texts { get; } = new();

    public Cells<Moment> Moments { get; } = new();

    public Cells<decimal?> Numbers { get; } = new();

    public Cells<bool> Presences { get; } = new();
}
