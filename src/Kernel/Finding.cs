namespace Kilde.Kernel;

/// <summary>What the receiver does with the fault.</summary>
public enum Severity
{
    Information = 1,
    Warning = 2,
    Error = 3,
}

/// <summary>
/// Something wrong in what was sent. Data, never an exception: all findings of a message are collected.
/// </summary>
/// <param name="RuleId">Stable id of the rule, <c>AREA-nnn</c>, never reused.</param>
/// <param name="Path">Where: a JSON Pointer (RFC 6901) or an XPath in the sender's own words.</param>
/// <param name="Text">What is wrong and what to do, in bokmål. Never holds a person identifier.</param>
public sealed record Finding(string RuleId, Severity Severity, string Path, string Text)
{
    /// <summary>What is told besides; null where the text tells all there is.</summary>
    public FindingDetail? Detail { get; init; }
}

/// <summary>Who should mend what a rule finds.</summary>
public enum Mender
{
    /// <summary>The one who registered it: the hospital, the practice, the municipality.</summary>
    Sender = 1,

    /// <summary>The maker of the system that sent it.</summary>
    Vendor,
}

/// <summary>What was sent, what was expected, and who should mend it.</summary>
/// <param name="Value">The value as read, never an identifier of a person; null when nothing stands there.</param>
/// <param name="Expected">In bokmål; null where the finding's text alone tells it.</param>
/// <param name="Mender">Null where the area of the rule tells: structure is made by the system.</param>
public sealed record FindingDetail(string? Value, string? Expected, Mender? Mender);
