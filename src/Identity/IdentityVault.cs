using Kilde.Audit;
using Kilde.Kernel;

namespace Kilde.Identity;

/// <summary>A record's person, and whose series its local and help numbers belong to.</summary>
/// <param name="Scope">
/// The sender. Help numbers and local patient numbers are internal to it and never match across senders (F10).
/// </param>
public readonly record struct IdentifierClaim(RowPerson Person, OrganizationNumber Scope);

/// <summary>What the register gets to know of a person.</summary>
/// <param name="ChangeNo">The vault's newest person change when this was read: a later merge or split wins.</param>
public readonly record struct ResolvedPerson(PersonKey PersonKey, IdentifierKey IdentifierKey, long ChangeNo);

/// <summary>An identifier moved from one person to another, by merge or split. Read in order, without gaps.</summary>
public sealed record PersonChange(long ChangeNo, IdentifierKey Identifier, PersonKey From, PersonKey To);

/// <summary>The only place with clear-text identity.</summary>
public sealed class IdentityVault
{
    /// <summary>
    /// Person keys for the claims, in their order. Identifiers not seen before get new persons; a claim with only a
    /// local number gets the person that number is known to stand for, or an unknown person (negative key).
    /// </summary>
    public Task<ResolvedPerson[]> ResolveAsync(
        IReadOnlyList<IdentifierClaim> claims, AccessGround ground, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Person changes after a number, oldest first.</summary>
    public Task<IReadOnlyList<PersonChange>> ReadChangesAsync(
        long after, int limit, CancellationToken cancellation) => throw new NotSupportedException();
}
