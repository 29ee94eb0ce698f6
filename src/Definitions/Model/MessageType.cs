using Kilde.Kernel;

namespace Kilde.Definitions.Model;

/// <summary>How far a message type has come. Only production types are taken in by a production system (R1.08, R2.07).</summary>
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

/// <summary>A message type and version, compiled from its definition file.</summary>
public sealed class MessageType
{
    /// <summary>Name on the wire, for example <c>HST_Konsultasjon</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Version on the wire, for example <c>1</c>.</summary>
    public required string Version { get; init; }

    public required string Title { get; init; }

    public required RegisterCode Register { get; init; }

    /// <summary>Service area code, for example <c>HST</c>, <c>TANN</c>.</summary>
    public required string ServiceArea { get; init; }

    public required DefinitionStatus Status { get; init; }

    public required Replacement Replacement { get; init; }

    public required int FirstDataYear { get; init; }

    public int? LastDataYear { get; init; }

    /// <summary>The kinds of record the message carries; each has its own table.</summary>
    public required IReadOnlyList<RecordType> RecordTypes { get; init; }
}

/// <summary>One kind of record: one row per episode, contact, service or assessment.</summary>
public sealed class RecordType
{
    /// <summary>Table in schema <c>register</c>, lower snake_case, for example <c>hst_konsultasjon</c>.</summary>
    public required string Table { get; init; }

    public required string Title { get; init; }

    /// <summary>The columns beside the fixed ones (person_key, record_key, sender, …), in table order.</summary>
    public required IReadOnlyList<RecordColumn> Columns { get; init; }

    /// <summary>How the record shows in the common contact view; null when it is no contact.</summary>
    public ContactMapping? Contact { get; init; }
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

/// <summary>One item of a record.</summary>
/// <param name="Name">Column name, lower snake_case.</param>
/// <param name="WirePath">Path from the record on the wire, for example <c>/hoydeMaaling/hoyde</c>.</param>
/// <param name="InformationType">Letter of § 2-1; never A, identifiers are not columns.</param>
public sealed record RecordColumn(
    string Name, ColumnKind Kind, string WirePath, InformationType InformationType, string Title);

/// <summary>
/// Where the common contact model finds its items: each is a column name of the record, or a constant written
/// <c>'value'</c> in the definition.
/// </summary>
public sealed record ContactMapping(
    MappedItem Start, MappedItem? End, MappedItem Unit, MappedItem ServiceArea, MappedItem? Kind,
    MappedItem? Funding, MappedItem? Municipality);

/// <summary>A column of the record, or a constant. Exactly one of the two is set.</summary>
public sealed record MappedItem(string? Column, string? Constant);
