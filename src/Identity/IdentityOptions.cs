using System.ComponentModel.DataAnnotations;

namespace Kilde.Identity;

/// <summary>Section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    /// <summary>
    /// Identifiers whose keys are kept in memory, 40 bytes each, rounded up to a power of two. Never clear text.
    /// </summary>
    [Range(0, 50_000_000)]
    public int CachedIdentifiersMax { get; init; } = 250_000;
}
