using System.ComponentModel.DataAnnotations;

namespace Kilde.Identity;

/// <summary>Section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    /// <summary>Identifiers whose keys are kept in memory, about 100 bytes each. Never clear text.</summary>
    [Range(0, 50_000_000)]
    public int CachedIdentifiersMax { get; init; } = 500_000;
}
