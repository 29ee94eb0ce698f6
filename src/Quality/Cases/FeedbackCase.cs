using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Contacts;

namespace Kilde.Quality.Cases;

/// <summary>How a submission ended.</summary>
public enum CaseOutcome
{
    /// <summary>The header or the structure was wrong: nothing of it is in the register.</summary>
    Refused = 1,

    /// <summary>It is in the register, perhaps with content errors.</summary>
    InRegister = 2,

    /// <summary>It was only checked (R3.06): the sender gets the same reports, and nothing is kept.</summary>
    OnlyChecked = 3,
}

/// <summary>
/// One submission that has come to its end, with all that its sender must be told. What Quality gets from intake, by
/// <see cref="ICaseSource"/>: it knows nothing else of how messages come in.
/// </summary>
/// <param name="Unit">The reporting unit, which alone may see the feedback.</param>
/// <param name="Institution">
/// The unit as the message names it (<c>institusjonID</c>): nine digits, ten for a part that sends a file of its own,
/// a RESH-id for contract specialists.
/// </param>
/// <param name="FinishedAt">When it was refused or was in the register.</param>
/// <param name="GetsReports">
/// False when the answer to the message already told everything (the JSON API): the case counts in the statistics and
/// gives no documents.
/// </param>
/// <param name="RuleCounts">How often each rule was broken, all counted.</param>
/// <param name="Findings">The first findings, for the documents; fewer than the counts when there are many.</param>
/// <param name="Contacts">Contact persons in the message; empty when it has none or could not be read.</param>
public sealed record FeedbackCase(
    Guid SubmissionId, OrganizationNumber Unit, string UnitName, string Institution, SendingSystem System,
    ReportedMessage Message, DateTimeOffset ReceivedAt, DateTimeOffset FinishedAt, CaseOutcome Outcome,
    bool GetsReports, IReadOnlyList<RuleCount> RuleCounts, IReadOnlyList<CaseFinding> Findings,
    IReadOnlyList<ContactPerson> Contacts)
{
    /// <summary>How the identities fared; null for messages without identities.</summary>
    public IdentityCounts? Identities { get; init; }

    /// <summary>How identities and activity of the period meet; null until both have come.</summary>
    public PairCounts? Pair { get; init; }

    /// <summary>Every reporting unit the file has data of, as it names itself; most have one.</summary>
    public IReadOnlyList<string> Institutions { get; init; } = [];

    /// <summary>What the file holds; empty for messages without activity.</summary>
    public IReadOnlyList<ActivityCell> Activity { get; init; } = [];
}

/// <summary>The EHR the message came from, as it names itself.</summary>
public sealed record SendingSystem(string Vendor, string Product, string Version, string? ExportVersion = null)
{
    /// <summary>The vendor that sent for the unit, as its token vouched for; null where none did.</summary>
    public OrganizationNumber? VendorNumber { get; init; }

    /// <summary>Stands for what a message does not tell of its system.</summary>
    public static string Untold => "ikke oppgitt";

    /// <summary>What is told, with the separator between; once that it is not when nothing is.</summary>
    public static string Join(string separator, params IEnumerable<string> parts)
    {
        var told = string.Join(separator, parts.Where(part => part != Untold));
        return told.Length > 0 ? told : Untold;
    }
}

/// <summary>What was sent.</summary>
/// <param name="Type">Name of the message type: <c>NPR_ORD</c>, <c>NPR_IDE</c>, <c>KPR_IPL</c>.</param>
/// <param name="From">First day of the activity in the file; null when the message does not say.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Records">Episodes, persons or contacts in it.</param>
public sealed record ReportedMessage(
    RegisterCode Register, string Type, string Version, DateOnly? From, DateOnly? To, DateOnly? ExtractedOn,
    int Records)
{
    /// <summary>True when it holds its period whole and is replaced by the next; false for single events.</summary>
    public bool IsWholePeriod { get; init; } = true;
}

/// <summary>Which layer of the control found it.</summary>
public enum ControlLayer
{
    /// <summary>Header, form and structure: the message is refused (R3.01–R3.03).</summary>
    Structure = 1,

    /// <summary>Codes and content: the message is taken in (R3.04).</summary>
    Content = 2,
}

/// <summary>How often one rule was broken in a submission.</summary>
public sealed record RuleCount(string RuleId, ControlLayer Layer, Severity Severity, int Count);

/// <summary>One finding as the sender is told it.</summary>
/// <param name="Place">Path in the sender's own words, with line where known.</param>
/// <param name="Value">What stood there; null when nothing did or it must not be shown.</param>
/// <param name="Expected">What should have stood there.</param>
/// <param name="Text">The rule in words: what is wrong, and what to do.</param>
public sealed record CaseFinding(
    string RuleId, ControlLayer Layer, Severity Severity, string Place, string? Value, string? Expected,
    Mender Mender, string Text);

/// <summary>What became of the identities of a file (R3.07). Persons, counted.</summary>
/// <param name="Valid">Known to Folkeregisteret or another issuer, and in form.</param>
/// <param name="Unknown">Without a usable number.</param>
/// <param name="Duplicates">The same number on several patient numbers of the unit.</param>
public sealed record IdentityCounts(int Valid, int Unknown, int Duplicates)
{
    public int Total => Valid + Unknown;
}

/// <summary>How the two halves of a year meet in the register. Patient numbers, counted.</summary>
/// <param name="WithoutActivity">Told of by the identity message, and no activity stands.</param>
/// <param name="ActivityWithoutIdentity">Activity stands, and no identity message tells of them.</param>
public sealed record PairCounts(int WithoutActivity, int ActivityWithoutIdentity)
{
    /// <summary>Patients with activity.</summary>
    public int Active { get; init; }

    /// <summary>How the identities fared that came before the activity; null when they are its own.</summary>
    public IdentityCounts? Identities { get; init; }
}

/// <summary>Sectors of specialist care, as code list 8492 and the contact types divide them.</summary>
public enum Sector
{
    Somatic = 1,
    AdultMentalHealth = 2,
    ChildMentalHealth = 3,
    Addiction = 4,
}
