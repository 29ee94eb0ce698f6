using Kilde.Portal.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Kilde.Portal.Tests;

public class SecurityHeaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https", false, true)]
    [InlineData("http", true, true)]
    [InlineData("http", false, false)]
    public async Task A_browser_that_came_by_https_is_told_to_come_that_way_only(
        string scheme, bool isPublishedByHttps, bool isTold)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Request.Scheme = scheme;
            return SecurityHeaders.SetAsync(context, null, isPublishedByHttps, next);
        });
        app.MapGet("/", () => "ok");
        await app.StartAsync(Cancellation);
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri(app.Urls.Single()), Cancellation);

        answer.Headers.Contains("Strict-Transport-Security").ShouldBe(isTold);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Cross-Origin-Resource-Policy").ShouldBe(["same-origin"]);
    }
}
