using Kilde.Definitions.Reading;
using Kilde.Intake.Judging;
using Kilde.Kernel;

namespace Kilde.Intake.Overview;

/// <summary>How often one rule was broken in a message.</summary>
public sealed record BrokenRule(string RuleId, Severity Severity, int Count);

/// <summary>A submission that has come to its end, with all that its sender may be told of it.</summary>
/// <param name="Channel"><c>slash</c>, whose answer has told everything already, <c>amqp</c> or <c>file</c>.</param>
/// <param name="Institution">The first institution as the message writes it; null for JSON.</param>
/// <param name="From">First day of the period, when the message has one.</param>
/// <param name="To">Last day of the period.</param>
/// <param name="FinishedAt">When it was rejected, or was in the register.</param>
/// <param name="RejectionCode">Null when it is in the register.</param>
/// <param name="BrokenRules">All counted for XML; for JSON, among the findings that are kept.</param>
/// <param name="Findings">The first ones; <paramref name="FindingCount"/> tells how many there were.</param>
/// <param name="Contacts">Staff of the sender, in clear text: for sending feedback only.</param>
/// <param name="Identities">Null for messages without identities.</param>
/// <param name="Tally">What the host's <see cref="ISubmissionTally"/> counted; null without one.</param>
public sealed record FinishedSubmission(
    Guid SubmissionId, string Channel, OrganizationNumber? Unit, string? UnitName, string? Institution,
    string? VendorName, string? SoftwareName, string? SoftwareVersion, string? ExportVersion, string MessageType,
    string TypeVersion, DateOnly? From, DateOnly? To, DateOnly? ExtractedOn, DateTimeOffset ReceivedAt,
    DateTimeOffset FinishedAt, int? RejectionCode, int RecordCount, int FindingCount,
    IReadOnlyList<BrokenRule> BrokenRules, IReadOnlyList<Finding> Findings, IReadOnlyList<ContactPerson> Contacts,
    IdentityFigures? Identities, string? Tally)
{
    /// <summary>The vendor that sent for the unit, as its token vouched for; null where none did.</summary>
    public OrganizationNumber? Vendor { get; init; }

    public bool IsRejected => RejectionCode is not null;
}

/// <summary>Some of them, in the order they ended.</summary>
/// <param name="Position">Hand it in to read on; null when nothing has ended yet.</param>
/// <param name="HasMore">False when what follows has not come to its end yet.</param>
public sealed record FinishedBatch(
    IReadOnlyList<FinishedSubmission> Submissions, string? Position, bool HasMore);
