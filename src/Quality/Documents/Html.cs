using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Kilde.Quality.Documents;

/// <summary>
/// Markup. What an interpolated string puts into it is encoded unless it is markup itself, so a value from a sender's
/// message can never become part of the page.
/// </summary>
internal readonly record struct Html(string Markup)
{
    public static readonly Html Empty = new("");

    /// <summary>Markup with encoded holes: <c>Html.Of($"&lt;td&gt;{value}&lt;/td&gt;")</c>.</summary>
    public static Html Of(Handler markup) => new(markup.ToString());

    public static Html Join<T>(IEnumerable<T> items, Func<T, Html> write) =>
        new(string.Concat(items.Select(item => write(item).Markup)));

    public override string ToString() => Markup;

    [InterpolatedStringHandler]
    public readonly struct Handler(int literalLength, int formattedCount)
    {
        // Norwegian letters as themselves; what HTML gives meaning to is encoded all the same.
        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

        private readonly StringBuilder _markup = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string markup) => _markup.Append(markup);

        public void AppendFormatted(Html markup) => _markup.Append(markup.Markup);

        public void AppendFormatted(string? text) => _markup.Append(Encoder.Encode(text ?? ""));

        public void AppendFormatted(int number) => _markup.Append(number);

        public override string ToString() => _markup.ToString();
    }
}
