namespace Kilde.Audit;

/// <summary>Who acts: a signed-in person, a machine client, or a part of the platform itself.</summary>
/// <param name="Kind"><c>user</c>, <c>client</c> or <c>system</c>.</param>
/// <param name="Id">Subject of the token, client id, or the name of the worker. Never a person's number.</param>
public sealed record Actor(string Kind, string Id)
{
    public static Actor System(string part) => new("system", part);

    public static Actor User(string subject) => new("user", subject);
}

/// <summary>
/// The ground on which data are touched: who, for which purpose, and in which case where one is required.
/// </summary>
public sealed record AccessGround(Actor Actor, string Purpose, string? CaseReference = null);

/// <summary>One access or act, as it goes into the log.</summary>
/// <param name="Action">What was done, <c>area.verb</c>: <c>identity.reveal</c>, <c>submission.received</c>.</param>
/// <param name="Subject">
/// What it was done to: a submission id, a person key, a unit. Never an identifier of a person.
/// </param>
/// <param name="Count">How many persons or records it touched.</param>
/// <param name="Details">Small facts as JSON, without personal data.</param>
public sealed record AuditEntry(
    AccessGround Ground, string Action, string Subject, int Count = 1, string? Details = null);
