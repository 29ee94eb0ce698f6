using System.Collections.Concurrent;
using Kilde.Portal.Shell;
using Kilde.Testing;
using Microsoft.Playwright;

namespace Kilde.Portal.Tests;

/// <summary>Debian's Chromium, driven by Playwright; one process for the whole test run.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const int DesktopWidth = 1280;
    private const int Height = 800;

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--lang=nb",
    ];

    private readonly SemaphoreSlim _once = new(1);
    private readonly ConcurrentDictionary<string, string> _sessions = new();
    private readonly ConcurrentDictionary<(string? User, int Width, bool IsDark, bool RunsScript), IBrowserContext>
        _contexts = new();
    private readonly ConcurrentDictionary<(string? User, bool RunsScript), IPage> _tabs = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// A page of its own, signed in when a user is given. Pages of the same user and kind share session and cache, as
    /// tabs do; the caller closes the page.
    /// </summary>
    public async Task<IPage> PageAsync(
        PortalSite site, string? userId = null, int width = DesktopWidth, bool isDark = false, bool runsScript = true)
    {
        var browser = await StartAsync();
        var kind = (userId, width, isDark, runsScript);
        if (!_contexts.TryGetValue(kind, out var context))
        {
            _contexts[kind] = context = await browser.NewContextAsync(new BrowserNewContextOptions
            {
                BaseURL = site.Address.ToString(),
                Locale = "nb-NO",
                ViewportSize = new ViewportSize { Width = width, Height = Height },
                ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
                JavaScriptEnabled = runsScript,
                StorageState = userId is null ? null : await SessionAsync(browser, site, userId),
            });
        }

        await SpeakBokmaalAsync(context, site);
        return await context.NewPageAsync();
    }

    /// <summary>An empty page, without the portal. The caller closes it.</summary>
    public async Task<IPage> EmptyPageAsync() => await (await StartAsync()).NewPageAsync();

    /// <summary>
    /// The tab that a user keeps open from test to test, light and as wide as a desktop: opening a tab is what takes
    /// time. The caller leaves it open, and leaves nothing in it but a page.
    /// </summary>
    public async Task<IPage> TabAsync(PortalSite site, string? userId = null, bool runsScript = true)
    {
        if (_tabs.TryGetValue((userId, runsScript), out var tab))
        {
            await tab.SetViewportSizeAsync(DesktopWidth, Height);
            await tab.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
            await SpeakBokmaalAsync(tab.Context, site);
            return tab;
        }

        return _tabs[(userId, runsScript)] = await PageAsync(site, userId, runsScript: runsScript);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        _once.Dispose();
    }

    // The test before may have chosen another language, which pages of the same user keep.
    private static Task SpeakBokmaalAsync(IBrowserContext context, PortalSite site) => context.AddCookiesAsync(
        [new Cookie { Name = Texts.CookieName, Value = Texts.Bokmaal, Url = site.Address.ToString() }]);

    private async Task<string> SessionAsync(IBrowser browser, PortalSite site, string userId)
    {
        if (_sessions.TryGetValue(userId, out var known)) return known;

        var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = site.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/logg-inn");
        await page.Locator($"button[value='{userId}']").ClickAsync();
        await page.WaitForURLAsync(site.Address.ToString());
        var session = await context.StorageStateAsync();
        await context.CloseAsync();
        return _sessions[userId] = session;
    }

    /// <summary>The browser; the test is skipped where there is none.</summary>
    private async Task<IBrowser> StartAsync()
    {
        var path = DebianChromium.FindOrSkip();
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = path, Headless = true, Args = Arguments,
            });
        }
        finally
        {
            _once.Release();
        }
    }
}
