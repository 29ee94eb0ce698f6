using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>The records of one type that have been read so far.</summary>
internal sealed class RecordScope(RecordPlan plan, ColumnBuilder[] columns) : CellScope(columns)
{
    private const int CapacityFirst = 64;

    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _deleted = new(StringComparer.Ordinal);
    private OrganizationNumber[] _units = new OrganizationNumber[CapacityFirst];
    private RowPerson[] _persons = new RowPerson[CapacityFirst];

    /// <summary>Rows it has room for; also how much memory it holds.</summary>
    public int Capacity { get; private set; } = CapacityFirst;

    private ColumnBuilder<string> Keys => (ColumnBuilder<string>)Columns[plan.KeySlot];

    public void EnsureRow()
    {
        if (Row < Capacity) return;
        Capacity *= 2;
        Array.Resize(ref _units, Capacity);
        Array.Resize(ref _persons, Capacity);
        foreach (var column in Columns) column.Grow(Capacity);
    }

    public string? Key => Keys.IsPresent(Row) ? Keys[Row] : null;

    public bool TryKeep(RowPerson person)
    {
        if (Key is not { } key) return false;
        if (!_keys.Add(key)) return false;
        _persons[Row] = person;
        Row++;
        return true;
    }

    public bool HasKey(string key) => _keys.Contains(key);

    public void Delete(string key, string pointer) => _deleted.TryAdd(key, pointer);

    /// <summary>Deletions of records that the same message also sends.</summary>
    public IEnumerable<string> Contradictions =>
        _deleted.Where(pair => _keys.Contains(pair.Key)).Select(pair => pair.Value);

    /// <summary>
    /// Gives the rows of a unit's block what stands in the block itself, which may come after its records.
    /// </summary>
    public void FillUnit(int from, OrganizationNumber unit, CellScope unitScope)
    {
        _units.AsSpan(from, Row - from).Fill(unit);
        foreach (var (slot, source) in plan.UnitSlots) Columns[slot].Fill(unitScope.Columns[source], from, Row);
    }

    public RecordBatch ToBatch() => new(
        plan.Type,
        Row,
        _units.AsSpan(0, Row).ToArray(),
        Keys.ToArray(Row),
        _persons.AsSpan(0, Row).ToArray(),
        [.. Columns.Take(plan.Type.Columns.Count).Select(column => column.Build(Row))],
        [.. _deleted.Keys]);

    public void Reset()
    {
        foreach (var column in Columns) column.Reset(Row + 1);
        Array.Clear(_persons, 0, Math.Min(Row + 1, Capacity));
        _keys.Clear();
        _deleted.Clear();
        Row = 0;
    }
}
