using System.Runtime.InteropServices;

namespace Kilde.Identity.Resolving;

/// <summary>What an identifier stands for.</summary>
internal readonly record struct Standing(long IdentifierKey, long PersonKey);

/// <summary>An identifier the vault has not seen before.</summary>
internal sealed record NewIdentifier(IndexedIdentifier Named, long IdentifierKey)
{
    public required long PersonKey { get; set; }
}

/// <summary>A local number whose person has become known.</summary>
/// <param name="IsCorrection">Its person was known, and an identity message says another.</param>
internal sealed record Attachment(long IdentifierKey, long From, long To, bool IsCorrection);

/// <summary>Two persons that a record says are one; the lower key first.</summary>
internal readonly record struct Candidate(long Person, long Other)
{
    public static Candidate Of(long one, long other) => new(Math.Min(one, other), Math.Max(one, other));
}

/// <summary>
/// Decides whom claims are about, one claim after the other, from what is known of their identifiers. It does no I/O:
/// what has to be written is in its lists afterwards.
/// </summary>
/// <param name="known">What is known; grows as claims are read.</param>
/// <param name="newKey">Random numbers 1 – 2⁶³−1.</param>
internal sealed class ClaimLinking(Dictionary<Guid, Standing> known, Func<long> newKey)
{
    public const string BasisRecord = "record";
    public const string BasisLocalNumber = "local number";
    public const string BasisDecided = "population register";

    private readonly Dictionary<Guid, NewIdentifier> _new = [];
    private readonly Dictionary<Guid, Attachment> _attachments = [];

    public IReadOnlyCollection<NewIdentifier> New => _new.Values;

    public IReadOnlyCollection<Attachment> Attachments => _attachments.Values;

    public Dictionary<Candidate, string> Candidates { get; } = [];

    public void Read(IndexedClaim claim)
    {
        if (claim.NamesNobody) return;

        var person = PersonOf(claim);
        foreach (var number in claim.Numbers)
        {
            if (!known.ContainsKey(number.Index)) AddNew(number, person);
        }

        if (claim.Local is not { } local) return;
        if (!known.TryGetValue(local.Index, out var standing)) AddNew(local, person);
        else if (standing.PersonKey != person) Reconsider(local, standing, person);
    }

    /// <summary>
    /// An identity message is what a sender says of whom a patient number is: unlike a number beside others in a
    /// record, it also moves one that is known to stand for another person.
    /// </summary>
    /// <param name="mayCorrect">False for a message older than one that was heard before.</param>
    public TellingOutcome Tell(IndexedClaim claim, bool mayCorrect)
    {
        if (claim.Local is not { } local) return TellingOutcome.NoNumber;
        if (claim.Numbers.Length == 0)
        {
            // The patient is told of all the same, and keeps the person that stands: a new one is unknown.
            Read(claim);
            return TellingOutcome.NoNumber;
        }

        var before = known.TryGetValue(local.Index, out var standing) ? standing.PersonKey : (long?)null;
        Read(claim with { Local = null });
        var person = known[claim.Anchor].PersonKey;
        if (before == person) return TellingOutcome.Known;
        if (before is null) AddNew(local, person);
        else if (before < 0) Reconsider(local, standing, person);
        else if (!mayCorrect) return TellingOutcome.Overtaken;
        else Move(local, standing, person, isCorrection: true);
        return before > 0 ? TellingOutcome.Corrected : TellingOutcome.Linked;
    }

    /// <summary>After all claims are read: the person of each, which a later claim may have made known.</summary>
    public Standing Of(IndexedClaim claim) => claim.NamesNobody ? new Standing(0, -newKey()) : known[claim.Anchor];

    /// <summary>After all claims are read: the claim's own patient number.</summary>
    public long LocalKeyOf(IndexedClaim claim) => claim.Local is { } local ? known[local.Index].IdentifierKey : 0;

    private long PersonOf(IndexedClaim claim)
    {
        long? person = null;
        foreach (var number in claim.Numbers)
        {
            if (!known.TryGetValue(number.Index, out var standing)) continue;
            if (person is null) person = standing.PersonKey;
            else if (person != standing.PersonKey)
                Suspect(person.Value, standing.PersonKey, claim.IsDecided ? BasisDecided : BasisRecord);
        }

        if (person is { } found) return found;
        if (claim.Numbers.Length > 0) return newKey();
        return known.TryGetValue(claim.Local!.Value.Index, out var local) ? local.PersonKey : -newKey();
    }

    // A local number is weak: it can be given anew or be wrong. It makes an unknown person known, but it never moves
    // from one known person to another; staff look at that.
    private void Reconsider(IndexedIdentifier local, Standing standing, long person)
    {
        if (standing.PersonKey > 0)
        {
            Suspect(standing.PersonKey, person, BasisLocalNumber);
            return;
        }

        Move(local, standing, person, isCorrection: false);
    }

    private void Move(IndexedIdentifier local, Standing standing, long person, bool isCorrection)
    {
        known[local.Index] = standing with { PersonKey = person };
        if (_new.TryGetValue(local.Index, out var unseen)) unseen.PersonKey = person;
        else if (!_attachments.TryGetValue(local.Index, out var earlier))
            _attachments.Add(local.Index, new(standing.IdentifierKey, standing.PersonKey, person, isCorrection));
        else
            _attachments[local.Index] = earlier with { To = person };
    }

    private void Suspect(long one, long other, string basis)
    {
        ref var told = ref CollectionsMarshal.GetValueRefOrAddDefault(Candidates, Candidate.Of(one, other), out _);
        if (told is null || basis == BasisDecided) told = basis;
    }

    private void AddNew(IndexedIdentifier named, long person)
    {
        var identifier = new NewIdentifier(named, newKey()) { PersonKey = person };
        _new.Add(named.Index, identifier);
        known.Add(named.Index, new Standing(identifier.IdentifierKey, person));
    }
}
