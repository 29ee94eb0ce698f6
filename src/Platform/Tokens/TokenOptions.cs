using System.ComponentModel.DataAnnotations;

namespace Kilde.Platform.Tokens;

/// <summary>Whom we trust to say who calls, and how exact clocks must be. Section <c>Tokens</c>.</summary>
public sealed class TokenOptions
{
    public const string Section = "Tokens";

    /// <summary>The issuer of access tokens, exactly as it stands in <c>iss</c>. HelseID in production.</summary>
    [Required]
    public string Issuer { get; set; } = "";

    /// <summary>What the tokens' <c>aud</c> must hold: the name HelseID knows this API by.</summary>
    [Required]
    public string Audience { get; set; } = "kilde:intake";

    /// <summary>Seconds a clock elsewhere may differ from ours. Expired tokens live that much longer.</summary>
    [Range(0, 300)]
    public int ClockSkewSeconds { get; set; } = 30;

    /// <summary>How old a DPoP proof may be when it arrives. Used proofs are remembered for as long.</summary>
    [Range(5, 600)]
    public int ProofAgeSecondsMax { get; set; } = 120;
}
