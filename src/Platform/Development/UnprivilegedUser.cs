using System.Diagnostics;

namespace Kilde.Platform.Development;

/// <summary>
/// PostgreSQL refuses to run as root. When we are root, it runs as <c>nobody</c>, in folders that user can reach.
/// </summary>
internal sealed record UnprivilegedUser(int UserId, int GroupId)
{
    private const string Reachable = "/var/lib/kilde";

    /// <summary>Null when we are not root, and nothing special is needed.</summary>
    public static UnprivilegedUser? WhenRoot()
    {
        if (!Environment.IsPrivilegedProcess) return null;
        var nobody = File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .FirstOrDefault(fields => fields[0] == "nobody")
            ?? throw new InvalidOperationException("There is no user 'nobody' to run PostgreSQL as.");
        return new UnprivilegedUser(int.Parse(nobody[2], provider: null), int.Parse(nobody[3], provider: null));
    }

    /// <summary>The words to put before a command so that it runs as this user.</summary>
    public IReadOnlyList<string> Prefix =>
        ["setpriv", $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--"];

    /// <summary>Makes a folder that only this user (and root) can enter.</summary>
    public void OwnFolder(string folder) =>
        Run("install", "-d", "-m", "700", "-o", $"{UserId}", "-g", $"{GroupId}", folder);

    /// <summary>
    /// The folder itself where the user can reach it, else a folder of its own below <c>/var/lib/kilde</c>: a checkout
    /// in root's home is closed to everybody else.
    /// </summary>
    public static string ReachableFolder(string folder, string label) =>
        CanBeReached(folder) ? folder : Path.Combine(Reachable, label);

    /// <summary>The binaries themselves where the user can reach them, else a copy that it can.</summary>
    public static PostgresBinaries ReachableBinaries(PostgresBinaries binaries)
    {
        if (CanBeReached(binaries.Root)) return binaries;

        var size = new FileInfo(binaries.Postgres).Length;
        var copy = Path.Combine(Reachable, $"postgres-{binaries.Major}-{size}");
        if (!Directory.Exists(copy))
        {
            // Copied aside and moved in place, so that a half copy is never used; the loser of a race tidies up.
            var aside = $"{copy}.{Environment.ProcessId}";
            Run("install", "-d", "-m", "755", Reachable);
            Run("cp", "-a", binaries.Root, aside);
            Run("chmod", "-R", "a+rX", aside);
            try
            {
                Directory.Move(aside, copy);
            }
            catch (IOException) when (Directory.Exists(copy))
            {
                Directory.Delete(aside, recursive: true);
            }
        }

        return binaries with { Root = copy };
    }

    private static bool CanBeReached(string path)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(path)).Parent; folder is not null; folder = folder.Parent)
        {
            if (folder.Exists && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) return false;
        }

        return true;
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command} failed: {said.Trim()}");
    }
}
