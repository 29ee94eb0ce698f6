using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>The rows of one record type since the last batch, and the row being read.</summary>
internal sealed class XmlRecordScope
{
    /// <summary>What is repeated in one row is kept in memory until the row is whole.</summary>
    private const int JsonBytesMax = 4 * 1024 * 1024;

    private const int ArrayElementsMax = 100_000;

    /// <summary>A batch of heavy rows is given away before it has as many as it may.</summary>
    private const int BatchWeightMax = 16 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _jsonBytes = new(1024);
    private readonly ColumnBuilder<string> _institutions = new(ColumnKind.Text);
    private readonly ColumnBuilder<string> _localIds = new(ColumnKind.Text);
    private readonly List<string> _deleted = [];
    private readonly List<int> _gaps = [];
    private readonly int[] _elements;
    private OrganizationNumber[] _units = new OrganizationNumber[64];
    private RowPerson[] _persons = new RowPerson[64];
    private int[] _parts = new int[64];
    private int[] _lines = new int[64];
    private int[] _positions;
    private int _capacity = 64;
    private int _openJson = -1;
    private long _weight;
    private (string Text, OrganizationNumber Number) _unit = ("", default);

    public XmlRecordScope(RecordScopePlan plan)
    {
        Plan = plan;
        _positions = new int[64 * plan.Repeated.Length];
        Columns = [.. plan.Type.Columns.Select(column => ColumnBuilder.Of(column.Kind))];
        Carried = [.. plan.Type.Columns.Select(column => ColumnBuilder.Of(column.Kind))];
        Arrays = new ArrayCells?[Columns.Length];
        foreach (var column in plan.ArrayGroups.SelectMany(group => group.Columns))
            Arrays[column.Slot] = new ArrayCells(column.IsNumbers);
        _elements = new int[plan.ArrayGroups.Length];
        Json = new Utf8JsonWriter(_jsonBytes, new JsonWriterOptions
        {
            SkipValidation = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }

    public RecordScopePlan Plan { get; }

    public ColumnBuilder[] Columns { get; }

    /// <summary>What stands above or before the record, one value a column.</summary>
    public ColumnBuilder[] Carried { get; }

    public ArrayCells?[] Arrays { get; }

    public Utf8JsonWriter Json { get; }

    /// <summary>The row being read; also how many are kept.</summary>
    public int Row { get; private set; }

    public bool IsRowDropped { get; set; }

    /// <summary>Set when an element within the row is left out.</summary>
    public bool HasGaps { get; set; }

    public int DeletedCount => _deleted.Count;

    /// <param name="nodes">Where the reader stands: in the record and all it stands in.</param>
    public void Begin(NodeState[] nodes, int line)
    {
        IsRowDropped = false;
        HasGaps = false;
        if (Row == _capacity)
        {
            _capacity *= 2;
            Array.Resize(ref _units, _capacity);
            Array.Resize(ref _persons, _capacity);
            Array.Resize(ref _parts, _capacity);
            Array.Resize(ref _lines, _capacity);
            Array.Resize(ref _positions, _capacity * Plan.Repeated.Length);
            _institutions.Grow(_capacity);
            _localIds.Grow(_capacity);
            foreach (var column in Columns) column.Grow(_capacity);
        }

        _lines[Row] = line;
        var levels = Plan.Repeated;
        for (var level = 0; level < levels.Length; level++)
            _positions[(Row * levels.Length) + level] = nodes[levels[level]].Position;
        foreach (var slot in Plan.CarriedSlots) Columns[slot].Fill(Carried[slot], Row, Row + 1);
    }

    public bool IsBatch(int rowsMax) => Row >= rowsMax || _weight > BatchWeightMax;

    /// <summary>Opens the Json column of a repeated element, or goes on in it.</summary>
    public void OpenJson(int slot)
    {
        if (_openJson == slot) return;
        CloseJson();
        _openJson = slot;
        _jsonBytes.ResetWrittenCount();
        Json.Reset(_jsonBytes);
        Json.WriteStartArray();
    }

    /// <summary>Call it for every element that is written.</summary>
    public void BoundJson()
    {
        if (Json.BytesCommitted + Json.BytesPending > JsonBytesMax)
            throw new XmlLimitException($"mer enn {JsonBytesMax / 1024 / 1024} MB i én post");
    }

    public void AppendArrays(ArrayGroup group)
    {
        var element = _elements[group.Index]++;
        if (element == ArrayElementsMax)
            throw new XmlLimitException($"mer enn {ArrayElementsMax} elementer i én post");
        foreach (var column in group.Columns) Arrays[column.Slot]!.Keep(element);
        _weight += sizeof(long) * group.Columns.Length;
    }

    /// <param name="part">The part of the message it stands in, from 1; 0 for none.</param>
    public void Keep(string institution, string localId, RowPerson person, int part)
    {
        CloseJson();
        FinishArrays(isKept: true);
        _institutions.Set(Row, institution);
        _localIds.Set(Row, localId);
        _persons[Row] = person;
        _units[Row] = NumberOf(institution);
        _parts[Row] = part;
        if (HasGaps) _gaps.Add(Row);
        Row++;
    }

    public void Drop()
    {
        CloseJson();
        FinishArrays(isKept: false);
        foreach (var column in Columns) column.Clear(Row);
    }

    public void Delete(string id) => _deleted.Add(id);

    public RecordBatch ToBatch()
    {
        var batch = new RecordBatch(
            Plan.Type, Row, _units.AsSpan(0, Row).ToArray(), _localIds.ToArray(Row), _persons.AsSpan(0, Row).ToArray(),
            [.. Columns.Select(column => column.Build(Row))], [.. _deleted])
        {
            Institutions = _institutions.ToArray(Row),
            Parts = _parts.AsSpan(0, Row).ToArray(),
            Places = new RowPlaces(
                _lines.AsSpan(0, Row).ToArray(), _positions.AsSpan(0, Row * Plan.Repeated.Length).ToArray(),
                [.. _gaps]),
        };
        foreach (var column in Columns) column.Reset(Row + 1);
        Array.Clear(_persons, 0, Row);
        _deleted.Clear();
        _gaps.Clear();
        (Row, _weight) = (0, 0);
        return batch;
    }

    private void CloseJson()
    {
        if (_openJson < 0) return;
        Json.WriteEndArray();
        Json.Flush();
        _weight += _jsonBytes.WrittenCount;
        ((ColumnBuilder<string>)Columns[_openJson]).Set(Row, Encoding.UTF8.GetString(_jsonBytes.WrittenSpan));
        _openJson = -1;
    }

    private void FinishArrays(bool isKept)
    {
        foreach (var group in Plan.ArrayGroups)
        {
            var count = _elements[group.Index];
            _elements[group.Index] = 0;
            if (!isKept || count == 0) continue;
            foreach (var column in group.Columns) Arrays[column.Slot]!.Give(Columns[column.Slot], Row, count);
        }
    }

    // Nine digits, or nine and one more for a part that reports by itself.
    private OrganizationNumber NumberOf(string institution)
    {
        if (_unit.Text == institution) return _unit.Number;
        var digits = institution.Length == 10 ? institution[..9] : institution;
        if (!OrganizationNumber.TryParseForValidation(digits, out var number)) number = default;
        _unit = (institution, number);
        return number;
    }
}
