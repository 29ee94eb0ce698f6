using Kilde.Kernel;

namespace Kilde.Definitions.Model;

/// <summary>
/// An XML message as its definition describes it: a tree with one node for each place an element can stand. What is
/// accepted is exactly what the official XML Schema accepts; what is done with a value whose structure is right stands
/// in the items' fields.
/// </summary>
public sealed class XmlStructure
{
    /// <summary>Names version and module, for example <c>http://www.npr.no/xmlstds/53_1_3_ord</c>.</summary>
    public required string Namespace { get; init; }

    public required XmlNode Root { get; init; }

    /// <summary>Every node, parents before children; a node's ordinal is its place here.</summary>
    public required IReadOnlyList<XmlNode> Nodes { get; init; }

    public required EnvelopeMap Envelope { get; init; }

    /// <summary>How the message tells identities; null when it does not.</summary>
    public XmlIdentities? Identities { get; init; }
}

/// <summary>An element at one place in the message. The same element elsewhere is another node.</summary>
public sealed class XmlNode
{
    public required string Name { get; init; }

    public required XmlNode? Parent { get; init; }

    public required int Ordinal { get; init; }

    public required LocalizedText Titles { get; init; }

    public required IReadOnlyList<XmlItem> Attributes { get; init; }

    /// <summary>The element's own text; null for elements that hold none.</summary>
    public XmlItem? Text { get; set; }

    /// <summary>Null when the element has no child elements.</summary>
    public XmlParticle? Content { get; set; }

    public IReadOnlyList<XmlNode> Children { get; set; } = [];

    public IReadOnlyList<XmlConstraint> Constraints { get; set; } = [];

    /// <summary>The attribute that tells a reader of findings which element it is; null when none may.</summary>
    public XmlItem? FindBy { get; init; }

    /// <summary>True when the element may stand more than once in its parent.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>True for contact persons, whose names and addresses are master data of the sending.</summary>
    public bool IsContactPerson { get; init; }

    /// <summary>From the root, <c>/</c> before each name.</summary>
    public string Path => $"{Parent?.Path}/{Name}";

    public override string ToString() => Path;
}

/// <summary>An attribute, or the text of an element.</summary>
public sealed class XmlItem
{
    /// <summary>Name of the attribute; empty for text.</summary>
    public required string Name { get; init; }

    public required SimpleType Type { get; init; }

    public bool IsRequired { get; init; }

    public string? Fixed { get; init; }

    public string? Default { get; init; }

    /// <summary>True for what tells a person; never a column.</summary>
    public bool IsIdentifier { get; init; }

    /// <summary>False for what is checked but not taken into the register.</summary>
    public bool IsKept { get; init; } = true;

    /// <summary>True for a text of eight digits that is a day; 99991231 is an open end.</summary>
    public bool IsCompactDate { get; init; }

    /// <summary>The graded checks, the legal ground and the meaning.</summary>
    public required Field Field { get; init; }

    /// <summary>Where the day stands that the code must be valid on; null when it is not a dated code.</summary>
    public XmlDay? CodeValidOn { get; set; }

    /// <summary>The days it may lie between; null when nothing is said.</summary>
    public XmlDays? Days { get; set; }

    public bool IsText => Name.Length == 0;
}

/// <summary>A day: an item of the node or of one above it, or a fixed day.</summary>
public sealed record XmlDay(XmlItemRef? Item, DateOnly? Fixed);

/// <summary>A first and a last day; null is open.</summary>
public sealed record XmlDays(XmlDay? From, XmlDay? To);

/// <summary>An item at its node.</summary>
public sealed record XmlItemRef(XmlNode Node, XmlItem Item);

/// <summary>What may stand in an element: one child, or a group, so many times.</summary>
/// <param name="Max">Null is unbounded.</param>
/// <param name="Child">Place among the node's children; −1 for a group.</param>
public sealed record XmlParticle(
    ParticleKind Kind, int Min, int? Max, int Child, IReadOnlyList<XmlParticle> Items);

public enum ParticleKind
{
    Element = 1,
    Sequence,
    Choice,
}

public enum ConstraintKind
{
    /// <summary>Values differ where they stand.</summary>
    Unique = 1,

    /// <summary>Values stand everywhere and differ.</summary>
    Key,

    /// <summary>Values stand among those of a key.</summary>
    Reference,
}

/// <summary>An identity constraint of XML Schema, held within one occurrence of its owner.</summary>
/// <param name="Targets">The nodes it is about, with their fields; none for a selector that never matches.</param>
/// <param name="Refers">For references, the key or unique of the same owner.</param>
public sealed record XmlConstraint(
    string Name, ConstraintKind Kind, IReadOnlyList<ConstraintTarget> Targets, XmlConstraint? Refers);

public sealed record ConstraintTarget(XmlNode Node, IReadOnlyList<XmlItem> Fields);

/// <summary>Where the message tells about itself.</summary>
public sealed class EnvelopeMap
{
    /// <summary>By what they tell: <c>kind</c>, <c>from</c>, <c>to</c>, …</summary>
    public IReadOnlyDictionary<string, XmlItemRef> Items { get; init; } = new Dictionary<string, XmlItemRef>();

    public ContactMap? Contacts { get; init; }

    public ShareMap? Share { get; init; }
}

/// <summary>Where a message about a share of the reporting unit says which.</summary>
/// <param name="None">The value that stands for no share, where the format has one.</param>
public sealed record ShareMap(XmlItemRef Item, string? None);

/// <summary>Where a contact person's facts stand.</summary>
public sealed record ContactMap(
    XmlNode Node, XmlItemRef Type, XmlItemRef? Name, XmlItemRef? Phone, IReadOnlyList<XmlItemRef> Emails);

/// <summary>How an element names a person.</summary>
/// <param name="LocalId">The sender's patient number; null when there is none.</param>
/// <param name="Value">The identifier; null when it comes apart.</param>
/// <param name="Kind">The kind of identifier, Volven 9032.</param>
public sealed record XmlPerson(XmlItemRef? LocalId, XmlItemRef? Value, XmlItemRef? Kind);

/// <summary>Elements that tell which person a patient number belongs to.</summary>
public sealed record XmlIdentities(XmlNode Node, XmlItemRef Unit, XmlPerson Person);

/// <summary>How a record is taken out of an XML message.</summary>
public sealed class XmlRecord
{
    public required XmlNode Node { get; init; }

    /// <summary>Joined into the local id; empty when the record is one per person.</summary>
    public required IReadOnlyList<XmlItemRef> Key { get; init; }

    public required XmlItemRef Unit { get; init; }

    public required XmlItemRef Event { get; init; }

    /// <summary>Null for a record about no person.</summary>
    public XmlPerson? Person { get; init; }

    /// <summary>One for each column of the record type.</summary>
    public required IReadOnlyList<XmlColumn> Columns { get; init; }

    /// <summary>Null when the sender does not delete.</summary>
    public XmlDeletion? Deletion { get; init; }
}

/// <summary>What a column is filled from: an item, or everything in a repeated element.</summary>
/// <param name="Source">Null for Json columns.</param>
/// <param name="Group">The repeated element below the record that a Json or array column is filled from.</param>
public sealed record XmlColumn(XmlItemRef? Source, XmlNode? Group);

/// <summary>Elements that name deleted records by an id that stands in a column.</summary>
public sealed record XmlDeletion(XmlNode Node, XmlItemRef Id, XmlItemRef? Kind, string? Is);
