using Kilde.Definitions.Model;

namespace Kilde.Definitions.Rules;

/// <summary>What may stand in the elements of a column kept as Json, by the definition.</summary>
internal abstract class JsonContent
{
    private const int DepthMax = 8;

    public abstract JsonContent? Child(string name);

    /// <summary>True when the element may stand more than once in what it stands in.</summary>
    public abstract bool IsRepeated { get; }

    /// <summary>Names of the element's items, as paths write them; empty for its own text.</summary>
    protected abstract IEnumerable<string> Items { get; }

    protected abstract IEnumerable<(string Name, JsonContent Content)> Children { get; }

    public bool HasItem(ReadOnlySpan<string> path)
    {
        if (path.Length == 0) return Items.Contains("", StringComparer.Ordinal);
        return path.Length == 1
            ? Items.Contains(path[0], StringComparer.Ordinal)
            : Child(path[0])?.HasItem(path[1..]) == true;
    }

    public IEnumerable<string> Paths(string path, int depth = 0) => depth > DepthMax
        ? []
        : Items.Select(item => item.Length == 0 ? path : $"{path}/{item}")
            .Concat(Children.SelectMany(child => child.Content.Paths($"{path}/{child.Name}", depth + 1)));

    public IEnumerable<string> Elements(string path, int depth = 0) => depth > DepthMax
        ? []
        : Children.SelectMany(child => child.Content.Elements($"{path}/{child.Name}", depth + 1)).Prepend(path);
}

internal sealed class XmlContent(XmlNode node) : JsonContent
{
    public override bool IsRepeated => node.IsRepeated;

    protected override IEnumerable<string> Items =>
    [
        .. node.Attributes.Select(attribute => $"@{attribute.Name}"),
        .. node.Children.Where(child => child is { Text: not null, IsRepeated: false }).Select(child => child.Name),
        .. node.Text is null ? Array.Empty<string>() : [""],
    ];

    protected override IEnumerable<(string Name, JsonContent Content)> Children =>
        node.Children.Where(child => child.Text is null || child.IsRepeated)
            .Select(child => (child.Name, (JsonContent)new XmlContent(child)));

    public override JsonContent? Child(string name) =>
        node.Children.FirstOrDefault(child => child.Name == name) is { } below ? new XmlContent(below) : null;
}

internal sealed class FieldContent(Field list) : JsonContent
{
    public override bool IsRepeated => list.Type == FieldType.List;

    protected override IEnumerable<string> Items =>
        list.Fields.Count == 0
            ? [""]
            : list.Fields.Where(one => one.Fields.Count == 0).Select(one => one.WireName);

    protected override IEnumerable<(string Name, JsonContent Content)> Children =>
        list.Fields.Where(one => one.Fields.Count > 0)
            .Select(one => (one.WireName, (JsonContent)new FieldContent(one)));

    public override JsonContent? Child(string name) =>
        list.Fields.FirstOrDefault(one => one.WireName == name) is { } below ? new FieldContent(below) : null;
}

/// <summary>Paths in XML messages: below the record as a path from it; above it by the element's name.</summary>
internal static class XmlPaths
{
    public static string Of(XmlItemRef item, XmlNode record)
    {
        var node = Below(item.Node, record);
        if (item.Item.IsText) return node;
        return node.Length == 0 ? $"@{item.Item.Name}" : $"{node}/@{item.Item.Name}";
    }

    public static string Below(XmlNode node, XmlNode record)
    {
        if (node == record) return "";
        return IsWithin(node, record)
            ? node.Path[(record.Path.Length + 1)..]
            : node.Name;
    }

    public static bool IsWithin(XmlNode node, XmlNode record) =>
        node == record || (node.Parent is { } parent && IsWithin(parent, record));
}
