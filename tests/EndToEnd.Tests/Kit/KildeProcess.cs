using System.Collections.Concurrent;
using System.Diagnostics;
using Kilde.Testing;

namespace Kilde.EndToEnd.Tests.Kit;

/// <summary>The real binary in a process of its own, so that it can be killed as a machine failure would.</summary>
public sealed class KildeProcess : IAsyncDisposable
{
    private static readonly TimeSpan ExitMax = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private KildeProcess(Process process) => _process = process;

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Everything it has written, to standard output and standard error.</summary>
    public string Output => string.Join('\n', Lines);

    /// <summary>What it has written to standard output alone.</summary>
    public ConcurrentQueue<string> Printed { get; } = new();

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    public static KildeProcess Start(
        IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment) =>
        Start(BinaryOf("Host", "kilde.dll"), arguments, environment);

    private static KildeProcess Start(
        string binary, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("dotnet", [binary, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["KILDE_ROOT"] = Repository.Root;
        foreach (var (name, value) in environment) start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        var kilde = new KildeProcess(process);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null) kilde.Printed.Enqueue(line.Data);
            kilde.Keep(line.Data);
        };
        process.ErrorDataReceived += (_, line) => kilde.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return kilde;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment,
        CancellationToken cancellation)
    {
        await using var kilde = Start(arguments, environment);
        return await kilde.EndAsync(cancellation);
    }

    /// <summary>Runs another program of ours to its end, and tells what it wrote to standard output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string project, string file, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        await using var other = Start(BinaryOf(project, file), arguments, []);
        var (exitCode, _) = await other.EndAsync(cancellation);
        return (exitCode, string.Join('\n', other.Printed));
    }

    private async Task<(int ExitCode, string Output)> EndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, Output);
    }

    /// <summary>SIGKILL: no handler runs, no buffer is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>What Ctrl-C does in a terminal.</summary>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(provider: null)]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(ExitMax);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static string BinaryOf(string project, string file) => Repository.At(
        "artifacts", "bin", project, AppContext.BaseDirectory.Contains("/release", StringComparison.Ordinal)
            ? "release" : "debug", file);

    private void Keep(string? line)
    {
        if (line is not null) Lines.Enqueue(line);
    }
}
