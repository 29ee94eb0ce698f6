using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>Collects the mistakes of one file.</summary>
internal sealed class MistakeLog(string file)
{
    private readonly List<DefinitionMistake> _mistakes = [];

    public IReadOnlyList<DefinitionMistake> Mistakes => _mistakes;

    public void Add(string id, YamlNode at, string text, string advice) => Add(id, at.Start, text, advice);

    public void Add(string id, Mark at, string text, string advice) =>
        _mistakes.Add(new DefinitionMistake(id, file, Math.Max(1, at.Line), Math.Max(1, at.Column), text, advice));
}
