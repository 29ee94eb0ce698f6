using System.Collections;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>What a message holds, in columns, with all that was found wrong in it.</summary>
/// <param name="IsAccepted">False when a finding refuses the whole message; then there are no batches.</param>
public sealed record MessageContent(
    MessageType Type, bool IsAccepted, IReadOnlyList<Finding> Findings, IReadOnlyList<RecordBatch> Batches)
{
    /// <summary>All findings, those beyond the number that is kept included.</summary>
    public int FindingCount { get; init; }

    /// <summary>Records that stand in the message, dropped ones included.</summary>
    public int RecordCount { get; init; }

    /// <summary>
    /// Records that were not taken in because of a fault the definition answers with dropping the row.
    /// </summary>
    public int DroppedCount { get; init; }

    /// <inheritdoc cref="MessageOutcome.RuleCounts"/>
    public IReadOnlyList<RuleCount> RuleCounts { get; init; } = [];
}

/// <summary>All records of one type in a message, as columns; and the records it deletes.</summary>
/// <param name="Units">The organisation number of the block each record stands in.</param>
/// <param name="LocalIds">The sender's own id of each record, unique per type within the sender.</param>
/// <param name="Persons">How each record names its person.</param>
/// <param name="Columns">One vector per column of the record type, in its order.</param>
/// <param name="DeletedLocalIds">Records that the message says are deleted at the sender.</param>
public sealed record RecordBatch(
    RecordType Type,
    int Count,
    OrganizationNumber[] Units,
    string[] LocalIds,
    RowPerson[] Persons,
    IReadOnlyList<ColumnVector> Columns,
    IReadOnlyList<string> DeletedLocalIds)
{
    /// <summary>
    /// XML: the reporting unit of each row as the message writes it, with nine or ten digits, a RESH id or a
    /// municipality number. Patient numbers are unique within it. Null for JSON.
    /// </summary>
    public string[]? Institutions { get; init; }

    /// <summary>
    /// XML: the part of the message each row stands in (<see cref="MessageParts"/>), from 1; 0 outside them. Null for
    /// JSON.
    /// </summary>
    public int[]? Parts { get; init; }

    /// <summary>XML as it is read: where each row stands. Null for rows that come from elsewhere.</summary>
    public RowPlaces? Places { get; init; }
}

/// <summary>Which person a patient number belongs to, institution by institution.</summary>
/// <param name="Institutions">The reporting unit as the message writes it.</param>
/// <param name="Persons">The patient number and the identifier it stands for, when that could be read.</param>
public sealed record IdentityBatch(int Count, string[] Institutions, RowPerson[] Persons);

/// <summary>The values of one column, row by row.</summary>
public abstract class ColumnVector(ColumnKind kind)
{
    public ColumnKind Kind { get; } = kind;

    /// <summary>True when no row has a value: most columns of wide rows, in most batches.</summary>
    public abstract bool IsEmpty { get; }

    public abstract bool IsNull(int row);
}

/// <summary>
/// The values of one column: <c>long</c>, <c>decimal</c>, <c>string</c> (Text and Json), <c>bool</c>,
/// <c>DateOnly</c>, <c>DateTimeOffset</c> (UTC), <c>string[]</c> or <c>long[]</c>.
/// Text arrays of XML messages may hold nulls: an attribute that is not there.
/// </summary>
public sealed class ColumnVector<T>(ColumnKind kind, T[] values, BitArray nulls) : ColumnVector(kind)
{
    public ReadOnlySpan<T> Values => values;

    public override bool IsEmpty { get; } = nulls.HasAllSet();

    public T this[int row] => values[row];

    public override bool IsNull(int row) => nulls[row];
}
