using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Kilde.Portal.Tests;

/// <summary>Finds words on a page that are not of the language the visitor has chosen.</summary>
internal static partial class SpokenLanguage
{
    private const int Around = 40;

    /// <summary>
    /// Words of bokmål where they should not be, with some of what stands beside them. What is stored in bokmål only
    /// is marked as bokmål, and is no complaint.
    /// </summary>
    public static async Task<string[]> ForeignAsync(IPage page, string language)
    {
        var told = await page.EvaluateAsync<string>(Told);
        // SOM is a service area.
        return
        [
            .. (language == "nn" ? NotNynorsk : NotEnglish).Matches(told)
                .Where(word => word.Value.Any(char.IsLower))
                .Select(word => Excerpt(told, word)),
        ];
    }

    // All that people are told, apart from what is marked as another language and what is written to machines.
    private const string Told =
        """
        (() => {
          const names = ['aria-label', 'title', 'placeholder', 'data-label'];
          const page = document.body.cloneNode(true);
          page.querySelectorAll('[lang], [translate=no], code, textarea').forEach(each => each.remove());
          const attributes = [...page.querySelectorAll('*')]
            .flatMap(each => names.map(name => each.getAttribute(name) ?? ''));
          const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
          const texts = [document.title];
          while (walker.nextNode()) texts.push(walker.currentNode.textContent);
          return [...texts, ...attributes].map(each => each.trim()).filter(each => each).join(' | ');
        })()
        """;

    private static string Excerpt(string told, Match word)
    {
        var end = Math.Min(told.Length, word.Index + word.Length + Around);
        return $"{word}: {told[Math.Max(0, word.Index - Around)..end].ReplaceLineEndings(" ")}";
    }

    [GeneratedRegex(
        @"\b(ikke|fra|hva|hvem|hvor|hvorfor|noe|noen|dere|deres|være|uten|vises|enhet(en|er|ene)?|avsender(e|en|ne)?"
        + @"|innsending(er|en|ene)|melding(er|en|ene)|mottatt|måned|kommer|nå|gjør|rettes|tjenesten?|flere|høyst)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex NotNynorsk { get; }

    [GeneratedRegex(
        @"\b(ikkj?e|fr[aå]|hva|kva|hvem|kven|som|eller|det|er|av|på|med|har|blir|den|ein|uten|eining|enhet(en)?"
        + @"|melding(er|en|a|ar)?|innsending(er|en|a|ar)?|avsend[ae]re?|mottatt|motteken?|dag(er|ar)?|feil|vis|alle"
        + "|funnet)\\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex NotEnglish { get; }
}
