namespace Kilde.Platform.SignIn;

/// <summary>A sign-in or sign-out, for the audit log.</summary>
/// <param name="Action"><c>signin.completed</c>, <c>signin.failed</c> or <c>signin.ended</c>.</param>
/// <param name="Reason">Why it failed, as a fixed short code.</param>
public sealed record SignInRecord(string Action, string UserId, IReadOnlyList<string> Roles, string? Reason = null);

/// <summary>
/// Writes a sign-in to the audit log. The log lies in a module that builds on this one, so it comes in as a function.
/// </summary>
public delegate Task RecordSignIn(SignInRecord record, CancellationToken cancellation);
