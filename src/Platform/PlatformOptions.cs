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
    /// messages, of the audit log and of cookies. Left out where <see cref="KeyToken"/> holds them.
    /// </summary>
    public string? KeyFolder { get; init; }

    /// <summary>The same keys on a hardware module, as in production.</summary>
    public KeyTokenOptions? KeyToken { get; init; }

    /// <summary>
    /// Folder of the keys of the vault and of feedback; made with mode 0700. Left out on nodes that only receive
    /// messages, as the login to the vault is: what faces the internet can neither reach nor read an identifier.
    /// </summary>
    public string? VaultKeyFolder { get; init; }

    /// <summary>The same keys on a hardware module: a token apart from the node's.</summary>
    public KeyTokenOptions? VaultKeyToken { get; init; }
}

/// <summary>Where keys are on a token behind PKCS#11.</summary>
public sealed class KeyTokenOptions
{
    /// <summary>Path of the module's library.</summary>
    [Required]
    public required string Module { get; init; }

    /// <summary>Label of the token.</summary>
    [Required]
    public required string Label { get; init; }

    /// <summary>The user's PIN; best from the environment. Else from <see cref="PinFile"/>.</summary>
    public string? Pin { get; init; }

    /// <summary>A file that holds the PIN and nothing more.</summary>
    public string? PinFile { get; init; }
}
