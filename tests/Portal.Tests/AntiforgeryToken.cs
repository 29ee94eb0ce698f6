using System.Text.RegularExpressions;

namespace Kilde.Portal.Tests;

/// <summary>The antiforgery token of a page's form, as a browser would send it back.</summary>
public static partial class AntiforgeryToken
{
    public static async Task<string> OfAsync(HttpClient client, string path)
    {
        var html = await client.GetStringAsync(path, TestContext.Current.CancellationToken);
        return Field.Match(html).Groups["token"].Value;
    }

    [GeneratedRegex(
        "name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Field { get; }
}
