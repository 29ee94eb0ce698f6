using System.Globalization;
using System.Text.Json;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Quality.Activity;

/// <summary>Reads one column of a batch as text, number or month.</summary>
internal sealed class CellReader
{
    private static readonly string[] Months =
        [.. Enumerable.Range(1, 12).Select(month => month.ToString("00", CultureInfo.InvariantCulture))];

    private readonly ColumnVector? _column;

    public CellReader(RecordBatch batch, string name)
    {
        for (var i = 0; i < batch.Columns.Count; i++)
        {
            if (batch.Type.Columns[i].Name == name) _column = batch.Columns[i];
        }
    }

    public string? TextOf(int row) => _column is null || _column.IsNull(row) ? null : _column switch
    {
        ColumnVector<string> texts => texts[row],
        ColumnVector<long> numbers => numbers[row].ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    public decimal? NumberOf(int row) => _column is null || _column.IsNull(row) ? null : _column switch
    {
        ColumnVector<decimal> numbers => numbers[row],
        ColumnVector<long> numbers => numbers[row],
        _ => null,
    };

    /// <summary>01–12.</summary>
    public string? MonthOf(int row) => _column is null || _column.IsNull(row) ? null : _column switch
    {
        ColumnVector<DateOnly> days => Months[days[row].Month - 1],
        ColumnVector<DateTimeOffset> instants => Months[Norwegian.Day(instants[row]).Month - 1],
        _ => null,
    };

    public string[]? TextsOf(int row) =>
        _column is ColumnVector<string[]> texts && !texts.IsNull(row) ? texts[row] : null;
}

/// <summary>Reads what records hold several of, one after the other.</summary>
internal sealed class ItemReader(NestedItems each, RecordBatch batch)
{
    private readonly CellReader _column = new(batch, each.Column);
    private readonly List<JsonElement> _items = [];
    private int _at;

    /// <summary>Goes to before the first of the record.</summary>
    public void Read(int row)
    {
        (_at, var json) = (-1, _column.TextOf(row));
        _items.Clear();
        if (json is not null) Add(JsonElement.Parse(json), 0);
    }

    /// <summary>False when there are no more.</summary>
    public bool Next() => ++_at < _items.Count;

    public string? TextOf(string item) =>
        !_items[_at].TryGetProperty(item, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.GetRawText();

    public decimal? NumberOf(string item) =>
        _items[_at].TryGetProperty(item, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDecimal()
            : null;

    private void Add(JsonElement list, int depth)
    {
        foreach (var item in list.EnumerateArray())
        {
            if (depth == each.Path.Count) _items.Add(item);
            else if (item.TryGetProperty(each.Path[depth], out var within)) Add(within, depth + 1);
        }
    }
}

/// <summary>Reads what a record is counted under, by one key.</summary>
internal sealed class KeyReader
{
    private readonly ActivityKey _key;
    private readonly CellReader? _column;
    private readonly CellReader? _kinds;
    private readonly ItemReader? _items;

    public KeyReader(ActivityKey key, RecordBatch batch, ItemReader? items)
    {
        (_key, _items) = (key, items);
        if (key.Source == KeySource.Unit)
        {
            _column = new CellReader(batch, ActivityForm.ReferenceColumn);
            _kinds = new CellReader(batch, ActivityForm.ReferenceKindColumn);
        }
        else if (key is { Source: not KeySource.Item, Column: { } column })
        {
            _column = new CellReader(batch, column);
        }
    }

    /// <summary>Null when the record is not to be counted.</summary>
    public string? TokenOf(int row, string[] institutions) => _key.TokenOf(_key.Source switch
    {
        KeySource.Month => _column!.MonthOf(row),
        KeySource.Column => _column!.TextOf(row),
        KeySource.Unit => UnitOf(row),
        KeySource.Item => _items!.TextOf(_key.Column!),
        _ => institutions[row],
    });

    private string? UnitOf(int row)
    {
        if (_column!.TextsOf(row) is not { } units || _kinds!.TextsOf(row) is not { } kinds) return null;
        var at = Array.IndexOf(kinds, _key.UnitKind);
        return at < 0 || at >= units.Length ? null : units[at];
    }
}
