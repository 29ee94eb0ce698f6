namespace Kilde.Platform.Keys;

/// <summary>
/// The key store of the vault's own keys, apart from the node's: only nodes that resolve persons have it, as only they
/// have a login to the vault.
/// </summary>
public sealed record VaultKeys(IKeyStore Store);
