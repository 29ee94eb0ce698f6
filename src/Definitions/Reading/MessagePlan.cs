using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>What the walker does when it meets a field.</summary>
internal enum FieldAct
{
    Value,
    Group,
    List,
    Person,
    Records,
    Deletions,
}

/// <summary>A field as the reader meets it.</summary>
internal sealed class FieldPlan
{
    public required string Name { get; init; }

    /// <summary>
    /// The definition's field; for lists of records and deletions a stand-in that carries their title.
    /// </summary>
    public required Field Field { get; init; }

    public required FieldAct Act { get; init; }

    /// <summary>Its place among all fields of the message.</summary>
    public required int Ordinal { get; init; }

    public ValuePlan? Value { get; init; }

    public ObjectPlan? Children { get; init; }

    /// <summary>
    /// For lists: the scope its elements are read into. For records and deletions: that of the record.
    /// </summary>
    public int Scope { get; init; } = -1;

    /// <summary>For lists: the column the list becomes; -1 when each item is a column.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>For lists stored as arrays: the record's column of each item.</summary>
    public int[] ArraySlots { get; init; } = [];

    /// <summary>For lists: the names of the items as JSON writes them.</summary>
    public JsonEncodedText[] JsonNames { get; init; } = [];

    /// <summary>For lists: the scope of the record they stand in.</summary>
    public int RecordScope { get; init; } = -1;

    public RecordPlan? Record { get; init; }
}

/// <summary>An object as the reader meets it: its fields, found by their bytes.</summary>
internal sealed class ObjectPlan(FieldPlan[] fields)
{
    private readonly Utf8Table _names = new(fields.Select(field => field.Name));

        public FieldPlan[] Required { get; } = [.. fields.Where(field => field.Field.IsRequired)];

    /// <summary>
    /// Senders nearly always write fields in the same order, so the one after the last is tried first.
    /// </summary>
    public FieldPlan? Find(ReadOnlySpan<byte> name, ref int expected)
    {
        if ((uint)expected < (uint)fields.Length && name.SequenceEqual(_names[expected])) return fields[expected++];
        var at = _names.Find(name);
        if (at < 0) return null;
        expected = at + 1;
        return fields[at];
    }
}

/// <summary>Two times of a record, the first of which must not come before the second.</summary>
internal readonly record struct OrderCheck(Field Field, int Slot, Field Earlier, int EarlierSlot);

/// <summary>A record as the reader meets it.</summary>
internal sealed class RecordPlan
{
    public required RecordType Type { get; init; }

    public required int Scope { get; init; }

    /// <summary>The sender's id is kept in a column of its own, after those of the table.</summary>
    public int KeySlot => Type.Columns.Count;

    public required int EventSlot { get; init; }

    /// <summary>Columns of the unit's block: slot in the record, slot in the unit.</summary>
    public required IReadOnlyList<(int Slot, int Source)> UnitSlots { get; init; }

    public required OrderCheck[] Orders { get; init; }

    public ObjectPlan Object { get; set; } = null!;

    /// <summary>The person block, when the record has one.</summary>
    public Field? Person { get; init; }
}

/// <summary>A whole message type as the reader meets it. Made once per type.</summary>
internal sealed class MessagePlan
{
    private readonly List<Func<CellScope>> _scopes = [];
    private int _fields;

    public MessagePlan(MessageType type)
    {
        Type = type;
        var unitColumns = type.UnitFields.ToList();
        UnitScope = AddScope(() => ScalarCells(unitColumns));
        UnitSlot = unitColumns.FindIndex(field => field.Role == FieldRole.Unit);
        MunicipalitySlot = unitColumns.FindIndex(field => field.Type == FieldType.Municipality);
        DistrictSlot = unitColumns.FindIndex(field => field.Type == FieldType.UrbanDistrict);

        var fields = type.UnitFields
            .Select((field, slot) => NewValue(field, UnitScope, slot, isDatedNow: false))
            .ToList();
        var records = new List<RecordPlan>();
        foreach (var record in type.RecordTypes)
        {
            var plan = NewRecord(record);
            records.Add(plan);
            if (record.DeletionWireName is { } deletions) fields.Add(NewDeletions(plan, deletions));
            fields.Add(new FieldPlan
            {
                Name = record.WireName,
                Field = StandIn(record.WireName, record.Title),
                Act = FieldAct.Records,
                Ordinal = _fields++,
                Scope = plan.Scope,
                Record = plan,
            });
        }

        Records = records;
        Unit = new ObjectPlan([.. fields]);
    }

    public MessageType Type { get; }

    public ObjectPlan Unit { get; }

    public IReadOnlyList<RecordPlan> Records { get; }

    public int UnitScope { get; }

    public int UnitSlot { get; }

    public int MunicipalitySlot { get; }

    public int DistrictSlot { get; }

    public IReadOnlyList<Func<CellScope>> Scopes => _scopes;

    public int FieldCount => _fields;

    private int AddScope(Func<CellScope> make)
    {
        _scopes.Add(make);
        return _scopes.Count - 1;
    }

    private RecordPlan NewRecord(RecordType record)
    {
        var columns = record.Columns.ToList();
        var plan = new RecordPlan
        {
            Type = record,
            Scope = _scopes.Count,
            EventSlot = SlotOf(columns, record.Event),
            Person = record.Fields.FirstOrDefault(field => field.Type == FieldType.Person),
            UnitSlots = [.. columns.Select((column, slot) => (column, slot))
                .Where(pair => pair.column.IsOfUnit)
                .Select(pair => (pair.slot, Type.UnitFields.ToList().IndexOf(pair.column.Field)))],
            Orders = [.. Orders(columns)],
        };
        AddScope(() => new RecordScope(
            plan, [.. columns.Select(column => ColumnBuilder.Of(column.Kind)), ColumnBuilder.Of(ColumnKind.Text)]));
        plan.Object = new ObjectPlan([.. record.Fields.Select(field => NewField(field, plan, columns))]);
        return plan;
    }

    private static IEnumerable<OrderCheck> Orders(List<RecordColumn> columns)
    {
        var start = columns.Find(column => column.Field.Role == FieldRole.ContactStart)?.Field;
        foreach (var field in columns.Select(column => column.Field))
        {
            var earlier = field.NotBefore is { } path
                ? columns.Find(column => column.WirePath.TrimStart('/') == path && !column.IsOfUnit)?.Field
                : field.Role == FieldRole.ContactEnd && start?.Type == field.Type ? start : null;
            if (earlier is not null)
            {
                yield return new OrderCheck(field, SlotOf(columns, field), earlier, SlotOf(columns, earlier));
            }
        }
    }

    private FieldPlan NewField(Field field, RecordPlan record, List<RecordColumn> columns) => field.Type switch
    {
        FieldType.Group => new FieldPlan
        {
            Name = field.WireName,
            Field = field,
            Act = FieldAct.Group,
            Ordinal = _fields++,
            Children = new ObjectPlan([.. field.Fields.Select(child => NewField(child, record, columns))]),
        },
        FieldType.Person => new FieldPlan
        {
            Name = field.WireName,
            Field = field,
            Act = FieldAct.Person,
            Ordinal = _fields++,
            Children = new ObjectPlan([.. field.Fields.Select(NewIdentifier)]),
        },
        FieldType.List => NewList(field, record.Scope, columns),
        _ => NewValue(
            field,
            record.Scope,
            field.Role == FieldRole.Key ? record.KeySlot : SlotOf(columns, field),
            isDatedNow: true),
    };

    private FieldPlan NewList(Field field, int recordScope, List<RecordColumn> columns)
    {
        var scope = AddScope(() => ScalarCells(field.Fields));
        return new FieldPlan
        {
            Name = field.WireName,
            Field = field,
            Act = FieldAct.List,
            Ordinal = _fields++,
            Scope = scope,
            RecordScope = recordScope,
            JsonNames = [.. field.Fields.Select(child => JsonEncodedText.Encode(child.WireName))],
            Slot = field.IsStoredAsArrays ? -1 : SlotOf(columns, field),
            ArraySlots = field.IsStoredAsArrays ? [.. field.Fields.Select(child => SlotOf(columns, child))] : [],
            Children = new ObjectPlan(
                [.. field.Fields.Select((child, slot) => NewValue(child, scope, slot, isDatedNow: true))]),
        };
    }

    private FieldPlan NewDeletions(RecordPlan record, string wireName)
    {
        var scope = AddScope(() => new CellScope(
            [ColumnBuilder.Of(ColumnKind.Text), ColumnBuilder.Of(ColumnKind.Boolean)]));
        return new FieldPlan
        {
            Name = wireName,
            Field = StandIn(wireName, $"Slettede: {record.Type.Title}"),
            Act = FieldAct.Deletions,
            Ordinal = _fields++,
            Scope = scope,
            Record = record,
            Children = new ObjectPlan(
            [
                NewValue(record.Type.Key, scope, slot: 0, isDatedNow: false),
                NewValue(DeletionFlag.Field, scope, slot: 1, isDatedNow: false),
            ]),
        };
    }

    private FieldPlan NewValue(Field field, int scope, int slot, bool isDatedNow) => new()
    {
        Name = field.WireName,
        Field = field,
        Act = FieldAct.Value,
        Ordinal = _fields++,
        Value = ValuePlan.Of(field, scope, slot, isDatedNow),
    };

    private FieldPlan NewIdentifier(Field field) => new()
    {
        Name = field.WireName,
        Field = field,
        Act = FieldAct.Value,
        Ordinal = _fields++,
        Value = field.Type == FieldType.LocalPersonId ? new LocalPersonIdPlan(field) : new IdentifierPlan(field),
    };

    private static int SlotOf(List<RecordColumn> columns, Field field) =>
        columns.FindIndex(column => ReferenceEquals(column.Field, field));

    private static Field StandIn(string wireName, string title) => new()
    {
        WireName = wireName,
        Path = "/" + wireName,
        Type = FieldType.List,
        Titles = new LocalizedText(title),
        OnFault = DeletionFlag.Reject,
        Example = "",
    };

    private static CellScope ScalarCells(IEnumerable<Field> fields) =>
        new([.. fields.Select(field => ColumnBuilder.Of(ColumnKinds.Of(field.Type)))]);
}

/// <summary>The item beside the id in a list of deletions. <c>false</c> means that the record is not deleted.</summary>
internal static class DeletionFlag
{
    public const string WireName = "erSlettet";

    public static FaultActions Reject { get; } = new(
        FaultAction.RejectMessage, FaultAction.RejectMessage, FaultAction.RejectMessage, FaultAction.RejectMessage);

    public static Field Field { get; } = new()
    {
        WireName = WireName,
        Path = "/" + WireName,
        Type = FieldType.Boolean,
        Titles = new LocalizedText("Er slettet"),
        IsRequired = true,
        InformationType = InformationType.C,
        OnFault = Reject,
        Example = "true",
    };
}
