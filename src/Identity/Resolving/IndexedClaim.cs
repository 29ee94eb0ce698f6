using Kilde.Identity.Crypto;
using Kilde.Kernel;

namespace Kilde.Identity.Resolving;

/// <summary>An identifier in a claim and the blind index it is found by.</summary>
/// <param name="LocalId">The sender's own patient number; then there is no <paramref name="Identifier"/>.</param>
internal readonly record struct IndexedIdentifier(Guid Index, PersonIdentifier Identifier, string? LocalId)
{
    public short Kind => LocalId is null ? (short)Identifier.Kind : (short)StoredKind.LocalNumber;

    public override string ToString() => "***";
}

/// <summary>A claim with its blind indexes.</summary>
/// <param name="Numbers">Fødselsnummer, D-number and their like; the strongest first.</param>
internal readonly record struct IndexedClaim(IndexedIdentifier[] Numbers, IndexedIdentifier? Local)
{
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
        return new IndexedClaim(
            numbers,
            string.IsNullOrEmpty(person.LocalId)
                ? null
                : new IndexedIdentifier(index.OfLocal(person.LocalId, scope), default, person.LocalId));

        void Add(PersonIdentifier identifier)
        {
            if (identifier.Kind == PersonIdentifierKind.None)
                throw new ArgumentException("A claim holds an identifier that is not set.", nameof(claim));
            numbers[next++] = new IndexedIdentifier(index.Of(identifier, scope), identifier, LocalId: null);
        }
    }

    public IEnumerable<IndexedIdentifier> All => Local is { } local ? Numbers.Append(local) : Numbers;

    public override string ToString() => "***";
}
