namespace Kilde.Platform.Keys;

/// <summary>
/// The key store of the vault's own keys and of those to feedback, apart from the node's: nodes that only receive do
/// not have it, as they have no login to the vault.
/// </summary>
public sealed record VaultKeys(IKeyStore Store);
