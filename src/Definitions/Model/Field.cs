using System.Text.RegularExpressions;
using Kilde.Kernel;

namespace Kilde.Definitions.Model;

/// <summary>What an item is. The type is the validation: a value that has the type is well-formed.</summary>
public enum FieldType
{
    /// <summary>A short text with a bounded length and a stated use. Never free text (R5.04).</summary>
    Text = 1,

    /// <summary>A code of a code list.</summary>
    Code,
    Integer,
    Decimal,
    Boolean,

    /// <summary>A day. A time with zone is also read: its day in Norway.</summary>
    Date,

    /// <summary>A point in time; without a zone it is Norwegian time.</summary>
    DateTime,
    OrganizationNumber,
    Municipality,

    /// <summary>Six digits, or the last two where the municipality stands beside it.</summary>
    UrbanDistrict,
    HprNumber,

    /// <summary>An object with items of its own.</summary>
    Group,

    /// <summary>A repeated object.</summary>
    List,

    /// <summary>The object that names the person; its items are identifiers and never become columns.</summary>
    Person,
    LocalPersonId,
    Fodselsnummer,
    DNumber,
    HNumber,
    SharedHelpNumber,
    DufNumber,
}

/// <summary>How the value stands in JSON.</summary>
public enum WireValue
{
    Text = 1,
    Number,

    /// <summary>Senders write either; a number has lost its leading zeros.</summary>
    Either,
}

/// <summary>
/// What a text is used for. A text has a code list, a pattern or one of these; free text has no place.
/// </summary>
public enum TextUse
{
    None = 0,

    /// <summary>The sender's own id of something.</summary>
    LocalId,

    /// <summary>The sender's own name of a unit: master data, never of a person (R5.04).</summary>
    LocalName,

    /// <summary>The sender's own code, kept beside the national one (R2.26).</summary>
    LocalCode,
}

/// <summary>What the item means to the register and to the common contact model.</summary>
public enum FieldRole
{
    None = 0,

    /// <summary>The sender's own id of the record.</summary>
    Key,

    /// <summary>The organisation number of the block.</summary>
    Unit,

    /// <summary>
    /// The day or time that decides data year and valid codes, in a record that is no contact or whose start may be
    /// unknown.
    /// </summary>
    Event,
    ContactStart,
    ContactEnd,

    /// <summary>The unit of the contact when it is not that of the block.</summary>
    ContactUnit,
    ContactServiceArea,
    ContactKind,
    ContactFunding,
    ContactMunicipality,
}

/// <summary>
/// The main purpose of the register, and the additional ones that never alone justify collecting (R5.02).
/// </summary>
public enum Purpose
{
    Planning = 1,
    Steering,
    Financing,
    Evaluation,

    // Additional purposes from here on.
    QualityImprovement,
    Prevention,
    Preparedness,
    Analysis,
    Research,
    NationalSummaryRecord,
}

/// <summary>What is wrong with a value; each may have its own outcome.</summary>
public enum Fault
{
    /// <summary>Wrong JSON type or form.</summary>
    Type,
    Missing,

    /// <summary>Not in the code list, or not valid on the day of the event.</summary>
    Code,

    /// <summary>Outside its range, or against another value.</summary>
    Content,
}

/// <summary>What the receiver does, in falling gravity (NPR's graded actions).</summary>
public enum FaultAction
{
    RejectMessage = 1,

    /// <summary>The record or element is left out, with what stands below it.</summary>
    DropRow,

    /// <summary>The element's own values are left out; what stands below it is kept.</summary>
    DropRowOnly,

    /// <summary>The value becomes −1, NPR's mark of what could not be read.</summary>
    SetMinusOne,
    SetZero,

    /// <summary>The record is kept without the value.</summary>
    SetNull,

    /// <summary>The record and the value are kept, and the fault is told.</summary>
    Log,
}

/// <summary>The outcome of each fault of one field.</summary>
public sealed record FaultActions(FaultAction Type, FaultAction Missing, FaultAction Code, FaultAction Content)
{
    public FaultAction Of(Fault fault) => fault switch
    {
        Fault.Type => Type,
        Fault.Missing => Missing,
        Fault.Code => Code,
        _ => Content,
    };
}

/// <summary>The latest day a date may have: a fixed day, or so many days after the message came.</summary>
public readonly record struct LatestDay(DateOnly? Fixed, int DaysAfterReceipt);

/// <summary>One item of a message, with its limits, its legal ground and its meaning.</summary>
public sealed class Field
{
    public required string WireName { get; init; }

    /// <summary>Path from the record (or the unit's block), <c>/</c> before each name.</summary>
    public required string Path { get; init; }

    public required FieldType Type { get; init; }

    public required LocalizedText Titles { get; init; }

    public string? Description { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>Null for groups and lists: their items have their own.</summary>
    public InformationType? InformationType { get; init; }

    public IReadOnlyList<Purpose> Purposes { get; init; } = [];

    /// <summary>Why the register needs the item, measured against its main purpose. In bokmål.</summary>
    public string? Justification { get; init; }

    public TextUse Use { get; init; }

    public FieldRole Role { get; init; }

    /// <summary>See <see cref="RecordColumn.IsPersonMark"/>.</summary>
    public bool IsPersonMark { get; init; }

    public WireValue Wire { get; init; } = WireValue.Text;

    /// <summary>Unicode characters, for texts.</summary>
    public int LengthMin { get; init; }

    /// <inheritdoc cref="LengthMin"/>
    public int LengthMax { get; init; }

    /// <summary>The whole value must match; written so that JSON Schema and .NET read it alike.</summary>
    public Regex? Pattern { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    /// <summary>Digits after the decimal point that are allowed.</summary>
    public int Decimals { get; init; }

    public DateOnly Earliest { get; init; }

    public LatestDay Latest { get; init; }

    /// <summary>The date field of the same record that this one must not come before; null when none.</summary>
    public string? NotBefore { get; init; }

    public CodeList? CodeList { get; init; }

    /// <summary>Items of a group, list or person block.</summary>
    public IReadOnlyList<Field> Fields { get; init; } = [];

    /// <summary>Most elements of a list.</summary>
    public int ItemsMax { get; init; }

    /// <summary>True when each item of the list is an array column; false when the list is one Json column.</summary>
    public bool IsStoredAsArrays { get; init; }

    /// <summary>
    /// Null for what has no column of its own: groups, identifiers, the key, items inside a Json list.
    /// </summary>
    public string? Column { get; init; }

    public required FaultActions OnFault { get; init; }

    /// <summary>The value of the documentation's example, as it would stand in JSON.</summary>
    public required string Example { get; init; }

    public override string ToString() => Path;
}
