namespace Kilde.Synthetic;

/// <summary>How many patients or users get a fault put into what is told of them, and which.</summary>
/// <param name="Share">Of persons, 0–1. A fault that has no place with a person is not put in.</param>
/// <param name="Kinds">Each as often; those that occur once a file do so when they are here and share is not 0.</param>
public sealed record FaultMix(double Share, IReadOnlyList<FileFault> Kinds)
{
    public static FaultMix None { get; } = new(0, []);

    /// <summary>Everything that a message may hold and still be read.</summary>
    public static FaultMix Content(double share) =>
        new(share, [.. Enum.GetValues<FileFault>().Where(kind => !FaultRules.IsStructure(kind))]);

    public static FaultMix Only(FileFault kind, double share) => new(share, [kind]);

    internal bool HasOnce(FileFault kind) => Share > 0 && Kinds.Contains(kind);

    /// <summary>The kinds of contact a message has (list 8471): 1 and 15 must always be there.</summary>
    internal List<int> ContactsOf(ReadOnlySpan<int> all)
    {
        List<int> contacts = [.. all];
        if (HasOnce(FileFault.TechnicalContactMissing)) contacts.Remove(1);
        if (HasOnce(FileFault.VendorContactMissing)) contacts.Remove(15);
        return contacts;
    }

    internal FileFault? Draw(ulong seed, long person, int institution)
    {
        if (Share <= 0) return null;
        var chance = Chance.Of(seed, Topic.Fault, person, institution);
        return chance.Happens(Share) ? Kinds[chance.Below(Kinds.Count)] : null;
    }
}
