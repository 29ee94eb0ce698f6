using System.ComponentModel.DataAnnotations;

namespace Kilde.Platform;

/// <summary>What a machine must be told; section <c>Platform</c>.</summary>
public sealed class PlatformOptions
{
    /// <summary>Connection string to the register, as its login role.</summary>
    [Required]
    public required string RegisterConnection { get; init; }

    /// <summary>
    /// Connection string to the vault, as its login role. Left out on nodes that only receive messages: what faces the
    /// internet has no way to the vault.
    /// </summary>
    public string? IdentityConnection { get; init; }

    /// <summary>Folder of the file key store; made with mode 0700.</summary>
    [Required]
    public required string KeyFolder { get; init; }
}
