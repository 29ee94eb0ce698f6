using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Turns the elements of a repeated child into the record's Json column, or into one array column per item.
/// </summary>
internal readonly struct ListSink
{
    private const int EmptyArrayBytes = 2;

    private readonly FieldPlan _field;
    private readonly ReadState _state;
    private readonly CellScope _cells;
    private readonly CellScope _record;
    private readonly List<string>?[] _texts;
    private readonly List<long>?[] _numbers;

    public ListSink(FieldPlan field, ReadState state, CellScope cells)
    {
        _field = field;
        _state = state;
        _cells = cells;
        _record = state.Scopes[field.RecordScope];
        _texts = new List<string>?[field.ArraySlots.Length];
        _numbers = new List<long>?[field.ArraySlots.Length];
        if (field.Slot < 0) return;
        state.JsonBytes.ResetWrittenCount();
        state.JsonWriter.Reset(state.JsonBytes);
        state.JsonWriter.WriteStartArray();
    }

    public void Add()
    {
        if (_field.Slot >= 0) AddJson();
        else AddToArrays();
    }

    public void Finish()
    {
        if (_field.Slot >= 0) FinishJson();
        else FinishArrays();
    }

    // In the order of the definition, so that the same content is the same text whatever order it was sent in.
    private void AddJson()
    {
        _state.JsonWriter.WriteStartObject();
        for (var i = 0; i < _cells.Columns.Length; i++)
        {
            if (!_cells.Columns[i].IsPresent(0)) continue;
            _state.JsonWriter.WritePropertyName(_field.JsonNames[i]);
            _cells.Columns[i].WriteJson(_state.JsonWriter, 0);
        }

        _state.JsonWriter.WriteEndObject();
    }

    private void FinishJson()
    {
        _state.JsonWriter.WriteEndArray();
        _state.JsonWriter.Flush();
        if (_state.JsonBytes.WrittenCount == EmptyArrayBytes) return;
        var column = (ColumnBuilder<string>)_record.Columns[_field.Slot];
        column.Set(_record.Row, _state.Strings.Get(_state.JsonBytes.WrittenSpan));
    }

    // Arrays stand beside each other: an element that lacks an item is left out of all of them.
    private void AddToArrays()
    {
        for (var i = 0; i < _cells.Columns.Length; i++)
        {
            if (!_cells.Columns[i].IsPresent(0)) return;
        }

        for (var i = 0; i < _cells.Columns.Length; i++)
        {
            switch (_cells.Columns[i])
            {
                case ColumnBuilder<string> text: (_texts[i] ??= []).Add(text[0]); break;
                case ColumnBuilder<long> number: (_numbers[i] ??= []).Add(number[0]); break;
                case ColumnBuilder<DateOnly> day: (_texts[i] ??= []).Add(day[0].ToString("O")); break;
                case ColumnBuilder<DateTimeOffset> time: (_texts[i] ??= []).Add(time[0].ToString("O")); break;
                case ColumnBuilder<decimal> number: (_texts[i] ??= []).Add(number[0].ToString()); break;
                case ColumnBuilder<bool> flag: (_texts[i] ??= []).Add(flag[0] ? "true" : "false"); break;
            }
        }
    }

    private void FinishArrays()
    {
        for (var i = 0; i < _field.ArraySlots.Length; i++)
        {
            var column = _record.Columns[_field.ArraySlots[i]];
            if (_texts[i] is { } texts) ((ColumnBuilder<string[]>)column).Set(_record.Row, [.. texts]);
            if (_numbers[i] is { } numbers) ((ColumnBuilder<long[]>)column).Set(_record.Row, [.. numbers]);
        }
    }
}
