namespace Kilde.Portal.Tests;

/// <summary>The browser that the pages are tested in, by itself.</summary>
public class ChromiumTests(Chromium chromium)
{
    [Fact]
    public async Task The_browser_runs_script()
    {
        var page = await chromium.EmptyPageAsync();

        (await page.EvaluateAsync<int>("6 * 7")).ShouldBe(42);
        await page.CloseAsync();
    }
}
