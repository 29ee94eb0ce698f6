using Kilde.Definitions.Checks;

namespace Kilde.Quality.Checks;

/// <summary>Where a finding is in its life (R7.05).</summary>
public enum FindingState
{
    Open = 1,

    /// <summary>The sender has opened it.</summary>
    Seen,

    /// <summary>The sender has said why; register staff have not answered.</summary>
    Explained,

    /// <summary>Register staff have accepted it as it is. It is open again when the value changes.</summary>
    Accepted,

    /// <summary>Closed by data: what was wrong is not there any more.</summary>
    Corrected,

    /// <summary>Closed because the check or its limit was changed.</summary>
    Withdrawn,
}

/// <summary>Why it is as it is, in the sender's own words sorted (R7.05).</summary>
public enum FindingCause
{
    /// <summary>Something failed in extract or transfer.</summary>
    Technical = 1,

    /// <summary>Old registrations were put in order.</summary>
    CleanUp,

    /// <summary>The service is registered as another type than before.</summary>
    ChangedService,

    /// <summary>The EHR couples its own codes to the wrong national ones.</summary>
    WrongCoupling,

    /// <summary>Nothing is wrong: the world has changed.</summary>
    RealChange,
    Other,
}

/// <summary>One finding in a list.</summary>
/// <param name="Unit">The reporting unit as it names itself.</param>
/// <param name="UnitName">Its name, when it is known.</param>
/// <param name="LocalId">The sender's own id of the record; null when the finding is of more than one.</param>
public sealed record FindingLine(
    Guid FindingId, Check Check, string Unit, string? UnitName, int DataYear, string? LocalId, decimal? Measured,
    decimal? Basis, string? Detail, FindingState State, bool IsShadow, FindingCause? Cause, string? Answer,
    DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt)
{
    public bool IsStanding => ClosedAt is null;
}

/// <param name="Kind">opened, changed, seen, explained, accepted, reopened, corrected or withdrawn.</param>
/// <param name="Detail">What was said, if anything.</param>
public sealed record FindingEvent(string Kind, string? Detail, string? Actor, DateTimeOffset OccurredAt);

/// <summary>A finding with its history, the oldest first.</summary>
public sealed record FindingWithHistory(FindingLine Line, IReadOnlyList<FindingEvent> History);

/// <summary>How a check stands.</summary>
/// <param name="Unanswered">Those that no sender has explained and nobody has accepted.</param>
public sealed record CheckStanding(
    Check Check, int Standing, int Unanswered, int Units, int Corrected, DateTimeOffset? OldestAt);

/// <summary>The same fault at several senders of one system: the vendor's to mend.</summary>
/// <param name="FirstVersion">The version of the earliest finding.</param>
/// <param name="LastVersion">The version of the latest.</param>
public sealed record FindingCluster(
    Check Check, string Vendor, string Product, string FirstVersion, string LastVersion, int Units, int Findings);
