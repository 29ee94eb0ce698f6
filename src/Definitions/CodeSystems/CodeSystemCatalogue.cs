namespace Kilde.Definitions.CodeSystems;

/// <summary>The medical code systems that messages name by letter (Volven 8410).</summary>
public sealed class CodeSystemCatalogue
{
    private readonly Dictionary<string, CodeSystem> _byLetter;

    internal CodeSystemCatalogue(IEnumerable<CodeSystem> systems)
    {
        _byLetter = systems.ToDictionary(system => system.Letter, StringComparer.Ordinal);
        HasCodes = _byLetter.Values.Any(system => system.HasCodes);
    }

    public static CodeSystemCatalogue Empty { get; } = new([]);

    /// <summary>The same systems with these codes and no others.</summary>
    internal CodeSystemCatalogue With(IReadOnlyDictionary<string, CodeTable> codes) =>
        new(All.Select(system => system.With(codes.GetValueOrDefault(system.Letter))));

    public IEnumerable<CodeSystem> All => _byLetter.Values;

    /// <summary>True when the codes of some system are at hand.</summary>
    public bool HasCodes { get; }

    /// <summary>Null for letters without codes that can be checked.</summary>
    public CodeSystem? Find(string letter) => _byLetter.GetValueOrDefault(letter);
}
