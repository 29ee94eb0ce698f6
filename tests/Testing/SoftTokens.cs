using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kilde.Testing;

/// <summary>
/// Tokens of Debian's SoftHSM. It looks for tokens once in a process, so they are all made first, and each test takes
/// those it needs.
/// </summary>
public static class SoftTokens
{
    public const string Module = "/usr/lib/softhsm/libsofthsm2.so";
    public const string Pin = "123456";

    private const string SettingsVariable = "SOFTHSM2_CONF";
    private const int TokensMax = 8;

    private static readonly Lazy<ConcurrentQueue<string>> Tokens = new(MakeTokens);

    /// <summary>The label of a token that nobody has used. Processes started from now on find it too.</summary>
    public static string Take()
    {
        Assert.SkipUnless(File.Exists(Module), "There is no SoftHSM: apt-get install softhsm2.");
        return Tokens.Value.TryDequeue(out var token)
            ? token
            : throw new InvalidOperationException("More tokens are needed than were made.");
    }

    private static ConcurrentQueue<string> MakeTokens()
    {
        var folder = Directory.CreateTempSubdirectory("kilde-tokens-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var settings = Path.Combine(folder, "softhsm2.conf");
        File.WriteAllText(settings, $"directories.tokendir = {folder}\nobjectstore.backend = file\n");

        // For those we start, and for the library in this process, which reads the environment itself.
        Environment.SetEnvironmentVariable(SettingsVariable, settings);
        SetNativeVariable(SettingsVariable, settings, overwrite: 1).ShouldBe(0);
        return new(Enumerable.Range(1, TokensMax).Select(i => MakeToken($"kilde-{i}")));
    }

    private static string MakeToken(string label)
    {
        using var made = Process.Start(new ProcessStartInfo(
            "softhsm2-util", ["--init-token", "--free", "--label", label, "--pin", Pin, "--so-pin", Pin])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = made.StandardError.ReadToEnd();
        made.WaitForExit();
        made.ExitCode.ShouldBe(0, said);
        return label;
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetNativeVariable(string name, string value, int overwrite);
}
