using Kilde.Kernel;

namespace Kilde.Definitions.Model;

/// <summary>
/// How far a message type has come. Only production types are taken in by a production system (R1.08, R2.07).
/// </summary>
public enum DefinitionStatus
{
    Concept = 1,
    Test,
    Production,
}

/// <summary>How a new message replaces what came before (conflict C20).</summary>
public enum Replacement
{
    /// <summary>Each message holds new, changed and explicitly deleted records.</summary>
    Incremental = 1,

    /// <summary>Each message holds all records of its period; what is gone is closed.</summary>
    CumulativePerPeriod,
}

/// <summary>The form the message has on the wire. The field model is the same for all of them.</summary>
public enum WireFormat
{
    Json = 1,
    Xml,
}

/// <summary>Where a record's person is told.</summary>
public enum PersonSource
{
    /// <summary>In the message: identifiers, a local number, or both.</summary>
    InPlace = 1,

    /// <summary>
    /// The record has the sender's patient number only; the identifier comes in an identity message of the same
    /// institution (NPR's module ide).
    /// </summary>
    Apart,

    /// <summary>The record is about no person, such as a unit.</summary>
    None,
}

/// <summary>
/// Activity of a year outside the version's own that is taken in this version, when received no later than a day.
/// </summary>
public sealed record DataYearException(int Year, DateOnly Until, string Reason);

/// <summary>When and where it was assessed that the register may collect this (R2.07).</summary>
public sealed record LegalAssessment(DateOnly AssessedOn, string Reference);

/// <summary>A message type and version, compiled from its definition file.</summary>
public sealed class MessageType
{
    /// <summary>Name on the wire, for example <c>HST_Konsultasjon</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Version on the wire, for example <c>1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Title in bokmål.</summary>
    public string Title => Titles.Nb;

    public required LocalizedText Titles { get; init; }

    /// <summary>What the message is for, in bokmål, a sentence or a few.</summary>
    public required string Description { get; init; }

    public required RegisterCode Register { get; init; }

    /// <summary>Service area code, for example <c>HST</c>, <c>TANN</c>.</summary>
    public required string ServiceArea { get; init; }

    public required DefinitionStatus Status { get; init; }

    /// <summary>Never null when <see cref="Status"/> is production.</summary>
    public LegalAssessment? LegalAssessment { get; init; }

    /// <summary>The way in, for example <c>slash</c>.</summary>
    public required string Channel { get; init; }

    public required WireFormat Format { get; init; }

    public required Replacement Replacement { get; init; }

    /// <summary>
    /// The first year whose activity may be sent in this version; a year, not a day of sending (R3.03).
    /// </summary>
    public required int FirstDataYear { get; init; }

    public int? LastDataYear { get; init; }

    public IReadOnlyList<DataYearException> DataYearExceptions { get; init; } = [];

    /// <summary>The elements, attributes and limits of an XML message; null for other formats.</summary>
    public XmlStructure? Xml { get; init; }

    /// <summary>True for a message that only tells which person a patient number belongs to.</summary>
    public bool HasIdentities => Xml?.Identities is not null;

    /// <summary>The items of each block of the root array that are not records: the unit and its place.</summary>
    public required IReadOnlyList<Field> UnitFields { get; init; }

    /// <summary>The kinds of record the message carries; each has its own table.</summary>
    public required IReadOnlyList<RecordType> RecordTypes { get; init; }

    /// <summary>
    /// True when activity of the year may be sent in this version by a message received that day. A version without a
    /// last year ends with the year of receipt: what has not happened is no activity (R3.03).
    /// </summary>
    public bool TakesDataYear(int year, DateOnly receivedOn) =>
        (year >= FirstDataYear && year <= NewestDataYear(receivedOn))
        || DataYearExceptions.Any(exception => exception.Year == year && receivedOn <= exception.Until);

    /// <summary>The version's own years as a message received that day may have them, for example 2019–2026.</summary>
    public string DataYearsOn(DateOnly receivedOn) => $"{FirstDataYear}–{NewestDataYear(receivedOn)}";

    // On the last day of a year the new one has come for those whose clock is ahead.
    private int NewestDataYear(DateOnly receivedOn) =>
        LastDataYear ?? (receivedOn is { Month: 12, Day: 31 } ? receivedOn.Year + 1 : receivedOn.Year);

    public override string ToString() => $"{Name} {Version}";
}

/// <summary>One kind of record: one row per episode, contact, service or assessment.</summary>
public sealed class RecordType
{
    /// <summary>Table in schema <c>register</c>, lower snake_case, for example <c>hst_konsultasjon</c>.</summary>
    public required string Table { get; init; }

    /// <summary>Title in bokmål.</summary>
    public string Title => Titles.Nb;

    public required LocalizedText Titles { get; init; }

    /// <summary>The list on the wire that holds the records, for example <c>konsultasjon</c>.</summary>
    public required string WireName { get; init; }

    /// <summary>The list on the wire that names deleted records; null when the sender cannot delete.</summary>
    public string? DeletionWireName { get; init; }

    /// <summary>The field that is the sender's own id of the record.</summary>
    public required Field Key { get; init; }

    /// <summary>
    /// The field whose day decides data year and which codes are valid: that with the role event, or else the contact's
    /// start.
    /// </summary>
    public required Field Event { get; init; }

    /// <summary>Every item of the record on the wire, nested as there.</summary>
    public required IReadOnlyList<Field> Fields { get; init; }

    /// <summary>
    /// The columns beside the fixed ones (person_key, record_key, sender, unit, …), in table order. Items of the unit's
    /// block stand first and are the same for all records of the block.
    /// </summary>
    public required IReadOnlyList<RecordColumn> Columns { get; init; }

    /// <summary>How the record shows in the common contact view; null when it is no contact.</summary>
    public ContactMapping? Contact { get; init; }

    public PersonSource PersonSource { get; init; } = PersonSource.InPlace;

    /// <summary>
    /// True when the record is one per person and institution: then its local id holds the sender's patient number and
    /// is never stored in clear.
    /// </summary>
    public bool IsKeyedByPerson { get; init; }

    /// <summary>
    /// True when numbers that stand together in a record are one person's without anyone having to decide: the sender
    /// is the population register.
    /// </summary>
    public bool DecidesPersons { get; init; }

    /// <summary>Where the record stands in an XML message; null for other formats.</summary>
    public XmlRecord? Xml { get; init; }

    /// <summary>
    /// The column that deleted ids are held against (NPR's <c>Slett</c> names GUIDs); null when they are local ids.
    /// </summary>
    public string? DeletionColumn { get; init; }

    /// <summary>
    /// The element of another record of the message that this one stands within, and goes with: when that record comes
    /// again, those that do not come with it are no more. Null for a record that stands by itself.
    /// </summary>
    public string? Within { get; init; }

    /// <summary>
    /// What of the record is held apart, by class; the first whose rows it is of takes the whole record.
    /// </summary>
    public IReadOnlyList<SensitivePart> Sensitive { get; init; } = [];

    /// <summary>Set for the record that is a link of a chain.</summary>
    public ChainLink? ChainLink { get; init; }

    /// <summary>Set for records that hang in the links of a chain.</summary>
    public ChainedRecord? Chained { get; init; }
}

/// <summary>The type a column has in the table and in a batch.</summary>
public enum ColumnKind
{
    Integer = 1,
    Decimal,
    Text,
    Boolean,
    Date,
    Instant,
    TextArray,
    IntegerArray,
    Json,
}

/// <summary>Which column a type of field becomes.</summary>
public static class ColumnKinds
{
    /// <summary>The column of a single value of the type; a repeated object becomes JSON.</summary>
    public static ColumnKind Of(FieldType type) => type switch
    {
        FieldType.Integer or FieldType.HprNumber => ColumnKind.Integer,
        FieldType.Decimal => ColumnKind.Decimal,
        FieldType.Boolean => ColumnKind.Boolean,
        FieldType.Date => ColumnKind.Date,
        FieldType.DateTime => ColumnKind.Instant,
        FieldType.List => ColumnKind.Json,
        _ => ColumnKind.Text,
    };
}

/// <summary>One item of a record.</summary>
/// <param name="Name">Column name, lower snake_case.</param>
/// <param name="WirePath">Path from the record on the wire, for example <c>/hoydeMaaling/hoyde</c>.</param>
/// <param name="InformationType">Letter of § 2-1; never A, identifiers are not columns.</param>
public sealed record RecordColumn(
    string Name, ColumnKind Kind, string WirePath, InformationType InformationType, LocalizedText Titles)
{
    /// <summary>Title in bokmål.</summary>
    public string Title => Titles.Nb;

    /// <summary>The field the column comes from.</summary>
    public required Field Field { get; init; }

    /// <summary>True for Json that the register keeps as text, since nothing looks into it often.</summary>
    public bool IsJsonText { get; init; }

    /// <summary>True when the item stands in the unit's block and not in the record itself.</summary>
    public bool IsOfUnit { get; init; }

    /// <summary>
    /// Marks one person without being a national identifier: HPR number, local record id. Removed from what is only
    /// indirectly identifiable (R4.12).
    /// </summary>
    public bool IsPersonMark => Field.IsPersonMark;
}

/// <summary>
/// Where the common contact model finds its items: each is a column name of the record, a constant written in the
/// definition, or what a mapping makes of codes. The unit may also be the fixed column <c>unit</c>.
/// </summary>
public sealed record ContactMapping(
    MappedItem Start, MappedItem? End, MappedItem Unit, MappedItem ServiceArea, MappedItem? Kind,
    MappedItem? Funding, MappedItem? Municipality)
{
    /// <summary>What makes a record no contact, any of them; empty when every record is one.</summary>
    public IReadOnlyList<ContactException> Unless { get; init; } = [];
}

/// <summary>A record where the column is true, or has the code, is no contact.</summary>
/// <param name="Code">Null for a boolean column.</param>
public sealed record ContactException(string Column, string? Code);

/// <summary>A column of the record, a constant, or codes that are mapped. Exactly one of the three is set.</summary>
public sealed record MappedItem(string? Column, string? Constant)
{
    /// <summary>
    /// Tried in order; the first that gives something decides. A record that none gives a contact kind is no contact.
    /// </summary>
    public IReadOnlyList<MappedCodes> Codes { get; init; } = [];
}
