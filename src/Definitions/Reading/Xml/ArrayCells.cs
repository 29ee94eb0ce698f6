namespace Kilde.Definitions.Reading.Xml;

/// <summary>One array column being filled: the value in hand, and those of the row so far.</summary>
internal sealed class ArrayCells(bool isNumbers)
{
    private string?[] _texts = isNumbers ? [] : new string?[8];
    private long[] _numbers = isNumbers ? new long[8] : [];
    private string?[] _given = [];

    public string? Text { get; set; }

    public long Number { get; set; }

    public void Clear() => (Text, Number) = (null, 0);

    /// <summary>Makes the value in hand that of an element of the row, from 0.</summary>
    public void Keep(int element)
    {
        if (isNumbers) Put(ref _numbers, element, Number);
        else Put(ref _texts, element, Text);
    }

    /// <summary>Gives the row its elements: texts in the array of the row before, where they are the same.</summary>
    public void Give(ColumnBuilder column, int row, int count)
    {
        if (isNumbers)
        {
            ((ColumnBuilder<long[]>)column).Set(row, _numbers.AsSpan(0, count).ToArray());
            return;
        }

        if (!IsGiven(count)) _given = _texts.AsSpan(0, count).ToArray();
        ((ColumnBuilder<string[]>)column).Set(row, _given!);
    }

    // Texts of arrays come from code lists and a cache: the same text is most often the same string.
    private bool IsGiven(int count)
    {
        var (texts, given) = (_texts, _given);
        if (given.Length != count) return false;
        for (var i = 0; i < given.Length; i++)
        {
            if (!ReferenceEquals(texts[i], given[i])) return false;
        }

        return true;
    }

    private static void Put<T>(ref T[] values, int at, T value)
    {
        if (at == values.Length) Array.Resize(ref values, 2 * at);
        values[at] = value;
    }
}
