using Kilde.Kernel;
using Kilde.Register.Returning;

namespace Kilde.Quality.Returning;

/// <summary>What a sender gets back every month.</summary>
/// <param name="From">The first data year; null for all.</param>
/// <param name="DueOn">The day the next package is made; null when no more are, since it is withdrawn.</param>
/// <param name="Package">What lies ready; null when nothing does.</param>
public sealed record StandingReturn(
    Guid StandingReturnId, RegisterArea Area, DataYear? From, DateOnly? DueOn, ReturnPackage? Package);

/// <summary>A sender's own records, sealed until it fetches them.</summary>
/// <param name="Bytes">As they are fetched, before they are compressed.</param>
/// <param name="KeptUntil">When the package is removed, fetched or not.</param>
/// <param name="FetchedAt">The first time; null when it has not been fetched.</param>
public sealed record ReturnPackage(
    Guid PackageId, long Records, long Bytes, DateTimeOffset MadeAt, DateTimeOffset KeptUntil,
    DateTimeOffset? FetchedAt);

/// <summary>What became of an order of a standing return.</summary>
public enum OrderOutcome
{
    Ordered = 1,

    /// <summary>The unit gets the area already.</summary>
    StandsAlready,

    /// <summary>No definition is of the area.</summary>
    NoSuchArea,

    /// <summary>The address is none that a mail can be sent to.</summary>
    NoAddress,
}
