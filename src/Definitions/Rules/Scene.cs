using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>
/// One batch as the rules see it: a table of its records and one for each kind of repeated element, laid out only as
/// far as some rule asks, column by column, in memory that is used again for the next batch.
/// </summary>
internal sealed class Scene
{
    private readonly RecordPaths _paths;
    private readonly Table[] _tables;
    private readonly ItemCells[] _items;
    private readonly Dictionary<Condition, IMemory> _memories = [];

    public Scene(RecordPaths paths, Places places, ReferenceLog references, CodeSystemCatalogue codeSystems)
    {
        Unchecked = new UncheckedCodes(codeSystems);
        _paths = paths;
        Places = places;
        References = references;
        CodeSystems = codeSystems;
        _tables = [.. paths.Shapes.Select(shape => new Table(this, shape))];
        _items = [.. paths.Items.Select(_ => new ItemCells())];
    }

    /// <summary>Null for rules about the message itself or its reporting units.</summary>
    public RecordBatch? Batch { get; private set; }

    public MessageFacts Message { get; private set; } = new();

    public ReferenceLog References { get; }

    /// <summary>One for all records of the message.</summary>
    public UncheckedCodes Unchecked { get; init; }

    public Places Places { get; }

    public CodeSystemCatalogue CodeSystems { get; }

    /// <summary>One more for each batch.</summary>
    public int Version { get; private set; }

    public Table Records => TableOf(_paths.Record);

    /// <summary>How many times rules have looked at days that may be later in the next message.</summary>
    public int LaterDaysAsked { get; private set; }

    /// <summary>True when some rule remembers one record while it looks at the next.</summary>
    public bool HasMemories => _memories.Count > 0;

    public void MoveTo(RecordBatch? batch, MessageFacts message)
    {
        Batch = batch;
        Message = message;
        Version++;
    }

    /// <summary>
    /// What the condition remembers of the records before; empty when it was not held against the batch before.
    /// </summary>
    public Memory<T> MemoryOf<T>(Condition condition)
    {
        var isKnown = _memories.TryGetValue(condition, out var known) && known.Version == Version - 1;
        if (!isKnown) _memories[condition] = known = new Memory<T>();
        known!.Version = Version;
        return (Memory<T>)known;
    }

    public Table TableOf(Shape shape)
    {
        var table = _tables[shape.Ordinal];
        if (table.IsLaidOut) return table;
        if (shape.Parent is null) table.LayOut(Batch?.Count ?? (_paths.IsOfUnits ? Message.Units.Count : 1));
        else if (shape.IsJson) JsonLayout.LayOut(this, shape.Top);
        else table.LayOutArray(Batch!.Columns[shape.Column]);
        return table;
    }

    public ReadOnlySpan<int> ParentsOf(Shape shape) => TableOf(shape).Parents;

    /// <summary>A table to be filled with elements one by one.</summary>
    public Table Emptied(Shape shape)
    {
        var table = _tables[shape.Ordinal];
        table.Empty();
        foreach (var (_, slot) in shape.JsonItems) _items[slot].Texts.Clear(Version);
        return table;
    }

    public Cells<Slice> JsonCells(int slot) => _items[slot].Texts;

    public ReadOnlySpan<Slice> TextsOf(Item item)
    {
        Watch(item);
        var count = TableOf(item.Home).Count;
        var texts = _items[item.Slot].Texts;
        if (texts.Begin(Version, count)) item.Fill(this, texts.Values);
        return texts.Values;
    }

    public ReadOnlySpan<Moment> MomentsOf(Item item)
    {
        Watch(item);
        var moments = _items[item.Slot].Moments;
        if (moments.Begin(Version, TableOf(item.Home).Count)) item.Fill(this, moments.Values);
        return moments.Values;
    }

    public ReadOnlySpan<decimal?> NumbersOf(Item item)
    {
        var numbers = _items[item.Slot].Numbers;
        if (numbers.Begin(Version, TableOf(item.Home).Count)) item.Fill(this, numbers.Values);
        return numbers.Values;
    }

    public ReadOnlySpan<bool> PresencesOf(Item item)
    {
        Watch(item);
        var presences = _items[item.Slot].Presences;
        if (presences.Begin(Version, TableOf(item.Home).Count)) item.Fill(this, presences.Values);
        return presences.Values;
    }

    private void Watch(Item item)
    {
        if (item is MessageDayItem { MayBeLater: true }) LaterDaysAsked++;
    }
}
