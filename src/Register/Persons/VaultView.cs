using Kilde.Audit;
using Kilde.Identity;

namespace Kilde.Register.Persons;

/// <summary>What the register asks the vault, and what it tells it.</summary>
internal sealed record VaultView(
    Func<IReadOnlyList<IdentifierClaim>, AccessGround, CancellationToken, Task<ResolvedPerson[]>> ResolveAsync,
    Func<long, int, CancellationToken, Task<IReadOnlyList<PersonChange>>> ReadChangesAsync,
    Func<IReadOnlyList<IdentifierClaim>, bool, AccessGround, CancellationToken, Task<IdentitiesTold>> TellAsync)
{
    public static VaultView Of(IdentityVault vault) =>
        new(vault.ResolveAsync, vault.ReadChangesAsync, vault.TellAsync);
}
