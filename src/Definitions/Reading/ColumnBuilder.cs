using System.Collections;
using System.Text.Json;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading;

/// <summary>One growing column. Used again for the next message.</summary>
internal abstract class ColumnBuilder(ColumnKind kind)
{
    private int[] _present = new int[2];

    protected ColumnKind Kind { get; } = kind;

    /// <summary>An empty column of the kind.</summary>
    public static ColumnBuilder Of(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => new ColumnBuilder<long>(kind),
        ColumnKind.Decimal => new ColumnBuilder<decimal>(kind),
        ColumnKind.Boolean => new ColumnBuilder<bool>(kind),
        ColumnKind.Date => new ColumnBuilder<DateOnly>(kind),
        ColumnKind.Instant => new ColumnBuilder<DateTimeOffset>(kind),
        ColumnKind.TextArray => new ColumnBuilder<string[]>(kind),
        ColumnKind.IntegerArray => new ColumnBuilder<long[]>(kind),
        _ => new ColumnBuilder<string>(kind),
    };

    public bool IsPresent(int row) => (_present[row >> 5] & (1 << row)) != 0;

    public virtual void Grow(int rows) => Array.Resize(ref _present, (rows + 31) / 32);

    /// <summary>Makes the row null again.</summary>
    public virtual void Clear(int row) => _present[row >> 5] &= ~(1 << row);

    /// <summary>Gives rows the one value of another builder, or null.</summary>
    public abstract void Fill(ColumnBuilder one, int from, int to);

    public abstract ColumnVector Build(int count);

    /// <summary>Forgets every value, so that nothing of one message is left when the next is read.</summary>
    public virtual void Reset(int count) => Array.Clear(_present, 0, Math.Min(_present.Length, (count / 32) + 1));

    public abstract void WriteJson(Utf8JsonWriter json, int row);

    protected void SetPresent(int row) => _present[row >> 5] |= 1 << row;

    /// <summary>True when none of the rows has a value.</summary>
    protected bool IsEmpty(int count) => !_present.AsSpan(0, (count + 31) / 32).ContainsAnyExcept(0);

    protected BitArray Nulls(int count)
    {
        var words = new int[(count + 31) / 32];
        for (var i = 0; i < words.Length; i++) words[i] = ~_present[i];
        return new BitArray(words) { Length = count };
    }
}

/// <inheritdoc cref="ColumnBuilder"/>
internal sealed class ColumnBuilder<T>(ColumnKind kind) : ColumnBuilder(kind)
{
    // Most columns of a wide row are empty in most batches, which are most often of one size.
    private static T[] _nothing = [];

    private T[] _values = new T[64];

    public T this[int row] => _values[row];

    public void Set(int row, T value)
    {
        _values[row] = value;
        SetPresent(row);
    }

    public override void Grow(int rows)
    {
        base.Grow(rows);
        Array.Resize(ref _values, rows);
    }

    public override void Clear(int row)
    {
        base.Clear(row);
        _values[row] = default!;
    }

    public override void Fill(ColumnBuilder one, int from, int to)
    {
        if (!one.IsPresent(0)) return;
        var value = ((ColumnBuilder<T>)one)[0];
        for (var row = from; row < to; row++) Set(row, value);
    }

    public T[] ToArray(int count) => _values.AsSpan(0, count).ToArray();

    public override ColumnVector Build(int count) =>
        new ColumnVector<T>(Kind, IsEmpty(count) ? Nothing(count) : ToArray(count), Nulls(count));

    private static T[] Nothing(int count)
    {
        var known = _nothing;
        return known.Length == count ? known : _nothing = new T[count];
    }

    public override void Reset(int count)
    {
        base.Reset(count);
        Array.Clear(_values, 0, Math.Min(count, _values.Length));
    }

    public override void WriteJson(Utf8JsonWriter json, int row)
    {
        switch (_values[row])
        {
            case string text: json.WriteStringValue(text); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case DateOnly day: json.WriteStringValue(day.ToString("O")); break;
            case DateTimeOffset instant: json.WriteStringValue(instant); break;
        }
    }
}
