using Kilde.Kernel;
using Kilde.Register.Returning;

namespace Kilde.Quality.Returning;

/// <summary>What a sender gets back every month.</summary>
/// <param name="From">The first data year; null for all.</param>
/// <param name="DueOn">The day the next package is made; null when no more are: it is withdrawn, or rests.</param>
/// <param name="RestedOn">Since when it rests, until it is fetched or resumed; null when it does not.</param>
/// <param name="Package">What lies ready; null when nothing does.</param>
public sealed record StandingReturn(
    Guid StandingReturnId, RegisterArea Area, DataYear? From, DateOnly? DueOn, DateOnly? RestedOn,
    ReturnPackage? Package)
{
    /// <summary>No more are made, whatever is done.</summary>
    public bool IsWithdrawn => DueOn is null && RestedOn is null;
}

/// <summary>A sender's own records, sealed until it fetches them.</summary>
/// <param name="Bytes">As they are fetched, before they are compressed.</param>
/// <param name="KeptUntil">When the package is removed, fetched or not.</param>
/// <param name="FetchedAt">The first time; null when it has not been fetched.</param>
public sealed record ReturnPackage(
    Guid PackageId, long Records, long Bytes, DateTimeOffset MadeAt, DateTimeOffset KeptUntil,
    DateTimeOffset? FetchedAt);

/// <summary>What became of an order of a standing return.</summary>
public abstract record OrderOutcome
{
    public sealed record Ordered : OrderOutcome;

    /// <summary>The unit gets the area already.</summary>
    public sealed record StandsAlready : OrderOutcome;

    /// <summary>No definition is of the area.</summary>
    public sealed record NoSuchArea : OrderOutcome;

    /// <summary>The address is none that a mail can be sent to.</summary>
    public sealed record NoAddress : OrderOutcome;

    /// <summary>The unit has ordered the area as often as a day allows.</summary>
    /// <param name="OpensAt">When it may be ordered again.</param>
    public sealed record TooOften(DateTimeOffset OpensAt) : OrderOutcome;
}
