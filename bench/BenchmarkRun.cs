using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kilde.Bench;

/// <summary>What a benchmark found: one question, one number, beside a named rival measured in the same run.</summary>
/// <param name="Ratio">Above 1 means better than the rival.</param>
/// <param name="Details">Everything else worth keeping: percentiles, where the time goes.</param>
public sealed record BenchmarkResult(
    string Question, double Measured, string Unit, string Rival, double RivalMeasured, double Ratio, string Aim,
    string Machine, IReadOnlyDictionary<string, object>? Details = null);

/// <summary>A question with a runner.</summary>
/// <param name="RunAsync">Takes whether to be quick (under 45 seconds) and where to tell progress.</param>
public sealed record Benchmark(
    string Name, string Question, Func<bool, TextWriter, CancellationToken, Task<BenchmarkResult>> RunAsync);

/// <summary>Lists the benchmarks, or runs one and keeps what it found.</summary>
public static class BenchmarkRun
{
    private static readonly Benchmark[] All =
        [
            IntakeBenchmark.Definition, IdentityBenchmark.Definition, OverloadBenchmark.Definition,
            ReaderBenchmark.Definition, XmlReaderBenchmark.Definition, XmlBenchmark.Definition,
            RegisterBenchmark.Definition, ClaimsBenchmark.Definition, ApartBenchmark.Definition,
            RulesBenchmark.Definition, QualityBenchmark.Definition, DigestBenchmark.Definition,
        ];

    private static readonly JsonSerializerOptions Line = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly JsonSerializerOptions Pretty = new(Line) { WriteIndented = true };

    /// <summary>The machine, as a reader of the result needs to know it.</summary>
    public static string Machine { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, {ProcessorName()}, {MemoryGigabytes} GB");

    private static long MemoryGigabytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;

    public static async Task<int> MainAsync(string[] args, CancellationToken cancellation)
    {
        var quick = args.Contains("--quick", StringComparer.Ordinal);
        var names = args.Where(argument => !argument.StartsWith('-')).ToArray();
        if (names.Length == 0)
        {
            foreach (var known in All) Console.WriteLine($"{known.Name,-12} {known.Question}");
            Console.WriteLine();
            Console.WriteLine("Run one: ./kilde bench NAME [--quick]. Full runs are kept in bench/results/NAME.json.");
            return 0;
        }

        var benchmark = Array.Find(All, known => known.Name == names[0]);
        if (benchmark is null)
        {
            await Console.Error.WriteLineAsync($"There is no benchmark '{names[0]}'. ./kilde bench lists them.");
            return 2;
        }

        var result = await benchmark.RunAsync(quick, Console.Error, cancellation);
        if (!quick) await KeepAsync(benchmark, result, cancellation);

        Console.WriteLine(JsonSerializer.Serialize(result with { Details = null }, Line));
        return 0;
    }

    private static async Task KeepAsync(Benchmark benchmark, BenchmarkResult result, CancellationToken cancellation)
    {
        var root = Environment.GetEnvironmentVariable("KILDE_ROOT") ?? Directory.GetCurrentDirectory();
        var file = Path.Combine(root, "bench", "results", benchmark.Name + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(result, Pretty) + "\n", cancellation);
    }

    private static string ProcessorName() =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':')[1].Trim() ?? "unknown processor"
            : "unknown processor";
}
