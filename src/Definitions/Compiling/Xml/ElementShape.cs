using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>A constraint as written.</summary>
internal sealed record ConstraintShape(
    string Name, ConstraintKind Kind, string Of, IReadOnlyList<string> Fields, string? To, bool NeverMatches,
    YamlNode At);

/// <summary>A part of a content model as written.</summary>
internal sealed record ContentShape(
    ParticleKind Kind, int Min, int? Max, string Element, YamlNode At, IReadOnlyList<ContentShape> Items);

/// <summary>An element as the definition describes it, before it stands at a place in the message.</summary>
internal sealed class ElementShape
{
    public required string Key { get; init; }

    /// <summary>The name on the wire.</summary>
    public required string Name { get; init; }

    public required YamlNode At { get; init; }

    public required LocalizedText Titles { get; init; }

    public string? FindBy { get; init; }

    public bool IsContactPerson { get; init; }

    public required IReadOnlyList<ItemShape> Attributes { get; init; }

    public ItemShape? Text { get; init; }

    public ContentShape? Content { get; init; }

    public required IReadOnlyList<ConstraintShape> Constraints { get; init; }

    public required IReadOnlyList<(string Text, YamlNode Node)> CodeValidOn { get; init; }
}

/// <summary>Compiles <c>elements:</c>.</summary>
internal static class ElementCompiler
{
    public static Dictionary<string, ElementShape> CompileAll(DefinitionMap elements, ItemScope scope)
    {
        var shapes = new Dictionary<string, ElementShape>(StringComparer.Ordinal);
        foreach (var (name, keyNode, value) in elements.Entries)
        {
            if (DefinitionMap.Of(value, scope.Log, $"elementet «{name}»") is { } map)
            {
                shapes[name] = Compile(name, keyNode, map, scope);
            }
        }

        return shapes;
    }

    private static ElementShape Compile(string key, YamlNode at, DefinitionMap map, ItemScope scope)
    {
        // A text element is its own item, and its ground is that of the item.
        var text = map.Has("text") ? ItemCompiler.Compile("", at, map, "text", scope) : null;
        var ground = text?.Ground ?? ItemCompiler.ReadGround(map, scope.Ground, isIdentifier: false);
        var shape = new ElementShape
        {
            Key = key,
            Name = map.Text("wire") ?? key,
            At = at,
            Titles = text?.Titles ?? map.InLanguages("title", isRequired: false),
            FindBy = map.Text("findBy"),
            IsContactPerson = map.Flag("contactPerson"),
            Attributes = map.Map("attributes", $"attributtene i «{key}»") is { } attributes
                ? ItemCompiler.CompileAll(attributes, scope with { Ground = ground })
                : [],
            Text = text,
            Content = ContentCompiler.Compile(map, scope.Log),
            Constraints = [.. ReadConstraints(map, scope.Log)],
            CodeValidOn = text?.CodeValidOn ?? map.Texts("codeValidOn"),
        };
        map.RefuseOtherKeys();
        if (text is not null && shape.Content is not null)
        {
            scope.Log.Add("DEF-023", map.At("content"), $"«{key}» har både text og content.", "Behold ett av dem.");
        }

        return shape;
    }

    private static IEnumerable<ConstraintShape> ReadConstraints(DefinitionMap map, MistakeLog log)
    {
        (string Key, ConstraintKind Kind)[] sections =
        [
            ("unique", ConstraintKind.Unique), ("keys", ConstraintKind.Key), ("references", ConstraintKind.Reference),
        ];
        foreach (var (key, kind) in sections)
        {
            foreach (var (name, keyNode, value) in map.Map(key, $"«{key}»")?.Entries ?? [])
            {
                if (DefinitionMap.Of(value, log, $"regelen «{name}»") is not { } constraint) continue;
                yield return new ConstraintShape(
                    name, kind, constraint.Text("of", isRequired: true) ?? "",
                    [.. constraint.Texts("fields", isRequired: true).Select(field => field.Text)],
                    constraint.Text("to", isRequired: kind == ConstraintKind.Reference),
                    constraint.Flag("neverMatches"), keyNode);
                constraint.RefuseOtherKeys();
            }
        }
    }
}

/// <summary>Compiles <c>content:</c>, the children an element may have.</summary>
internal static class ContentCompiler
{
    private const string Unbounded = "*";

    public static ContentShape? Compile(DefinitionMap map, MistakeLog log) =>
        map.Any("content") is { } content ? Group(ParticleKind.Sequence, content, 1, 1, log) : null;

    private static ContentShape Group(ParticleKind kind, YamlNode node, int min, int? max, MistakeLog log)
    {
        var items = new List<ContentShape>();
        if (node is YamlSequenceNode sequence)
            items.AddRange(sequence.Select(item => Item(item, log)).OfType<ContentShape>());
        else
            log.Add("DEF-004", node, "Innholdet skal være en liste.", "Skriv [A, { B: 0..* }].");
        return new ContentShape(kind, min, max, "", node, items);
    }

    private static ContentShape? Item(YamlNode node, MistakeLog log)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } name })
            return new ContentShape(ParticleKind.Element, 1, 1, name, node, []);
        if (DefinitionMap.Of(node, log, "innholdet") is not { } map) return null;
        if (map.Has("choice") || map.Has("sequence"))
        {
            var kind = map.Has("choice") ? ParticleKind.Choice : ParticleKind.Sequence;
            var items = map.Any(kind == ParticleKind.Choice ? "choice" : "sequence")!;
            var (least, most) = Occurs(map.Text("occurs") ?? "1..1", map.At("occurs"), log);
            map.RefuseOtherKeys();
            return Group(kind, items, least, most, log);
        }

        var (element, _, value) = map.Entries.First();
        var (min, max) = Occurs((value as YamlScalarNode)?.Value ?? "", value, log);
        if (map.Entries.Skip(1).Any())
        {
            log.Add("DEF-004", node, "Hvert element i innholdet skal stå for seg.", "Skriv - A: 0..1 på hver linje.");
        }

        return new ContentShape(ParticleKind.Element, min, max, element, node, []);
    }

    private static (int Min, int? Max) Occurs(string text, YamlNode at, MistakeLog log)
    {
        var ends = text.Split("..");
        if (ends.Length == 2 && int.TryParse(ends[0], out var min) && min is >= 0 and <= 100)
        {
            if (ends[1] == Unbounded) return (min, null);
            if (int.TryParse(ends[1], out var max) && max >= min && max is > 0 and <= 1000) return (min, max);
        }

        log.Add("DEF-006", at, $"Antallet er «{text}».", "Skriv 0..1, 1..*, 3..* eller 0..4.");
        return (0, null);
    }
}
