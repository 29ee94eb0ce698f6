using System.Net.NetworkInformation;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Platform.Development;
using Kilde.Synthetic;
using Kilde.Testing;

namespace Kilde.EndToEnd.Tests;

/// <summary>What the README promises a newcomer, command by command.</summary>
public class NewcomerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_serves_a_day_of_messages_keeps_its_data_and_stops_cleanly()
    {
        var folder = Directory.CreateTempSubdirectory("kilde-up-");
        var port = LocalPort.Free();
        KeyValuePair<string, string>[] environment = [new("KILDE_DATA", folder.FullName), new("NO_COLOR", "1")];

        await using (var first = await UpAsync(port, environment))
        {
            first.Output.ShouldContain("synthetic reporting units");
            first.Output.ShouldContain("One day sent");
            first.Output.ShouldContain("files of trusts and a municipality received");
            await FirstMessageAsync(folder.FullName, environment);
            await FilesAreTakenInAsync(environment);
            await TrustsYearAsync(folder.FullName, environment);
            (await first.InterruptAsync()).ShouldBe(0);
            File.Exists(Path.Combine(folder.FullName, "postgres", "cluster", "postmaster.pid")).ShouldBeFalse();
            IsServing(port).ShouldBeFalse();
            IsServing(port + 1).ShouldBeFalse();
        }

        await using var second = await UpAsync(port, environment);
        second.Output.ShouldNotContain("One day sent");
        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), Cancellation)).ShouldContain("Kilde");
        await second.InterruptAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Up_uses_a_server_of_ones_own_and_starts_a_message_bus()
    {
        var folder = Directory.CreateTempSubdirectory("kilde-own-server-");
        await using var own = await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions(
                BinariesOfAnother(), folder.FullName + "-own", IsDurable: false, IsTemporary: true), Cancellation);
        KeyValuePair<string, string>[] environment =
        [
            new("KILDE_DATA", Path.Combine(folder.FullName, "data")), new("NO_COLOR", "1"),
            new(PrivatePostgres.InsteadVariable, own.SuperuserConnectionString),
        ];

        string[] bus = PrivateRabbit.IsInstalled ? ["--bus"] : [];
        await using (var up = await UpAsync(LocalPort.Free(), environment, bus))
        {
            up.Output.ShouldContain($"127.0.0.1:{own.Port} (KILDE_POSTGRES)");
            up.Output.ShouldContain("One day sent");
            await FirstMessageAsync(folder.FullName, environment);
            if (bus.Length > 0) await MessagesComeOverTheBusAsync(up, environment);
            (await up.InterruptAsync()).ShouldBe(0);
        }

        Directory.Exists(Path.Combine(folder.FullName, "data", "postgres")).ShouldBeFalse();
        folder.Delete(recursive: true);
    }

    // The oldest that is taken, where it is installed; else the one that is fetched.
    private static PostgresBinaries BinariesOfAnother()
    {
        var oldest = new PostgresBinaries("/usr/lib/postgresql/15", Major: 15);
        return File.Exists(oldest.Postgres) ? oldest : PostgresBinaries.Find(Repository.At("tools"))!;
    }

    [Fact]
    public void Every_command_of_the_readme_is_known_here()
    {
        string[] run =
        [
            "./kilde up", "./kilde test", "./kilde bench",
            "./kilde synthesize --type HST_Konsultasjon --messages 1 --out message.json",
            "./kilde validate message.json --type HST_Konsultasjon",
            "./kilde send message.json --type HST_Konsultasjon",
            "./kilde synthesize hospital --trust Troms --size 5MB --out troms", "./kilde ingest troms --wait",
            "./kilde quality list",
        ];

        var commands = File.ReadLines(Repository.At("README.md"))
            .Where(line => line.StartsWith("./kilde", StringComparison.Ordinal));

        commands.ShouldBe(run, ignoreOrder: true);
    }

    // All that was handed in but what is meant to be refused; nothing is set aside as a fault of ours.
    private static async Task FilesAreTakenInAsync(IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        string[] types = ["NPR_ORD", "NPR_IDE", "NPR_KPP", "NPR_PAK", "KPR_IPLOS", "KPR_IPL", "KPR_HST"];
        var started = TimeProvider.System.GetTimestamp();
        var missing = types;
        while (missing.Length > 0)
        {
            (await ListAsync("SetAside")).ShouldNotContain("PR_");
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMinutes(3));
            var merged = await ListAsync("Merged");
            missing = Array.FindAll(types, type => !merged.Contains(type + ' ', StringComparison.Ordinal));
        }

        (await ListAsync("Rejected")).ShouldContain("NPR_ORD");

        async Task<string> ListAsync(string state) => (await KildeProcess.RunAsync(
            ["submissions", "list", "--state", state, "--rows", "200"], environment, Cancellation)).Output;
    }

    // The trust that sends over the bus hands in no files.
    private static async Task MessagesComeOverTheBusAsync(
        KildeProcess up, IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        up.Output.ShouldContain("RabbitMQ on 127.0.0.1");
        up.Output.ShouldContain("may send over the bus: ");
        var trust = TrustDirectory.Find("Finnmark")!.Number.ToString();
        var started = TimeProvider.System.GetTimestamp();
        var received = "";
        while (!received.Contains(trust, StringComparison.Ordinal))
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMinutes(2), received);
            (_, received) = await KildeProcess.RunAsync(
                ["submissions", "list", "--rows", "200"], environment, Cancellation);
        }
    }

    private static async Task FirstMessageAsync(
        string folder, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var file = Path.Combine(folder, "message.json");
        string[][] commands =
        [
            ["synthesize", "--type", "HST_Konsultasjon", "--messages", "1", "--out", file],
            ["validate", file, "--type", "HST_Konsultasjon"],
            ["send", file, "--type", "HST_Konsultasjon"],
            ["synthesize", "--type", "KTT_Tjeneste", "--messages", "1", "--out", file + ".care"],
            ["send", file + ".care", "--type", "KTT_Tjeneste"],
            ["submissions", "list"],
            ["definitions", "list"],
            ["definitions", "check"],
            ["keys", "rotate", "intake"],
            ["send", file, "--type", "HST_Konsultasjon"],
            ["keys", "rotate", "identity", "--case", "RUT-7"],
            ["audit", "verify"],
        ];
        foreach (var command in commands) await DoAsync(command, environment);
    }

    private static async Task TrustsYearAsync(
        string folder, IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        var files = Path.Combine(folder, "troms");
        await DoAsync(["synthesize", "hospital", "--trust", "Troms", "--size", "5MB", "--out", files], environment);
        await DoAsync(["ingest", files, "--wait"], environment);
        await DoAsync(["quality", "list"], environment);
        await DoAsync(["quality", "findings", "--rows", "5"], environment);
    }

    private static bool IsServing(int port) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
        .Any(listening => listening.Port == port);

    private static async Task DoAsync(string[] command, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var (exitCode, output) = await KildeProcess.RunAsync(command, environment, Cancellation);
        exitCode.ShouldBe(0, $"{string.Join(' ', command)}: {output}");
    }

    private static async Task<KildeProcess> UpAsync(
        int port, IEnumerable<KeyValuePair<string, string>> environment, params string[] options)
    {
        var up = KildeProcess.Start(["up", "--port", port.ToString(provider: null), .. options], environment);
        var started = TimeProvider.System.GetTimestamp();
        while (!up.Output.Contains("Ctrl-C stops", StringComparison.Ordinal))
        {
            if (up.HasExited || TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMinutes(3))
                throw new InvalidOperationException($"Kilde did not come up: {up.Output}");
            await Task.Delay(100, Cancellation);
        }

        return up;
    }
}
