using System.Text;
using System.Xml.Linq;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>What NPR's server does with a value it does not take (NPR-melding 53.1.3, handling 1–9).</summary>
internal enum OfficialAction
{
    RejectMessage = 1,
    DropRow = 2,
    DropRowOnly = 3,
    MinusOne = 5,
    Zero = 6,
    Null = 7,
    Reserved = 8,
    Log = 9,
}

/// <summary>A check that the official annotations turn on for an item, and what is done when it fails.</summary>
/// <param name="Datatype">The number of the datatype, where the check is of that.</param>
/// <param name="From">First value, as it is written; a path begins with <c>xpath:</c>.</param>
internal sealed record OfficialCheck(
    string Element, string Item, string Kind, OfficialAction Action, string Datatype, string From, string To)
{
    public const string Type = "type";
    public const string Missing = "missing";
    public const string Code = "code";
    public const string Range = "range";

    private static readonly (string Kind, string Flag, string Action)[] Kinds =
    [
        (Type, "merketForTypesjekk", "handlingTypeID"),
        (Missing, "merketForObligat", "handlingObligatID"),
        (Code, "merketForKodeverk", "handlingKodeverkID"),
        (Range, "merketForRangeCheck", "handlingRangeCheckID"),
    ];

    /// <summary>The checks of a file of annotations. A check that is on and has no action does nothing.</summary>
    public static IReadOnlyList<OfficialCheck> ReadAll(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var text = Encoding.Latin1.GetString(bytes);
        var told =
            from info in XDocument.Parse(text[text.IndexOf('<')..]).Descendants()
            where info.Name.LocalName == "appinfo"
            let values = Values(info)
            where values("classShortName").Length > 0 && values("attributeShortName").Length > 0
            from kind in Kinds
            where values(kind.Flag) == "1" && values(kind.Action).Length > 0
            select new OfficialCheck(
                values("classShortName"), values("attributeShortName"), kind.Kind,
                (OfficialAction)int.Parse(values(kind.Action)), values("datatypeID"), values("valueRangeFrom"),
                values("valueRangeTo"));
        return [.. told.Distinct()];
    }

    private static Func<string, string> Values(XElement info)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in info.Elements())
        {
            if (value.Attribute("name")?.Value is { } name)
                values[name] = (value.Attribute("value")?.Value ?? value.Value).Trim();
        }

        return name => values.GetValueOrDefault(name, "");
    }
}
