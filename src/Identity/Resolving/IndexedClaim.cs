using Kilde.Identity.Crypto;
using Kilde.Kernel;

namespace Kilde.Identity.Resolving;

/// <summary>An identifier in a claim and the blind index it is found by.</summary>
/// <param name="LocalId">The sender's own patient number; then there is no <paramref name="Identifier"/>.</param>
/// <param name="Kind">A <see cref="StoredKind"/>.</param>
internal readonly record struct IndexedIdentifier(Guid Index, PersonIdentifier Identifier, string? LocalId, short Kind)
{

    public override string ToString() => "***";
}

/// <summary>A claim with its blind indexes.</summary>
/// <param name="Numbers">Fødselsnummer, D-number and their like; the strongest first.</param>
internal readonly record struct IndexedClaim(IndexedIdentifier[] Numbers, IndexedIdentifier? Local)
{
    /// <summary>The claim's own <see cref="IdentifierClaim.IsDecided"/>.</summary>
    public bool IsDecided { get; init; }

    public bool NamesNobody => Numbers.Length == 0 && Local is null;

    /// <summary>The identifier a record stays tied to.</summary>
    public Guid Anchor => Numbers.Length > 0 ? Numbers[0].Index : Local!.Value.Index;

    public static IndexedClaim Of(IdentifierClaim claim, BlindIndex index)
    {
        var (person, scope) = (claim.Person, claim.Scope);
        var others = person.Others ?? [];
        var count = (person.HasIdentifier ? 1 : 0) + others.Count;
        var numbers = count == 0 ? [] : new IndexedIdentifier[count];
        var next = 0;
        if (person.HasIdentifier) Add(person.Primary);
        foreach (var other in others) Add(other);
        return new IndexedClaim(numbers, LocalOf(claim, index)) { IsDecided = claim.IsDecided };

        void Add(PersonIdentifier identifier)
        {
            if (identifier.Kind == PersonIdentifierKind.None)
                throw new ArgumentException("A claim holds an identifier that is not set.", nameof(claim));
            numbers[next++] = new IndexedIdentifier(
                index.Of(identifier, scope), identifier, LocalId: null, (short)identifier.Kind);
        }
    }

    private static IndexedIdentifier? LocalOf(IdentifierClaim claim, BlindIndex index)
    {
        if (claim.Person.LocalId is not { Length: > 0 } number) return null;
        return claim.Institution is { } institution
            ? new(index.OfPatient(number, institution), default, number, (short)StoredKind.PatientNumber)
            : new(index.OfLocal(number, claim.Scope), default, number, (short)StoredKind.LocalNumber);
    }

    public IEnumerable<IndexedIdentifier> All => Local is { } local ? Numbers.Append(local) : Numbers;

    public override string ToString() => "***";
}
