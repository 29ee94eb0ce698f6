using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Kilde.Platform.Development;

/// <summary>
/// What the private servers have in common: a folder closed to others, a password in it, and a supervisor that lives as
/// long as our end of its input is open.
/// </summary>
internal static class PrivateServer
{
    public const string PasswordFile = "password";

    /// <summary>How long a server may take to stop in order.</summary>
    public static readonly TimeSpan StopSecondsMax = TimeSpan.FromSeconds(60);

    /// <summary>The folder that the server uses, which the user can reach, made when it was not there.</summary>
    /// <param name="kind">Tells servers apart whose folders have to lie elsewhere.</param>
    /// <param name="user">Who the server runs as; null for ourselves.</param>
    public static string PrepareFolder(string path, string kind, UnprivilegedUser? user)
    {
        var folder = Path.GetFullPath(path);
        if (user is null)
        {
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return folder;
        }

        var label = $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16]}";
        folder = UnprivilegedUser.ReachableFolder(folder, label);
        user.OwnFolder(folder);
        return folder;
    }

    /// <summary>The superuser's password, made the first time.</summary>
    public static async Task<string> PasswordAsync(string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, PasswordFile);
        if (File.Exists(file)) return (await File.ReadAllTextAsync(file, cancellation)).Trim();

        // The folder is closed to others, and the server, which may run as another user, must read the file.
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await File.WriteAllTextAsync(file, password, cancellation);
        return password;
    }

    /// <summary>Runs the script, which starts the server and ends it when its input closes.</summary>
    public static Process Supervise(
        IReadOnlyList<string> prefix, string script, string name, IEnumerable<string> arguments)
    {
        // A session of its own: Ctrl-C in the terminal reaches us, not the server, and we stop it in order.
        string[] command = ["setsid", .. prefix, "/bin/sh", "-c", script, name, .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        })!;
    }

    /// <exception cref="TimeoutException">The server has not stopped in the time it may take.</exception>
    public static async Task EndAsync(Process supervisor)
    {
        using var patience = new CancellationTokenSource(StopSecondsMax);
        supervisor.StandardInput.Close();
        try
        {
            await supervisor.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException(
                $"A private server, process {supervisor.Id}, did not stop in {StopSecondsMax.TotalSeconds} seconds.",
                late);
        }
    }
}
