using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>
/// What records, items and code lists are called in nynorsk and English, by what they are called in bokmål:
/// <c>titles.yaml</c>. An item that many message types have is translated once.
/// </summary>
internal sealed class TitleWords
{
    public const string FileName = "titles.yaml";
    private const string Title = "title";

    private readonly Dictionary<string, (string? Nn, string? En)> _words = new(StringComparer.Ordinal);

    /// <summary>The titles there are words for.</summary>
    public IReadOnlyCollection<string> Known => _words.Keys;

    public void Compile(DefinitionMap map, MistakeLog log)
    {
        foreach (var (bokmaal, _, value) in map.Map("titles", "titlene", isRequired: true)?.Entries ?? [])
        {
            if (DefinitionMap.Of(value, log, $"tittelen «{bokmaal}»") is not { } words) continue;
            _words[bokmaal] = (words.Text("nn") ?? bokmaal, words.Text("en", isRequired: true));
            words.RefuseOtherKeys();
        }

        map.RefuseOtherKeys();
    }

    /// <summary>Writes out each title in a definition that there are words for, and that is in bokmål alone.</summary>
    public void Into(YamlNode node)
    {
        if (node is YamlSequenceNode list)
        {
            foreach (var each in list.Children) Into(each);
        }
        else if (node is YamlMappingNode map)
        {
            foreach (var (key, value) in map.Children.ToList())
            {
                if (key is not YamlScalarNode { Value: Title } || value is not YamlScalarNode { Value: { } bokmaal })
                    Into(value);
                else if (_words.TryGetValue(bokmaal, out var words))
                    map.Children[key] = new YamlMappingNode("nb", bokmaal, "nn", words.Nn!, "en", words.En!);
            }
        }
    }
}
