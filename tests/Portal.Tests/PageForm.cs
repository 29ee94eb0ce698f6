using System.Net;

namespace Kilde.Portal.Tests;

/// <summary>A form of a page, filled in and sent as a browser without script does.</summary>
public static class PageForm
{
    /// <returns>The page that comes back, with its characters as people read them.</returns>
    public static async Task<string> SendAsync(
        HttpClient client, string path, string handler, params IEnumerable<KeyValuePair<string, string>> fields)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var token = await AntiforgeryToken.OfAsync(client, path);
        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("_handler", handler), .. fields]);
        var answer = await client.PostAsync(path, form, cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(cancellation));
    }
}
