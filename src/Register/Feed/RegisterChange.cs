using Kilde.Kernel;

namespace Kilde.Register.Feed;

public enum ChangeKind
{
    /// <summary>The record was not there before.</summary>
    Insert = 1,

    /// <summary>A new version of a record, at the same person.</summary>
    Update,

    /// <summary>The sender has deleted the record.</summary>
    Delete,

    /// <summary>The record stands at another person than before; its content may have changed too.</summary>
    Move,
}

/// <summary>A record that changed. A batch tells of a record at most once.</summary>
/// <param name="Table">The record table, for example <c>hst_konsultasjon</c>.</param>
/// <param name="Person">The person the record stands at now; for a deletion, stood at.</param>
/// <param name="FormerPerson">For a move: the person it stood at before.</param>
public sealed record RegisterChange(
    long BatchNo, string Table, Guid RecordKey, PersonKey Person, PersonKey? FormerPerson, ChangeKind Kind);
