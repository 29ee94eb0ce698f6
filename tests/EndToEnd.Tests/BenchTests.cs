using System.Text.Json.Nodes;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Testing;

namespace Kilde.EndToEnd.Tests;

/// <summary>What <c>./kilde bench</c> promises of every benchmark, by the one that takes the shortest.</summary>
public class BenchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Benchmarks_are_listed_with_their_questions_and_an_unknown_one_ends_with_2()
    {
        var (exitCode, output) = await RunAsync();
        var (unknown, told) = await RunAsync("no-such-thing");

        exitCode.ShouldBe(0, output);
        var kept = Directory.GetFiles(Repository.At("bench", "results")).Select(Path.GetFileNameWithoutExtension);
        output.Split('\n').TakeWhile(line => line.Length > 0).Select(line => line.Split(' ')[0])
            .ShouldBe(kept, ignoreOrder: true);
        unknown.ShouldBe(2, told);
    }

    [Fact]
    public async Task A_quick_run_ends_with_one_line_of_what_it_found_and_keeps_nothing()
    {
        var before = Kept();

        var (exitCode, output) = await RunAsync("reader", "--quick");

        exitCode.ShouldBe(0, output);
        var line = output.Split('\n')[^1];
        JsonNode.Parse(line)!.AsObject().Select(member => member.Key).ShouldBe(
            ["question", "measured", "unit", "rival", "rivalMeasured", "ratio", "aim", "machine"]);
        Kept().ShouldBe(before);
    }

    private static string Kept() => string.Join(
        '\n', Directory.GetFiles(Repository.At("bench", "results")).Order().Select(File.ReadAllText));

    private static Task<(int ExitCode, string Output)> RunAsync(params string[] call) =>
        KildeProcess.RunAsync("Bench", "Kilde.Bench.dll", call, Cancellation);
}
