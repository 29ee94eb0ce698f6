using Kilde.Testing;
using Microsoft.Playwright;

namespace Kilde.Portal.Tests;

/// <summary>The page staff have open all day.</summary>
[Collection(nameof(PortalSite))]
public class MottakTests(PortalSite site, Chromium chromium)
{
    [Fact]
    public async Task What_comes_in_shows_by_itself_and_can_be_stopped()
    {
        var page = await chromium.PageAsync(site, PortalSite.StaffId);
        await page.GotoAsync("/mottak");
        await page.GetByText("Oppdateres hvert 5. sekund.").WaitForAsync();

        var id = await SyntheticDay.SendOneAsync(site.Services, TestContext.Current.CancellationToken);

        await page.Locator($"a[href='/mottak/{id}']").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stans" }).ClickAsync();
        (await page.Locator("[data-live-status] [role=status]").InnerTextAsync()).ShouldBe("Oppdatering er stanset.");
        await page.CloseAsync();
    }

    [Fact]
    public async Task A_submission_is_found_and_opened_with_the_keyboard_alone()
    {
        var page = await chromium.PageAsync(site, PortalSite.StaffId);
        await page.GotoAsync("/mottak?tilstand=avvist");

        var first = page.Locator("tbody th a").First;
        for (var i = 0; i < 40 && !await first.EvaluateAsync<bool>("link => link === document.activeElement"); i++)
            await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await page.GetByRole(AriaRole.Heading, new() { Name = "Funn i meldingen" }).WaitForAsync();
        await page.CloseAsync();
    }

    /// <summary>Makes the README's picture anew: run with <c>-explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public async Task The_picture_for_the_readme_is_taken_when_asked_for()
    {
        var page = await chromium.PageAsync(site, PortalSite.StaffId);
        await page.SetViewportSizeAsync(1280, 1180);
        await page.GotoAsync("/mottak");
        await page.GetByText("Oppdateres hvert 5. sekund.").WaitForAsync();

        var path = Repository.At("docs", "images", "portal.png");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = path });

        new FileInfo(path).Length.ShouldBeLessThan(250_000);
        await page.CloseAsync();
    }
}
