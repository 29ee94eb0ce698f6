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

    /// <summary>
    /// Folder of the file key store; made with mode 0700. Holds what every node needs: keys of payloads, of senders'
    /// messages, of the audit log and of cookies.
    /// </summary>
    [Required]
    public required string KeyFolder { get; init; }

    /// <summary>
    /// Folder of the keys of the vault and of feedback; made with mode 0700. Left out on nodes that only receive
    /// messages, as the login to the vault is: what faces the internet can neither reach nor read an identifier.
    /// </summary>
    public string? VaultKeyFolder { get; init; }
}
