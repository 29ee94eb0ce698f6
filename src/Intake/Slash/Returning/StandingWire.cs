using Kilde.Kernel;

namespace Kilde.Intake.Slash.Returning;

/// <summary>What a sender asks <c>POST /return/standing</c> (docs/return.md).</summary>
/// <param name="Ask"><c>list</c>, <c>order</c>, <c>withdraw</c>, <c>resume</c> or <c>fetch</c>.</param>
/// <param name="Register">For <c>order</c>: <c>kpr</c> or <c>npr</c>.</param>
/// <param name="Area">For <c>order</c>: the service area, for example <c>HST</c>.</param>
/// <param name="FromYear">For <c>order</c>: the first data year; null for all.</param>
/// <param name="Email">For <c>order</c>: who is told that a package lies ready.</param>
/// <param name="Id">
/// For <c>withdraw</c> and <c>resume</c> that of the return, for <c>fetch</c> that of the package.
/// </param>
public sealed record StandingQuestion(
    string? Ask, string? Register = null, string? Area = null, int? FromYear = null, string? Email = null,
    Guid? Id = null);

/// <summary>The unit's standing returns.</summary>
public sealed record ToldReturns(IReadOnlyList<ToldReturn> Returns);

/// <param name="Next">When the next package is made; null when it is withdrawn, or rests.</param>
/// <param name="RestsSince">Since when it rests, until it is fetched or resumed; null when it does not.</param>
/// <param name="Package">What lies ready; null when nothing does.</param>
public sealed record ToldReturn(
    Guid Id, string Register, string Area, int? FromYear, DateOnly? Next, DateOnly? RestsSince,
    ToldPackage? Package);

/// <param name="KeptUntil">When it is removed, fetched or not.</param>
public sealed record ToldPackage(
    Guid Id, long Records, long Bytes, DateTimeOffset MadeAt, DateTimeOffset KeptUntil, DateTimeOffset? FetchedAt);

/// <summary>
/// Makes a sender its own records ready every month. What is in them is not intake's affair: the host wires one that
/// knows.
/// </summary>
public interface IStandingReturns
{
    /// <summary>Media type of a package.</summary>
    string ContentType { get; }

    Task<ToldReturns> ListAsync(OrganizationNumber unit, CancellationToken cancellation);

    /// <summary>Audited.</summary>
    /// <returns>The item that is wrong, and why; null when it was ordered.</returns>
    Task<(string Item, LocalizedText Why)?> OrderAsync(
        OrganizationNumber unit, string clientId, StandingQuestion order, CancellationToken cancellation);

    /// <summary>Audited.</summary>
    /// <returns>False when the unit has none with the id.</returns>
    Task<bool> WithdrawAsync(OrganizationNumber unit, string clientId, Guid id, CancellationToken cancellation);

    /// <summary>Audited.</summary>
    /// <returns>False when the unit has none with the id that rests.</returns>
    Task<bool> ResumeAsync(OrganizationNumber unit, string clientId, Guid id, CancellationToken cancellation);

    /// <summary>Audited before anything is given.</summary>
    /// <returns>What writes the package; null when the unit has none with the id.</returns>
    Task<Func<Stream, CancellationToken, Task>?> FetchAsync(
        OrganizationNumber unit, string clientId, Guid packageId, CancellationToken cancellation);
}
