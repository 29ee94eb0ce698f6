using System.Diagnostics;
using Kilde.Testing;

namespace Kilde.EndToEnd.Tests;

/// <summary>What <c>./kilde test</c> says and how it ends. Nothing is built or installed, as all is.</summary>
public sealed class TestRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kilde-runner-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tests_that_pass_end_with_0_and_their_number()
    {
        var (exitCode, lines) = await RunAsync(
            [], "tests/EndToEnd.Tests", "-explicit", "only", "-method", "*.RunnerProbe.A_test_that_passes");

        lines[^1].ShouldBe("1 passed, 0 failed");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_test_that_fails_is_shown_and_a_browser_test_without_a_browser_is_skipped_with_the_reason()
    {
        var (exitCode, lines) = await RunAsync(
            [("KILDE_CHROMIUM", "/nowhere/chromium")],
            "tests/EndToEnd.Tests", "tests/Portal.Tests", "-explicit", "on", "-class", "*.RunnerProbe",
            "-class", "*.ChromiumTests");

        var told = string.Join('\n', lines);
        told.ShouldContain("A_test_that_fails [FAIL]");
        told.ShouldContain("as it is meant to");
        told.ShouldContain("The_browser_runs_script [SKIP]");
        told.ShouldContain("There is no Chromium here");
        lines[^2].ShouldBe("1 skipped, with the reasons above");
        lines[^1].ShouldBe("1 passed, 1 failed");
        exitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_project_that_ends_without_a_count_is_a_failure()
    {
        var (exitCode, lines) = await RunAsync(
            [], "tests/EndToEnd.Tests", "tests/Nowhere.Tests", "-explicit", "only", "-method",
            "*.RunnerProbe.A_test_that_passes");

        lines[^1].ShouldBe("1 passed, 1 failed");
        exitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_build_that_fails_is_a_failure_and_runs_no_test()
    {
        var dotnet = Path.Combine(_folder, "dotnet");
        await File.WriteAllTextAsync(dotnet, "#!/bin/sh\n[ \"$1\" != build ]\n", Cancellation);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var (exitCode, lines) = await RunAsync(
            [("KILDE_BUILD", "yes"), ("PATH", $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}")]);

        lines.ShouldBe(["0 passed, 1 failed"]);
        exitCode.ShouldBe(1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int ExitCode, string[] Lines)> RunAsync(
        (string Name, string Value)[] environment, params string[] words)
    {
        var start = new ProcessStartInfo(Repository.At("tools", "test.sh"), words)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["KILDE_BUILD"] = "no";
        start.Environment["KILDE_INSTALL"] = "no";
        start.Environment["KILDE_TEST_LOGS"] = _folder;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var told = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, told.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
