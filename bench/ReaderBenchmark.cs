using System.Globalization;
using System.Text.Json;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Host.Composition;
using Kilde.Kernel;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>
/// How fast a message becomes columns by its definition, on one thread: structure, codes, identifiers and content
/// checked, beside a pass over the same bytes that only finds the tokens.
/// </summary>
internal static class ReaderBenchmark
{
    private const int Records = 2_000;
    private const int Passes = 10;

    public static Benchmark Definition { get; } = new(
        "reader", "How many megabytes of JSON per second are read and checked by a definition?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var norway = SyntheticNorway.Create(11, new NorwaySize(1, 40));
        var unit = norway.Units[0];
        var message = BenchMessage.Write(
            unit, [norway.PersonsOf(unit, BenchSite.Day).First()], "les", BenchSite.Day, Records);
        var catalogue = DefinitionCatalogue.Load(KildeSettings.DefinitionsFolder);
        var reader = catalogue.ReaderOf(catalogue.Find("HST_Konsultasjon", "1")!);
        var options = new ReadOptions(PersonIdentifierPolicy.Test, BenchSite.Day);
        var content = reader.Read(message, options);
        if (!content.IsAccepted) throw new InvalidOperationException($"Refused: {content.Findings[0].Text}");

        // Turn by turn, so that both meet the same machine; the best of each, when nobody else had the processor.
        var (read, bare) = (0.0, 0.0);
        for (var round = 0; round < (isQuick ? 20 : 100); round++)
        {
            cancellation.ThrowIfCancellationRequested();
            read = Math.Max(read, SpeedOf(() => reader.Read(message, options)));
            bare = Math.Max(bare, SpeedOf(() => CountTokens(message)));
        }

        double SpeedOf(Action pass) => Throughput.MegabytesPerSecond(message.Length, pass, Passes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(message, options);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Records;
        var told = string.Create(
            CultureInfo.InvariantCulture,
            $"{read * 1_000_000 / message.Length * Records:0} records/s, {bytes} bytes allocated for each");
        await log.WriteLineAsync($"read by definition: {read:0} MB/s, {told}");
        await log.WriteLineAsync($"Utf8JsonReader alone: {bare:0} MB/s");
        return new BenchmarkResult(
            Definition.Question, Math.Round(read, 1), "MB/s on one thread",
            "Utf8JsonReader over the same bytes, nothing kept or checked", Math.Round(bare, 1),
            Math.Round(read / bare, 3), "a quarter of the speed of finding the tokens", BenchmarkRun.Machine,
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["records"] = told,
                ["message"] = string.Create(
                    CultureInfo.InvariantCulture, $"{Records} records in {message.Length / 1e6:0.0} MB"),
            });
    }

    private static int CountTokens(byte[] message)
    {
        var json = new Utf8JsonReader(message);
        var tokens = 0;
        while (json.Read()) tokens++;
        return tokens;
    }
}
