using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>
/// Collects the mistakes of one file. What the file took from one it is based on is told where it stands there.
/// </summary>
internal sealed class MistakeLog(string file)
{
    private readonly List<DefinitionMistake> _mistakes = [];
    private readonly Dictionary<YamlNode, string> _taken = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<YamlNode, YamlNode> _made = new(ReferenceEqualityComparer.Instance);

    /// <summary>Path within the folder of definitions.</summary>
    public string File => file;

    public IReadOnlyList<DefinitionMistake> Mistakes => _mistakes;

    /// <summary>Everything below the definition stands in another file.</summary>
    public void IsTaken(YamlMappingNode basis, string from)
    {
        foreach (var node in basis.AllNodes) _taken[node] = from;
    }

    /// <summary>The node was made, and stands in no file: its mistakes are those of another.</summary>
    public void IsMade(YamlNode made, YamlNode of) => _made[made] = of;

    public void Add(string id, YamlNode at, string text, string advice)
    {
        while (_made.TryGetValue(at, out var of)) at = of;
        if (!_taken.TryGetValue(at, out var from)) Add(id, at.Start, text, advice);
        else Add(id, from, at.Start, text, $"{advice} Det er {file} som bygger på dette.");
    }

    public void Add(string id, Mark at, string text, string advice) => Add(id, file, at, text, advice);

    private void Add(string id, string where, Mark at, string text, string advice) =>
        _mistakes.Add(new DefinitionMistake(id, where, Math.Max(1, at.Line), Math.Max(1, at.Column), text, advice));
}
