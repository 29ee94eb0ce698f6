using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>
/// Puts a definition that says only what changed on top of the one it is based on, so that a new yearly version is a
/// small file.
/// </summary>
internal static class BasedOn
{
    private const string Key = "basedOn";

    /// <summary>More steps than this is a circle.</summary>
    private const int StepsMax = 20;

    /// <summary>What a new version must say itself.</summary>
    private static readonly string[] OwnKeys = ["message", "version", "dataYears"];

    /// <param name="all">The definitions by message and version, and the files they stand in.</param>
    public static YamlMappingNode Resolve(
        YamlMappingNode own, IReadOnlyDictionary<(string, string), (YamlMappingNode Node, string File)> all,
        MistakeLog log)
    {
        var merged = own;
        for (var step = 0; Take(merged, Key) is { } reference; step++)
        {
            var baseId = (Scalar(reference, "message"), Scalar(reference, "version"));
            if (step == StepsMax || !all.TryGetValue(baseId, out var basis) || ReferenceEquals(basis.Node, own))
            {
                log.Add("DEF-027", reference,
                    $"Definisjonen bygger på «{baseId.Item1} {baseId.Item2}», som ikke finnes eller bygger på denne.",
                    "Skriv basedOn: { message: …, version: … } for en annen definisjon i mappen.");
                return Without(merged, Key, log);
            }

            log.IsTaken(basis.Node, basis.File);
            merged = Merge(basis.Node, Without(merged, Key, log), log);
        }

        foreach (var key in OwnKeys.Where(key => !ReferenceEquals(merged, own) && Take(own, key) is null))
        {
            log.Add("DEF-002", own, $"«{key}» mangler i definisjonen.", "En ny versjon sier alltid dette selv.");
        }

        return merged;
    }

    // Mappings are merged key by key; all else is replaced; an empty value (~) takes the key away.
    private static YamlMappingNode Merge(YamlMappingNode basis, YamlMappingNode changes, MistakeLog log)
    {
        var merged = new YamlMappingNode();
        log.IsMade(merged, of: changes);
        var keys = changes.Children.Keys.ToDictionary(key => key);
        foreach (var (key, value) in basis.Children)
        {
            if (!changes.Children.TryGetValue(key, out var change)) merged.Add(key, value);
            else if (value is YamlMappingNode below && change is YamlMappingNode changesBelow)
                merged.Add(keys[key], Merge(below, changesBelow, log));
            else if (!IsEmpty(change)) merged.Add(keys[key], change);
        }

        foreach (var (key, value) in changes.Children)
        {
            if (!basis.Children.ContainsKey(key) && !IsEmpty(value)) merged.Add(key, value);
        }

        return merged;
    }

    private static bool IsEmpty(YamlNode node) => node is YamlScalarNode { Value: "~" or "" or null };

    private static YamlNode? Take(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private static string Scalar(YamlNode node, string key) =>
        node is YamlMappingNode map && Take(map, key) is YamlScalarNode { Value: { } value } ? value : "";

    private static YamlMappingNode Without(YamlMappingNode node, string key, MistakeLog log)
    {
        var rest = new YamlMappingNode();
        log.IsMade(rest, of: node);
        foreach (var (name, value) in node.Children)
        {
            if (name is not YamlScalarNode { Value: var text } || text != key) rest.Add(name, value);
        }

        return rest;
    }
}
