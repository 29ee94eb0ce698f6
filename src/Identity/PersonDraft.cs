using Kilde.Audit;
using Kilde.Identity.Crypto;
using Kilde.Identity.Linking;
using Kilde.Identity.Resolving;
using Kilde.Kernel;

namespace Kilde.Identity;

/// <summary>
/// Persons of a message that may yet be refused. Identifiers that the vault has not seen get keys that are thought of
/// and not written, the same ones throughout the message, until the message is accepted.
/// </summary>
/// <remarks>Not safe for many threads; one for each message.</remarks>
public sealed class PersonDraft
{
    /// <summary>About 200 bytes each. A message with more of them is merged after it is judged.</summary>
    private const int NewMax = 200_000;

    private readonly ResolveTransaction _transaction;
    private readonly BlindIndex _index;
    private readonly Dictionary<Guid, NewIdentifier> _new = [];
    private AccessGround? _ground;
    private long _begunAt;

    internal PersonDraft(ResolveTransaction transaction, BlindIndex index) =>
        (_transaction, _index) = (transaction, index);

    /// <summary>
    /// As <see cref="IdentityVault.ResolveAsync"/>, with nothing written. Null when the vault would have to be told
    /// more than of new identifiers. An answer is one audit entry.
    /// </summary>
    public async Task<ResolvedPerson[]?> ResolveAsync(
        IReadOnlyList<IdentifierClaim> claims, AccessGround ground, CancellationToken cancellation)
    {
        Grounds.DemandPurpose(ground);
        if (claims.Count == 0) return [];

        _ground = ground;
        var indexed = new ChunkedList<IndexedClaim>();
        foreach (var claim in claims) indexed.Add(IndexedClaim.Of(claim, _index));
        var entry = new AuditEntry(ground, "identity.resolve", "claims", claims.Count);
        var isFirst = _new.Count == 0;
        var resolved = await _transaction.DraftAsync(indexed, _new, entry, cancellation);
        if (resolved is null || _new.Count > NewMax) return null;
        if (isFirst) _begunAt = resolved[0].ChangeNo;
        VaultTelemetry.Resolved.Add(claims.Count);
        return resolved;
    }

    /// <summary>
    /// Writes what is new. False, and nothing is written, when somebody else has told the vault of one of them
    /// meanwhile, or of a change of persons: then the keys that were thought of are nobody's.
    /// </summary>
    public async Task<bool> KeepAsync(CancellationToken cancellation)
    {
        if (_new.Count == 0) return true;
        var entry = new AuditEntry(_ground!, "identity.resolve", "new identifiers", _new.Count);
        return await _transaction.KeepAsync(_new.Values, _begunAt, entry, cancellation);
    }
}
