using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>What surrounds the items being compiled.</summary>
internal sealed record ItemScope(
    MistakeLog Log, IReadOnlyDictionary<string, CodeList> CodeLists, SimpleTypeCompiler Types, LegalGround Ground);

/// <summary>Compiles attributes and texts: XML Schema's structure, and the graded checks beside it.</summary>
internal static class ItemCompiler
{
    private const int TextCharactersMax = 100;

    private const string NotKept = "none";

    private static readonly Dictionary<string, FieldType> Forms = new(StringComparer.Ordinal)
    {
        ["compactDate"] = FieldType.Date,
        ["municipality"] = FieldType.Municipality,
    };

    public static List<ItemShape> CompileAll(DefinitionMap attributes, ItemScope scope)
    {
        var items = new List<ItemShape>();
        foreach (var (name, keyNode, value) in attributes.Entries)
        {
            if (DefinitionMap.Of(value, scope.Log, $"attributtet «{name}»") is not { } map) continue;
            items.Add(Compile(name, keyNode, map, "type", scope));
            map.RefuseOtherKeys();
        }

        return items;
    }

    /// <param name="name">Empty for text.</param>
    /// <param name="typeKey"><c>type</c> for attributes, <c>text</c> for texts.</param>
    public static ItemShape Compile(
        string name, YamlNode at, DefinitionMap map, string typeKey, ItemScope scope)
    {
        var isProhibited = map.Flag("prohibited");
        var type = map.Has(typeKey) || !isProhibited
            ? scope.Types.Find(map, typeKey)
            : new SimpleType(XmlBase.String);
        var form = map.Choice("form", Forms);
        var codeList = ReadCodeList(map, scope);
        var fieldType = TypeOf(type, codeList, form);
        var isDay = fieldType is FieldType.Date or FieldType.DateTime;
        var column = map.Text("column");
        var use = map.Choice("use", Words.Uses) ?? TextUse.None;
        var (lengthMin, lengthMax) = SimpleTypeCompiler.ReadLength(map, "length", 0, TextCharactersMax, scope.Log);
        var (min, max) = isDay ? default : SimpleTypeCompiler.ReadRange(map, scope.Log);
        var isIdentifier = map.Flag("identifier");
        return new ItemShape
        {
            Name = name,
            At = at,
            Type = type,
            FieldType = fieldType,
            Titles = map.InLanguages("title", isRequired: false),
            Description = map.Text("description"),
            IsRequired = map.Flag("required"),
            IsProhibited = isProhibited,
            Fixed = map.Text("fixed"),
            Default = map.Text("default"),
            IsIdentifier = isIdentifier,
            IsCompactDate = form == FieldType.Date,
            IsPersonMark = map.Flag("personMark"),
            IsKept = column != NotKept,
            Column = column == NotKept ? null : column,
            CodeList = codeList,
            CodeValidOn = map.Texts("codeValidOn"),
            Days = isDay ? SimpleTypeCompiler.ReadDays(map, scope.Log) : null,
            Use = use,
            LengthMin = lengthMin,
            LengthMax = Math.Min(lengthMax, TextCharactersMax),
            Pattern = SimpleTypeCompiler.ReadPattern(map, scope.Log),
            Min = min,
            Max = max,
            Decimals = map.Whole("decimals", 0, 20) ?? 20,
            Ground = ReadGround(map, scope.Ground, isIdentifier),
            OnFault = ReadActions(map),
            Example = map.Text("example") ?? "",
        };
    }

    public static LegalGround ReadGround(DefinitionMap map, LegalGround above, bool isIdentifier)
    {
        var letter = map.Choice("informationType", Words.InformationTypes);
        if (isIdentifier) letter ??= InformationType.A;
        var purposes = new List<Purpose>();
        foreach (var (text, node) in map.Texts("purposes"))
        {
            if (Words.Purposes.TryGetValue(text, out var purpose)) purposes.Add(purpose);
            else map.AddUnknownWord(node, "purposes", text, Words.Purposes.Keys);
        }

        return new LegalGround(
            letter ?? above.InformationType, purposes.Count > 0 ? purposes : above.Purposes,
            map.Text("justification") ?? above.Justification);
    }

    private static FieldType TypeOf(SimpleType type, CodeList? codeList, FieldType? form) => type.Base switch
    {
        _ when codeList is not null => FieldType.Code,
        _ when form is { } given => given,
        XmlBase.Decimal or XmlBase.Double => FieldType.Decimal,
        XmlBase.GYear => FieldType.Integer,
        XmlBase.Boolean => FieldType.Boolean,
        XmlBase.Date => FieldType.Date,
        XmlBase.DateTime => FieldType.DateTime,
        _ when type.IsWhole => FieldType.Integer,
        _ => FieldType.Text,
    };

    // Where several lists are given, a code of any of them holds; which fits where is a content rule.
    private static CodeList? ReadCodeList(DefinitionMap map, ItemScope scope)
    {
        var lists = new List<CodeList>();
        foreach (var (id, node) in map.Texts("codeList"))
        {
            if (scope.CodeLists.TryGetValue(id, out var list)) lists.Add(list);
            else
            {
                scope.Log.Add("DEF-016", node, $"Kodeverket «{id}» finnes ikke i code-lists.",
                    CloseMatch.Advise(id, scope.CodeLists.Keys));
            }
        }

        if (lists.Count < 2) return lists.FirstOrDefault();
        return new CodeList
        {
            Id = string.Join(" / ", lists.Select(list => list.Id)),
            Titles = Joined([.. lists.Select(list => list.Titles)]),
            Source = lists[0].Source,
            Codes = [.. lists.SelectMany(list => list.Codes)],
        };
    }

    private static LocalizedText Joined(LocalizedText[] titles) => new(
        string.Join(" / ", titles.Select(title => title.Nb)),
        titles.All(title => title.Nn is not null) ? string.Join(" / ", titles.Select(title => title.Nn)) : null,
        titles.All(title => title.En is not null) ? string.Join(" / ", titles.Select(title => title.En)) : null);

    // What the definition does not say is told and taken lightly: the structure has held.
    private static FaultActions ReadActions(DefinitionMap map)
    {
        var defaults = new FaultActions(FaultAction.SetNull, FaultAction.Log, FaultAction.SetNull, FaultAction.Log);
        switch (map.Any("onFault"))
        {
            case YamlScalarNode when map.Choice("onFault", Words.XmlActions) is { } all:
                return new FaultActions(all, all, all, all);
            case YamlMappingNode when map.Map("onFault", "onFault") is { } each:
                var actions = new FaultActions(
                    each.Choice("type", Words.XmlActions) ?? defaults.Type,
                    each.Choice("missing", Words.XmlActions) ?? defaults.Missing,
                    each.Choice("code", Words.XmlActions) ?? defaults.Code,
                    each.Choice("content", Words.XmlActions) ?? defaults.Content);
                each.RefuseOtherKeys();
                return actions;
            default:
                return defaults;
        }
    }
}
