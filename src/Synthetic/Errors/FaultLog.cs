namespace Kilde.Synthetic;

/// <summary>Which faults to put into the files of an order, and those that have been.</summary>
internal sealed class FaultLog(FaultMix mix)
{
    private readonly List<SeededFault> _seeded = [];

    public FaultMix Mix => mix;

    public IReadOnlyList<SeededFault> Seeded => _seeded;

    public void Add(FileFault kind, string module, string place) =>
        _seeded.Add(new SeededFault(kind, module, place, FaultMix.IsStructure(kind)));
}
