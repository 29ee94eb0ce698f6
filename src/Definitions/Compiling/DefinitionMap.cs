using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>
/// One mapping of a definition file. It remembers which keys were asked for, so that any other key is a mistake.
/// </summary>
internal sealed class DefinitionMap
{
    private readonly YamlMappingNode _node;
    private readonly MistakeLog _log;
    private readonly string _what;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <param name="what">What the mapping describes, in bokmål, for example <c>feltet «ammeStatus»</c>.</param>
    public DefinitionMap(YamlMappingNode node, MistakeLog log, string what)
    {
        _node = node;
        _log = log;
        _what = what;
    }

    public YamlMappingNode Node => _node;

    /// <summary>The same definition with other content.</summary>
    public DefinitionMap With(YamlMappingNode node) => new(node, _log, _what);

    /// <summary>A scalar as it stands, without asking for it; empty when there is none.</summary>
    public string Scalar(string key) => Find(key) is YamlScalarNode { Value: { } text } ? text.Trim() : "";

    public IEnumerable<(string Key, YamlNode KeyNode, YamlNode Value)> Entries =>
        _node.Children.Select(pair => (((YamlScalarNode)pair.Key).Value ?? "", pair.Key, pair.Value));

    public bool Has(string key) => Find(key) is not null;

    /// <summary>The value's place, for mistakes about it; the mapping's own when the key is not there.</summary>
    public YamlNode At(string key) => Find(key) ?? _node;

    public string? Text(string key, bool isRequired = false)
    {
        if (!TryGet(key, isRequired, out var value)) return null;
        if (value is YamlScalarNode { Value: { } text } && !string.IsNullOrWhiteSpace(text)) return text.Trim();
        _log.Add("DEF-004", value, $"«{key}» i {_what} skal være en tekst.", "Skriv en verdi etter kolon.");
        return null;
    }

    public T? Choice<T>(string key, IReadOnlyDictionary<string, T> words, bool isRequired = false)
        where T : struct
    {
        if (Text(key, isRequired) is not { } text) return null;
        if (words.TryGetValue(text, out var value)) return value;
        AddUnknownWord(At(key), key, text, words.Keys);
        return null;
    }

    public void AddUnknownWord(YamlNode at, string key, string text, IEnumerable<string> words) =>
        _log.Add("DEF-005", at, $"«{text}» er ikke en gyldig verdi for «{key}» i {_what}.",
            CloseMatch.Advise(text, words));

    public int? Whole(string key, int min, int max, bool isRequired = false)
    {
        if (Text(key, isRequired) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max) return number;
        _log.Add("DEF-006", At(key), $"«{key}» i {_what} er «{text}».", $"Skriv et helt tall fra {min} til {max}.");
        return null;
    }

    public bool Flag(string key)
    {
        if (Text(key) is not { } text) return false;
        if (text is "true" or "false") return text == "true";
        _log.Add("DEF-004", At(key), $"«{key}» i {_what} er «{text}».", "Skriv true eller false.");
        return false;
    }

    public DateOnly? Date(string key, bool isRequired = false)
    {
        if (Text(key, isRequired) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        _log.Add("DEF-006", At(key), $"«{key}» i {_what} er «{text}».", "Skriv en dato som 2025-09-01.");
        return null;
    }

    /// <summary>A mapping below this one; the texts of its mistakes call it <paramref name="what"/>.</summary>
    public DefinitionMap? Map(string key, string what, bool isRequired = false)
    {
        if (!TryGet(key, isRequired, out var value)) return null;
        return Of(value, _log, what);
    }

    /// <summary>A text in the three languages, all of them required; empty when it is not there.</summary>
    public LocalizedText InThreeLanguages(string key) =>
        Map(key, "teksten", isRequired: true)?.AsThreeLanguages() ?? new LocalizedText("");

    /// <summary>The map itself as a text in the three languages; without what it lacks, which is a mistake.</summary>
    public LocalizedText AsThreeLanguages()
    {
        var (nb, nn, en) = (Text("nb", true), Text("nn", true), Text("en", true));
        RefuseOtherKeys();
        return new LocalizedText(nb ?? "", nn, en);
    }

    /// <summary>A text in bokmål alone, or in the languages it is written in, bokmål among them.</summary>
    public LocalizedText InLanguages(string key, bool isRequired)
    {
        if (Find(key) is not YamlMappingNode) return new LocalizedText(Text(key, isRequired) ?? "");
        if (Map(key, "teksten") is not { } texts) return new LocalizedText("");
        var text = new LocalizedText(texts.Text("nb", isRequired: true) ?? "", texts.Text("nn"), texts.Text("en"));
        texts.RefuseOtherKeys();
        return text;
    }

    public IReadOnlyList<(string Text, YamlNode Node)> Texts(string key, bool isRequired = false)
    {
        if (!TryGet(key, isRequired, out var value)) return [];
        IEnumerable<YamlNode> nodes = value is YamlSequenceNode sequence ? sequence.Children : [value];
        var texts = new List<(string, YamlNode)>();
        foreach (var node in nodes)
        {
            if (node is YamlScalarNode { Value: { Length: > 0 } text }) texts.Add((text, node));
            else _log.Add("DEF-004", node, $"«{key}» i {_what} skal være en liste av ord.", "Skriv [a, b].");
        }

        return texts;
    }

    /// <summary>A node that may be a scalar or a mapping; null when the key is not there.</summary>
    public YamlNode? Any(string key, bool isRequired = false) => TryGet(key, isRequired, out var value) ? value : null;

    /// <summary>To be called when everything has been asked for: what is left over is misspelt or misplaced.</summary>
    public void RefuseOtherKeys()
    {
        foreach (var (key, node, _) in Entries.Where(entry => !_asked.Contains(entry.Key)))
        {
            _log.Add("DEF-003", node, $"Nøkkelen «{key}» er ukjent i {_what}.",
                CloseMatch.Advise(key, _asked.Where(asked => !Has(asked))));
        }
    }

    public static DefinitionMap? Of(YamlNode node, MistakeLog log, string what)
    {
        if (node is YamlMappingNode mapping && mapping.Children.Keys.All(key => key is YamlScalarNode))
        {
            return new DefinitionMap(mapping, log, what);
        }

        log.Add("DEF-004", node, $"Her skal {what} beskrives.", "Skriv nøkler og verdier under hverandre.");
        return null;
    }

    private bool TryGet(string key, bool isRequired, [NotNullWhen(true)] out YamlNode? value)
    {
        _asked.Add(key);
        value = Find(key);
        if (value is null && isRequired)
        {
            _log.Add("DEF-002", _node, $"«{key}» mangler i {_what}.", $"Legg til linjen «{key}: …».");
        }

        return value is not null;
    }

    private YamlNode? Find(string key) =>
        _node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
}
