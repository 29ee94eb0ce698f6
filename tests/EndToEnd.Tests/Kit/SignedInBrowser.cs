using System.Net;
using System.Text.RegularExpressions;

namespace Kilde.EndToEnd.Tests.Kit;

/// <summary>Reads the portal's pages over HTTP as one of the test identity provider's users, without script.</summary>
public sealed partial class SignedInBrowser : IDisposable
{
    private readonly HttpClient _http;

    private SignedInBrowser(HttpClient http) => _http = http;

    public static async Task<SignedInBrowser> OpenAsync(
        string portalUrl, string user, CancellationToken cancellation)
    {
        var http = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(portalUrl),
        };
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var choose = await http.GetAsync(new Uri("/logg-inn", UriKind.Relative), cancellation);
        using var form = new FormUrlEncodedContent([new("user", user)]);
        using var landed = await http.PostAsync(choose.RequestMessage!.RequestUri, form, cancellation);
        landed.StatusCode.ShouldBe(HttpStatusCode.OK);
        landed.RequestMessage!.RequestUri!.Authority.ShouldBe(http.BaseAddress.Authority);
        return new SignedInBrowser(http);
    }

    /// <summary>Reads pages, and then the pages they lead to, until there are no more or enough.</summary>
    /// <returns>What stood on each page, by its path. A page that does not answer 200 fails the test.</returns>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        IEnumerable<string> paths, int pagesMax, CancellationToken cancellation)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(paths);
        while (waiting.TryDequeue(out var path) && seen.Count < pagesMax)
        {
            if (seen.ContainsKey(path)) continue;
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            seen[path] = await answer.Content.ReadAsStringAsync(cancellation);
            foreach (Match link in Link.Matches(seen[path]))
                waiting.Enqueue(WebUtility.HtmlDecode(link.Groups["path"].Value));
        }

        return seen;
    }

    /// <summary>One page as text, whatever it answers.</summary>
    public async Task<string> PageAsync(string path, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>Fills in a form of a page and sends it; gives the page that comes back.</summary>
    public async Task<string> SubmitAsync(
        string path, string form, CancellationToken cancellation, params (string Name, string Value)[] fields)
    {
        var token = Token.Match(await PageAsync(path, cancellation)).Groups["token"].Value;
        using var content = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", token), new("_handler", form),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
        ]);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(cancellation));
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex(
        "name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token { get; }

    [GeneratedRegex(
        "href=\"(?<path>/(mottak|avsendere|revisjon)[^\"#]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link { get; }
}
