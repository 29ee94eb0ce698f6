using System.Text.Json;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>A message type ready for reading: every path of its definition turned into places in arrays.</summary>
internal sealed class XmlPlan
{
    private readonly Dictionary<XmlNode, NodePlan> _plans = [];
    private readonly Dictionary<XmlItem, ItemPlan> _items = [];
    private int _days;
    private int _captures;

    public XmlPlan(MessageType type)
    {
        Type = type;
        Structure = type.Xml ?? throw new ArgumentException("Not an XML message type.", nameof(type));
        Root = Plan(Structure.Root, null, 0);
        Nodes = [.. Structure.Nodes.Select(node => _plans[node])];
        Records = [.. type.RecordTypes.Select((record, index) => new RecordScopePlan(record, index))];
        foreach (var record in Records) PlanRecord(record);
        PlanIdentities();
        PlanEnvelope();
        foreach (var node in Nodes) PlanNode(node);
        foreach (var record in Records) record.CapturesBelow = [.. CapturesBelow(_plans[record.Xml.Node])];
        foreach (var node in Nodes) Close(node);
        HasPeriod = Structure.Envelope.Items.ContainsKey("from");
        Part = PartPlan.Of(this);
        if (Part is not null) Part.Node.IsPart = true;
    }

    public MessageType Type { get; }

    public XmlStructure Structure { get; }

    public NodePlan Root { get; }

    public NodePlan[] Nodes { get; }

    public RecordScopePlan[] Records { get; }

    public PersonPlan? Identity { get; private set; }

    public int IdentityUnit { get; private set; }

    /// <summary>The reporting unit, when the message has only one place for it.</summary>
    public int EnvelopeUnit { get; private set; } = ItemPlan.None;

    public ContactPlan? Contact { get; private set; }

    /// <summary>True when the message tells which period it is of.</summary>
    public bool HasPeriod { get; }

    /// <summary>The element that stands for itself; null when there is none.</summary>
    public PartPlan? Part { get; }

    public int DayCount => _days;

    public int CaptureCount => _captures;

    public int ConstraintCount { get; private set; }

    private NodePlan Plan(XmlNode node, NodePlan? parent, int childIndex)
    {
        var plan = new NodePlan(node, parent) { ChildIndex = childIndex };
        _plans[node] = plan;
        foreach (var item in plan.Items) Number(item);
        if (plan.Text is { } text) Number(text);
        plan.Children = [.. node.Children.Select((child, index) => Plan(child, plan, index))];
        return plan;
    }

    private void Number(ItemPlan item)
    {
        item.Number = _items.Count;
        _items[item.Item] = item;
    }

    private void PlanRecord(RecordScopePlan record)
    {
        var xml = record.Xml;
        var node = _plans[xml.Node];
        node.Record = record;
        record.Key = [.. xml.Key.Select(Capture)];
        record.Unit = Unit(xml.Unit);
        record.EventDay = Day(xml.Event);
        record.Person = xml.Person is null ? null : Person(xml.Person);
        var carried = new List<int>();
        var groups = new Dictionary<XmlNode, ArrayGroup>();
        for (var slot = 0; slot < xml.Columns.Count; slot++)
        {
            var column = xml.Columns[slot];
            if (column is { Group: { } json, Source: null }) PlanJson(_plans[json], record.Index, slot);
            else if (column is { Group: { } array, Source: { } element })
                PlanArray(record, groups, array, element, slot);
            else if (PlanColumn(record, column.Source!, slot)) carried.Add(slot);
        }

        record.CarriedSlots = [.. carried];
        if (xml.Deletion is { } deletion)
        {
            var plan = new DeletionPlan(
                record.Index, Capture(deletion.Id), deletion.Kind is null ? -1 : Capture(deletion.Kind), deletion.Is);
            _plans[deletion.Node].Deletions = [.. _plans[deletion.Node].Deletions, plan];
        }

        // A unit that is no ancestor stands once in the message, before or after the records.
        if (!IsAbove(xml.Unit.Node, xml.Node)) EnvelopeUnit = record.Unit;
    }

    // True when it is carried to the record from elsewhere.
    private bool PlanColumn(RecordScopePlan record, XmlItemRef source, int slot)
    {
        var item = _items[source.Item];
        if (IsWithin(source.Node, record.Xml.Node))
        {
            item.Columns = [.. item.Columns, new ColumnTarget(record.Index, slot)];
            return false;
        }

        item.Carried = [.. item.Carried, new CarriedTarget(record.Index, slot)];
        if (!IsAbove(source.Node, record.Xml.Node)) ForgetBetween(source, record.Xml.Node);
        return true;
    }

    // What stands beside the record, and not above it, may be missing where the next record stands.
    private void ForgetBetween(XmlItemRef carried, XmlNode record)
    {
        var common = carried.Node;
        while (!IsWithin(record, common)) common = common.Parent!;
        var plan = _plans[common];
        plan.Forgotten = [.. plan.Forgotten, _items[carried.Item]];
    }

    private static void PlanJson(NodePlan group, int record, int slot)
    {
        (group.JsonSlot, group.JsonRecord) = (slot, record);
        PlanBelow(group);

        void PlanBelow(NodePlan node)
        {
            node.IsInJson = true;
            node.JsonRecord = record;
            foreach (var item in node.Items) item.JsonName = Kept(item) ? JsonEncodedText.Encode(item.Item.Name) : null;
            node.JsonItems =
            [
                .. node.Items.Where(item => item.JsonName is not null)
                    .OrderBy(item => item.JsonName!.Value.EncodedUtf8Bytes.Length)
                    .ThenBy(item => item.Item.Name, StringComparer.Ordinal),
            ];
            if (node.Text is { } text && Kept(text)) text.JsonName = node.JsonName;
            foreach (var child in node.Children) PlanBelow(child);
        }
    }

    private static bool Kept(ItemPlan item) => item.Item.IsKept && !item.Item.IsIdentifier && item.Item.Fixed is null;

    private void PlanArray(
        RecordScopePlan record, Dictionary<XmlNode, ArrayGroup> groups, XmlNode root, XmlItemRef source, int slot)
    {
        if (!groups.TryGetValue(root, out var group))
        {
            groups[root] = group = new ArrayGroup(record.Index, record.ArrayGroups.Length);
            record.ArrayGroups = [.. record.ArrayGroups, group];
            MarkArray(_plans[root], group);
        }

        var item = _items[source.Item];
        var isNumbers = record.Type.Columns[slot].Kind == ColumnKind.IntegerArray;
        item.Array = new ArrayColumn(slot, group.Columns.Length, isNumbers);
        item.RecordOfArray = record.Index;
        group.Columns = [.. group.Columns, item.Array];
    }

    private static void MarkArray(NodePlan node, ArrayGroup group)
    {
        node.Arrays = group;
        node.IsArrayLeaf = node.IsRepeated && !node.Children.Any(child => child.IsRepeated);
        foreach (var child in node.Children) MarkArray(child, group);
    }

    private PersonPlan Person(XmlPerson person) => new(
        person.LocalId is null ? -1 : Capture(person.LocalId), person.Value is null ? -1 : Capture(person.Value),
        person.Kind is null ? -1 : Capture(person.Kind), person.Value?.Item.Field);

    private void PlanIdentities()
    {
        if (Structure.Identities is not { } identities) return;
        _plans[identities.Node].IsIdentity = true;
        Identity = Person(identities.Person);
        IdentityUnit = Unit(identities.Unit);
    }

    private void PlanEnvelope()
    {
        foreach (var (name, item) in Structure.Envelope.Items) _items[item.Item].EnvelopeName = name;
        if (Structure.Envelope.Contacts is not { } contacts) return;
        _plans[contacts.Node].IsContact = true;
        Contact = new ContactPlan(
            Capture(contacts.Type), contacts.Name is null ? -1 : Capture(contacts.Name),
            contacts.Phone is null ? -1 : Capture(contacts.Phone), [.. contacts.Emails.Select(Capture)]);
    }

    private void PlanNode(NodePlan node)
    {
        if (node.Node.FindBy is { } findBy) node.FindByCapture = Capture(new XmlItemRef(node.Node, findBy));
        foreach (var item in node.Items.Concat(node.Text is null ? [] : [node.Text]))
        {
            if (item.Item.Days is { } days) (item.From, item.To) = (End(days.From), End(days.To));
            if (item.Item.CodeValidOn is not { } day) continue;
            item.FixedDay = day.Fixed;
            if (day.Item is not null) item.CodeDaySlot = Day(day.Item);
        }

        foreach (var constraint in node.Node.Constraints)
        {
            var refers = Array.Find(node.Owned, other => other.Constraint == constraint.Refers)?.Index ?? ItemPlan.None;
            var plan = new ConstraintPlan(constraint, ConstraintCount++, refers);
            node.Owned = [.. node.Owned, plan];
            foreach (var target in constraint.Targets)
            {
                var key = new KeyPlan(plan, [.. target.Fields.Select(field => _items[field].Index)]);
                _plans[target.Node].Keys = [.. _plans[target.Node].Keys, key];
            }
        }
    }

    private static void Close(NodePlan node)
    {
        var items = node.Items.Concat(node.Text is null ? [] : [node.Text]).ToArray();
        node.DaySlots = [.. items.Where(item => item.DaySlot >= 0).Select(item => item.DaySlot)];
        node.Captures = [.. items.Where(item => item.Capture >= 0).Select(item => item.Capture)];
        node.Expected = [.. node.Items.Where(item => item.Item.IsRequired || item.Item.Default is not null)];
        node.DayItems = [.. node.Items.Where(item => item.DaySlot >= 0)];
        node.CarriedItems = [.. node.Items.Where(item => item.Carried.Length > 0)];
        node.ArraySlots = [.. ArraySlotsOf(node)];
    }

    private static IEnumerable<int> ArraySlotsOf(NodePlan node) => node.Items
        .Concat(node.Text is null ? [] : [node.Text])
        .Select(item => item.Array).OfType<ArrayColumn>().Select(array => array.Slot)
        .Concat(node.Children.SelectMany(ArraySlotsOf));

    private static IEnumerable<int> CapturesBelow(NodePlan node) => node.Children.SelectMany(child =>
        child.Items.Concat(child.Text is null ? [] : [child.Text])
            .Where(item => item.Capture >= 0).Select(item => item.Capture).Concat(CapturesBelow(child)));

    private int Capture(XmlItemRef item)
    {
        var plan = _items[item.Item];
        if (plan.Capture < 0) plan.Capture = _captures++;
        return plan.Capture;
    }

    private int Unit(XmlItemRef item)
    {
        _plans[item.Node].Unit = _items[item.Item];
        return Capture(item);
    }

    private DayEnd End(XmlDay? day) => day switch
    {
        null => DayEnd.Open,
        { Item: { } item } => new DayEnd(Day(item), null),
        _ => new DayEnd(ItemPlan.None, day.Fixed),
    };

    private int Day(XmlItemRef item)
    {
        var plan = _items[item.Item];
        if (plan.DaySlot < 0) plan.DaySlot = _days++;
        return plan.DaySlot;
    }

    private static bool IsWithin(XmlNode node, XmlNode outer) => node == outer || IsAbove(outer, node);

    private static bool IsAbove(XmlNode outer, XmlNode node)
    {
        for (var above = node.Parent; above is not null; above = above.Parent)
        {
            if (above == outer) return true;
        }

        return false;
    }
}

/// <summary>Where a contact person's facts are remembered.</summary>
internal sealed record ContactPlan(int Type, int Name, int Phone, int[] Emails);
