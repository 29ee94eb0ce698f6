using System.Globalization;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading.Xml;
using Kilde.Kernel;

namespace Kilde.Definitions.Publishing;

/// <summary>Values for the example of an XML message: of the right type, and coherent where they meet.</summary>
internal sealed class ExampleValues
{
    // A synthetic organisation and a synthetic person.
    private const string Unit = "310211036";
    private const string Municipality = "0301";
    private const string Person = "01810149732";
    private const string PatientNumber = "1001";
    private const string NationalIdentityNumber = "1";
    private const string BatchMessage = "B";

    private static readonly string[] Candidates =
    [
        "1", "12", "90000000", "register@eksempel.no", "A00", "Eksempel", Municipality, "030101", Unit, "201903", "00",
    ];

    private readonly Dictionary<XmlItem, string> _known = [];
    private readonly Dictionary<XmlItem, XmlConstraint> _keys = [];
    private readonly HashSet<XmlItem> _references = [];
    private readonly Dictionary<XmlConstraint, int> _used = [];
    private readonly DateOnly _day;
    private int _guids;

    public ExampleValues(MessageType type)
    {
        var xml = type.Xml!;
        _day = new DateOnly(type.FirstDataYear, 3, 15);
        foreach (var constraint in xml.Nodes.SelectMany(node => node.Constraints)) Know(constraint);
        foreach (var record in type.RecordTypes.Select(record => record.Xml!)) Know(record.Unit, record.Person);
        if (xml.Identities is { } identities) Know(identities.Unit, identities.Person);
        foreach (var (name, item) in xml.Envelope.Items) Know(name, item.Item);
    }

    /// <summary>Null when the item is better left out.</summary>
    public string? Of(XmlItem item)
    {
        if (item.Fixed is { } only) return only;
        if (_known.TryGetValue(item, out var known)) return known;
        if (_references.Contains(item)) return Numbered(item, 1);
        if (_keys.TryGetValue(item, out var key)) return Numbered(item, _used[key] = _used.GetValueOrDefault(key) + 1);
        if (Fits(item, item.Field.Example)) return item.Field.Example;
        if (item.Field.CodeList is { } list) return CodeOf(item, list);
        var value = item.IsCompactDate ? DayAs(item, _day) : OfType(item);
        if (Fits(item, value)) return value;
        return Candidates.FirstOrDefault(candidate => Fits(item, candidate)) ?? (item.IsRequired ? value : null);
    }

    private void Know(XmlConstraint constraint)
    {
        foreach (var item in constraint.Targets.Select(target => target.Fields[^1]))
        {
            if (constraint.Kind == ConstraintKind.Reference) _references.Add(item);
            else _keys.TryAdd(item, constraint);
        }
    }

    private void Know(XmlItemRef unit, XmlPerson? person)
    {
        if (Fits(unit.Item, Unit)) _known[unit.Item] = Unit;
        else if (Fits(unit.Item, Municipality)) _known[unit.Item] = Municipality;
        if (person?.LocalId is { } localId) _known[localId.Item] = PatientNumber;
        if (person?.Value is { } value) _known[value.Item] = Person;
        if (person?.Kind is { } kind) _known[kind.Item] = NationalIdentityNumber;
    }

    private void Know(string name, XmlItem item)
    {
        if (name == "kind" && Fits(item, BatchMessage)) _known[item] = BatchMessage;
        DateOnly? day = name switch
        {
            "from" => new DateOnly(_day.Year, 1, 1),
            "to" => new DateOnly(_day.Year, 12, 31),
            "extractedOn" or "extractedAt" => new DateOnly(_day.Year + 1, 1, 10),
            _ => null,
        };
        if (day is { } told) _known[item] = DayAs(item, told);
    }

    private string Numbered(XmlItem item, int number) => item.Type.Base == XmlBase.Guid
        ? GuidOf(number)
        : number.ToString(CultureInfo.InvariantCulture);

    private string? CodeOf(XmlItem item, CodeList list) =>
        (list.Codes.FirstOrDefault(code => code.Validity.Includes(_day) && Fits(item, code.Value.Value))
            ?? list.Codes.FirstOrDefault(code => Fits(item, code.Value.Value)))?.Value.Value;

    private string OfType(XmlItem item) => item.Type.Base switch
    {
        XmlBase.Guid => GuidOf(100 + ++_guids),
        XmlBase.Date or XmlBase.DateTime => DayAs(item, _day),
        XmlBase.GYear => $"{_day.Year - 40}",
        XmlBase.Boolean => "true",
        _ when item.Type.IsNumber => NumberOf(item),
        _ => item.Field.Use == TextUse.LocalId ? "L-1" : "Eksempel",
    };

    private static string NumberOf(XmlItem item) =>
        Math.Clamp(1, item.Field.Min ?? decimal.MinValue, item.Field.Max ?? decimal.MaxValue)
            .ToString(CultureInfo.InvariantCulture);

    private static string DayAs(XmlItem item, DateOnly day) => item switch
    {
        { IsCompactDate: true } => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        { Type.Base: XmlBase.DateTime } => $"{day:yyyy-MM-dd}T12:00:00",
        _ => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    private static string GuidOf(int number) => $"00000000-0000-4000-8000-{number:000000000000}";

    private static bool Fits(XmlItem item, string value)
    {
        var parsed = default(XsdValue);
        var field = item.Field;
        return value.Length > 0 && new SimpleTypeCheck(item.Type).Accepts(value, ref parsed)
            && (!item.Type.IsText || (value.Length >= field.LengthMin && value.Length <= field.LengthMax))
            && field.Pattern?.IsMatch(value) != false
            && !(parsed.Decimal < field.Min) && !(parsed.Decimal > field.Max);
    }
}
