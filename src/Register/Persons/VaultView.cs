using Kilde.Audit;
using Kilde.Identity;

namespace Kilde.Register.Persons;

/// <summary>The two questions the register asks the vault.</summary>
internal sealed record VaultView(
    Func<IReadOnlyList<IdentifierClaim>, AccessGround, CancellationToken, Task<ResolvedPerson[]>> ResolveAsync,
    Func<long, int, CancellationToken, Task<IReadOnlyList<PersonChange>>> ReadChangesAsync)
{
    public static VaultView Of(IdentityVault vault) => new(vault.ResolveAsync, vault.ReadChangesAsync);
}
