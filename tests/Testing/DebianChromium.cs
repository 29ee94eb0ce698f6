namespace Kilde.Testing;

/// <summary>Debian's Chromium, or the one that <c>KILDE_CHROMIUM</c> names.</summary>
public static class DebianChromium
{
    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

    /// <summary>Where the browser is; the test is skipped where there is none.</summary>
    public static string FindOrSkip()
    {
        var named = Environment.GetEnvironmentVariable("KILDE_CHROMIUM");
        var path = Array.Find(string.IsNullOrEmpty(named) ? Paths : [named], File.Exists);
        Assert.SkipWhen(path is null, "There is no Chromium here: apt-get install chromium.");
        return path;
    }
}
