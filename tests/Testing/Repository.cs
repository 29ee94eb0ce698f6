using System.Diagnostics;

namespace Kilde.Testing;

/// <summary>The checkout the tests run in, and the shared oracles beside it when they are there.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Path from the root, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>The files of a folder and all below it, leaving out what a build makes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] patterns) =>
        patterns.SelectMany(pattern => Directory.EnumerateFiles(At(folder), pattern, SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)
                && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>Every text file that is under version control, or would be.</summary>
    public static IReadOnlyList<string> Tracked()
    {
        using var git = Process.Start(new ProcessStartInfo(
            "git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", ":!*.png"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return [.. files.Select(file => At(file)).Where(File.Exists)];
    }

    /// <summary>A file that only some machines have; the test that needs it is skipped elsewhere, saying so.</summary>
    public static string Oracle(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"The oracle {string.Join('/', parts)} is not on this machine.");
        return path;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Kilde.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the checkout.");
    }
}
