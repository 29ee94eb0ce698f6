using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;

namespace Kilde.Portal.Shell;

/// <summary>
/// A text with places for values, taken apart once. <c>{0}</c> is the first value. <c>{0|day|days}</c> is the first
/// word when the first value is 1, else the second. <c>{0:words}</c> is the words inside the first value, as a link.
/// A number and its unit, or an ordinal and its noun, are never parted by a line break.
/// </summary>
public sealed partial class TextPattern
{
    // Norwegian letters as themselves; what HTML gives meaning to is encoded all the same.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly Part[] _parts;

    private TextPattern(Part[] parts) => _parts = parts;

    /// <summary>The places in the text, as <c>0</c>, <c>0|</c> and <c>0:</c>: the same in every language.</summary>
    public IEnumerable<string> Places =>
        _parts.Where(part => part.Place >= 0).Select(part => $"{part.Place}{part.Kind switch
        {
            PartKind.Count => "|",
            PartKind.Inside => ":",
            _ => "",
        }}").Distinct();

    /// <exception cref="FormatException">A brace is not closed, or what it holds is no place.</exception>
    public static TextPattern Parse(string text)
    {
        text = BreakInNumber.Replace(text, "\u00a0");
        var parts = new List<Part>();
        var at = 0;
        while (text.IndexOf('{', at) is var open and >= 0)
        {
            if (open > at) parts.Add(new Part(PartKind.Words, -1, text[at..open]));
            var close = text.IndexOf('}', open);
            if (close < 0) throw new FormatException($"A brace is not closed in '{text}'.");
            parts.Add(PlaceOf(text[(open + 1)..close]));
            at = close + 1;
        }

        if (at < text.Length) parts.Add(new Part(PartKind.Words, -1, text[at..]));
        return new TextPattern([.. parts]);
    }

    internal string Say(Texts texts, params ReadOnlySpan<object?> values)
    {
        if (_parts is [{ Kind: PartKind.Words } only]) return only.Words;

        var said = new StringBuilder();
        foreach (var part in _parts)
        {
            said.Append(part.Kind switch
            {
                PartKind.Value => texts.Of(values[part.Place]),
                PartKind.Count => part.WordFor(values[part.Place]),
                _ => part.Words,
            });
        }

        return said.ToString();
    }

    internal MarkupString SayRich(Texts texts, ReadOnlySpan<object?> values)
    {
        var said = new StringBuilder();
        foreach (var part in _parts)
        {
            said.Append(part.Kind switch
            {
                PartKind.Value when values[part.Place] is Rich rich => rich.Around(Encoder.Encode(rich.Content)),
                PartKind.Value => Encoder.Encode(texts.Of(values[part.Place])),
                PartKind.Count => Encoder.Encode(part.WordFor(values[part.Place])),
                PartKind.Inside => ((Rich)values[part.Place]!).Around(Encoder.Encode(part.Words)),
                _ => Encoder.Encode(part.Words),
            });
        }

        return new MarkupString(said.ToString());
    }

    // «15 MB», «{0} %», «{0}. tertial»
    [GeneratedRegex(@"(?<=[\d}]) (?=(%|ms|s|min|t|h|kB|MB|bytes?)(?![\p{L}\d]))|(?<=[\d}]\.) (?=\p{Ll})",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BreakInNumber { get; }

    private static Part PlaceOf(string place)
    {
        var end = place.AsSpan().IndexOfAny('|', ':');
        var number = int.Parse(end < 0 ? place : place[..end]);
        if (end < 0) return new Part(PartKind.Value, number, "");
        if (place[end] == ':') return new Part(PartKind.Inside, number, place[(end + 1)..]);

        var words = place[(end + 1)..].Split('|');
        return words is [var one, var many]
            ? new Part(PartKind.Count, number, many, one)
            : throw new FormatException($"'{place}' does not have two words.");
    }

    private enum PartKind
    {
        Words,
        Value,
        Count,
        Inside,
    }

    private sealed record Part(PartKind Kind, int Place, string Words, string One = "")
    {
        public string WordFor(object? count) => count is 1 or 1L ? One : Words;
    }
}

/// <summary>A value of a text that is markup: a link, a code. Made here only, so that all of it is encoded.</summary>
public sealed class Rich
{
    private readonly string _start;
    private readonly string _end;

    private Rich(string start, string end, string content = "") => (_start, _end, Content) = (start, end, content);

    /// <summary>What stands inside where the text itself says nothing there.</summary>
    internal string Content { get; }

    /// <summary>Strong words.</summary>
    public static Rich Strong { get; } = new("<strong>", "</strong>");

    /// <summary>A link around words of the text.</summary>
    public static Rich Link(string address) =>
        new($"<a class=\"ds-link\" href=\"{HtmlEncoder.Default.Encode(address)}\">", "</a>");

    /// <summary>Something written to machines, as it is.</summary>
    public static Rich Code(string code) => new("<code>", "</code>", code);

    internal string Around(string encoded) => _start + encoded + _end;
}
