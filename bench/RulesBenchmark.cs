using System.Diagnostics;
using System.Globalization;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Host.Composition;
using Kilde.Kernel;

namespace Kilde.Bench;

/// <summary>
/// What it costs to hold a hospital trust's year against every content rule, beside reading it by its definition. The
/// same file, read with and without rules by turns; processor time of the whole process, so that what the collector
/// does counts.
/// </summary>
/// <remarks><c>KILDE_RULES_FILE</c> names another file of NPR_ORD 53.1.3, such as one of 1 GB.</remarks>
internal static class RulesBenchmark
{
    private const int QuickBytes = 16_000_000;
    private const int FullBytes = 120_000_000;

    private static readonly DateOnly LastDay = new(2019, 12, 31);

    public static Benchmark Definition { get; } = new(
        "rules", "How much longer does a year's file take when it is held against the content rules?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var given = Environment.GetEnvironmentVariable("KILDE_RULES_FILE");
        var file = given ?? Path.GetTempFileName();
        try
        {
            if (given is null) Write(file, isQuick ? QuickBytes : FullBytes, cancellation);
            var catalogue = DefinitionCatalogue.Load(KildeSettings.DefinitionsFolder, KildeSettings.CodesFolder);
            var (bare, ruled) = (Reading.Slowest, Reading.Slowest);
            for (var round = 0; round < (isQuick ? 2 : 4); round++)
            {
                cancellation.ThrowIfCancellationRequested();
                bare = bare.Faster(Read(catalogue, file, holdsRules: false));
                ruled = ruled.Faster(Read(catalogue, file, holdsRules: true));
            }

            var megabytes = new FileInfo(file).Length / 1e6;
            var rules = catalogue.RulesOf(catalogue.Find("NPR_ORD", "53.1.3")!)!.All.Count();
            await log.WriteLineAsync(bare.Told("without rules", megabytes));
            await log.WriteLineAsync(ruled.Told($"with {rules} rules", megabytes));
            return new BenchmarkResult(
                Definition.Question, Math.Round(megabytes / ruled.Processor.TotalSeconds, 1),
                "MB/s of processor time, with rules", "the same reader without rules",
                Math.Round(megabytes / bare.Processor.TotalSeconds, 1), Math.Round(bare.Processor / ruled.Processor, 3),
                "at most a tenth longer", BenchmarkRun.Machine,
                new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["without"] = bare.Told("without rules", megabytes),
                    ["with"] = ruled.Told($"with {rules} rules", megabytes),
                    ["findings"] = ruled.Outcome!.RuleCounts.Select(count => $"{count.RuleId} {count.Count}"),
                });
        }
        finally
        {
            if (given is null) File.Delete(file);
        }
    }

    private static Reading Read(DefinitionCatalogue catalogue, string file, bool holdsRules)
    {
        using var content = File.OpenRead(file);
        var options = new ReadOptions(PersonIdentifierPolicy.Test, LastDay.AddDays(10)) { HoldsRules = holdsRules };
        var process = Process.GetCurrentProcess();
        var (before, allocated) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes());
        using var reading = catalogue.OpenXml(content, options).Reading
            ?? throw new InvalidOperationException("The file is not NPR_ORD 53.1.3.");
        var outcome = reading.ReadToEnd();
        process.Refresh();
        return new Reading(process.TotalProcessorTime - before, GC.GetTotalAllocatedBytes() - allocated, outcome);
    }

    private static void Write(string file, int bytes, CancellationToken cancellation)
    {
        using var stream = File.Create(file);
        TrustFiles.WriteActivity(LastDay.Year, bytes, stream, cancellation);
    }

    private sealed record Reading(TimeSpan Processor, long Allocated, MessageOutcome? Outcome)
    {
        public static Reading Slowest { get; } = new(TimeSpan.MaxValue, 0, null);

        public Reading Faster(Reading other) => other.Processor < Processor ? other : this;

        public string Told(string how, double megabytes) => string.Create(
            CultureInfo.InvariantCulture,
            $"{how}: {Processor.TotalSeconds:0.00} s for {megabytes:0} MB and {Outcome!.RecordCount} records, "
            + $"{(double)Allocated / Outcome.RecordCount:0} bytes allocated for each, {Outcome.FindingCount} findings");
    }
}
