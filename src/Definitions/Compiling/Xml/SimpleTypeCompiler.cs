using System.Globalization;
using System.Text.RegularExpressions;
using Kilde.Definitions.Model;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>Compiles <c>types:</c>, the named simple types, and finds a type by its name.</summary>
internal sealed partial class SimpleTypeCompiler
{
    // Matching is linear and values are short: a clock would only fail messages on a busy machine.
    private static readonly TimeSpan PatternTime = Regex.InfiniteMatchTimeout;

    private static readonly Dictionary<string, XmlBase> Bases = Words.Camel<XmlBase>();

    private readonly Dictionary<string, SimpleType> _types = new(StringComparer.Ordinal);
    private readonly MistakeLog _log;

    public SimpleTypeCompiler(DefinitionMap? types, MistakeLog log)
    {
        _log = log;
        foreach (var (name, value) in Bases) _types[name] = new SimpleType(value);
        foreach (var (name, keyNode, value) in types?.Entries ?? [])
        {
            if (Bases.ContainsKey(name))
            {
                log.Add("DEF-017", keyNode, $"Typen «{name}» er innebygd.", "Gi typen et annet navn.");
            }
            else if (DefinitionMap.Of(value, log, $"typen «{name}»") is { } map)
            {
                _types[name] = Compile(map);
            }
        }
    }

    public SimpleType Find(DefinitionMap map, string key)
    {
        if (map.Text(key, isRequired: true) is not { } name) return _types["string"];
        if (_types.TryGetValue(name, out var type)) return type;
        map.AddUnknownWord(map.At(key), key, name, _types.Keys);
        return _types["string"];
    }

    private SimpleType Compile(DefinitionMap map)
    {
        var (min, max) = ReadLength(map, "length", 0, int.MaxValue, _log);
        var (least, most) = ReadRange(map, _log);
        var type = new SimpleType(map.Choice("base", Bases, isRequired: true) ?? XmlBase.String)
        {
            LengthMin = min,
            LengthMax = max,
            Pattern = ReadPattern(map, _log),
            Values = map.Has("values") ? [.. map.Texts("values").Select(value => value.Text)] : null,
            Min = least,
            Max = most,
            TotalDigits = map.Whole("digits", 1, 28),
            FractionDigits = map.Whole("decimals", 0, 28),
        };
        map.RefuseOtherKeys();
        return type;
    }

    /// <summary>Reads <c>4..4</c>, <c>..100</c> or <c>1..</c>.</summary>
    public static (int Min, int Max) ReadLength(DefinitionMap map, string key, int min, int max, MistakeLog log)
    {
        if (map.Text(key) is not { } text) return (min, max);
        var match = LengthForm().Match(text);
        if (match.Success)
        {
            if (match.Groups["min"].Length > 0) min = int.Parse(match.Groups["min"].Value);
            if (match.Groups["max"].Length > 0) max = int.Parse(match.Groups["max"].Value);
            if (min <= max) return (min, max);
        }

        log.Add("DEF-006", map.At(key), $"«{key}» er «{text}».", "Skriv antall tegn som 4..4, ..100 eller 1..");
        return (0, int.MaxValue);
    }

    /// <summary>Reads <c>0..100</c>, <c>0..</c> or <c>..100</c>.</summary>
    public static (decimal? Min, decimal? Max) ReadRange(DefinitionMap map, MistakeLog log)
    {
        if (map.Text("range") is not { } text) return (null, null);
        var ends = text.Split("..");
        if (ends.Length == 2 && TryEnd(ends[0], out var min) && TryEnd(ends[1], out var max) && !(min > max))
            return (min, max);
        log.Add("DEF-006", map.At("range"), $"«range» er «{text}».", "Skriv minste og største verdi som 0..250.");
        return (null, null);
    }

    /// <summary>Reads <c>1900-01-01..2099-12-31</c>; an end may be open, or a path to a day.</summary>
    public static (string From, string To, YamlNode Node)? ReadDays(DefinitionMap map, MistakeLog log)
    {
        if (map.Text("range") is not { } text) return null;
        var ends = text.Split("..");
        var isSound = ends.Length == 2 && text.Length > 2
            && !(IsDay(ends[0], out var from) && IsDay(ends[1], out var to) && from > to);
        if (isSound) return (ends[0], ends[1], map.At("range"));
        log.Add("DEF-006", map.At("range"), $"«range» er «{text}».",
            "Skriv første og siste dag som 1900-01-01..2099-12-31.");
        return null;
    }

    private static bool IsDay(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out day);

    /// <summary>A pattern for the whole value that every regular expression language reads alike.</summary>
    public static Regex? ReadPattern(DefinitionMap map, MistakeLog log, string key = "pattern")
    {
        if (map.Text(key) is not { } pattern) return null;
        if (!pattern.StartsWith('^') || !pattern.EndsWith('$') || pattern.Contains('\\'))
        {
            log.Add("DEF-018", map.At(key), $"Mønsteret «{pattern}» kan leses ulikt hos avsender og mottaker.",
                "Begynn med ^ og slutt med $, og skriv [0-9] i stedet for \\d.");
            return null;
        }

        try
        {
            return new Regex(
                $"^(?:{pattern[1..^1]})\\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture, PatternTime);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            log.Add("DEF-018", map.At(key), $"Mønsteret «{pattern}» er ikke et gyldig regulært uttrykk.",
                "Sjekk parenteser og klammer; det kan ikke se framover eller vise tilbake.");
            return null;
        }
    }

    private static bool TryEnd(string text, out decimal? end)
    {
        end = null;
        if (text.Length == 0) return true;
        var isNumber = decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var number);
        end = number;
        return isNumber;
    }

    [GeneratedRegex(@"^(?<min>[0-9]{0,6})\.\.(?<max>[0-9]{0,6})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LengthForm();
}
