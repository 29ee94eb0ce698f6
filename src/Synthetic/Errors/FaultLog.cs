namespace Kilde.Synthetic;

/// <summary>Which faults to put into the files of an order, and those that have been.</summary>
internal sealed class FaultLog(FaultMix mix)
{
    private readonly List<SeededFault> _seeded = [];

    public FaultMix Mix => mix;

    public IReadOnlyList<SeededFault> Seeded => _seeded;

    /// <summary>Notes the contacts that were left out of a message that should have had them.</summary>
    /// <param name="register">NPR or KPR: each has rules of its own for them.</param>
    public void AddMissingContacts(MessageFrame frame, string register)
    {
        if (frame.Contacts.Count == 0) return;
        if (mix.HasOnce(FileFault.TechnicalContactMissing))
            _seeded.Add(new(FileFault.TechnicalContactMissing, $"{register}-KON-001", frame.Module, "/Melding"));
        if (mix.HasOnce(FileFault.VendorContactMissing))
            _seeded.Add(new(FileFault.VendorContactMissing, $"{register}-KON-002", frame.Module, "/Melding"));
    }

    public void Add(FileFault kind, string module, string place) =>
        _seeded.Add(new SeededFault(kind, FaultRules.Of(kind), module, place));
}
