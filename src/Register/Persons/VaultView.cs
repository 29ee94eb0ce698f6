using Kilde.Audit;
using Kilde.Identity;
using Kilde.Kernel;

namespace Kilde.Register.Persons;

/// <summary>What it asks of a message that may yet be refused (<see cref="PersonDraft"/>).</summary>
internal sealed record DraftView(
    Func<IReadOnlyList<IdentifierClaim>, AccessGround, CancellationToken, Task<ResolvedPerson[]?>> ResolveAsync,
    Func<CancellationToken, Task<bool>> KeepAsync)
{
    public static DraftView Of(PersonDraft draft) => new(draft.ResolveAsync, draft.KeepAsync);
}

/// <summary>What the register asks the vault, and what it tells it.</summary>
internal sealed record VaultView(
    Func<IReadOnlyList<IdentifierClaim>, AccessGround, CancellationToken, Task<ResolvedPerson[]>> ResolveAsync,
    Func<long, int, CancellationToken, Task<IReadOnlyList<PersonChange>>> ReadChangesAsync,
    Func<IReadOnlyList<IdentifierClaim>, bool, AccessGround, CancellationToken,
        Task<(IdentitiesTold Told, IdentifierKey[] Patients)>> TellAsync,
    Func<DraftView> BeginDraft)
{
    public static VaultView Of(IdentityVault vault) =>
        new(vault.ResolveAsync, vault.ReadChangesAsync, vault.TellAsync, () => DraftView.Of(vault.BeginDraft()));
}
