using System.Globalization;
using System.Xml;
using System.Xml.Schema;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Host.Composition;
using Kilde.Kernel;

namespace Kilde.Bench;

/// <summary>
/// How fast a year-to-date file becomes columns by its definition, on one thread: structure, keys and references, codes
/// and graded checks, rows. Beside the platform's validating reader, which only says yes or no.
/// </summary>
/// <remarks>
/// Without the official schema (<see cref="OfficialSchema"/>) the rival is the platform's reader that checks nothing.
/// </remarks>
internal static class XmlReaderBenchmark
{
    private const int QuickBytes = 16_000_000;
    private const int FullBytes = 64_000_000;

    private static readonly DateOnly LastDay = new(2025, 12, 31);

    public static Benchmark Definition { get; } = new(
        "reader-xml", "How many megabytes of XML per second are read and checked by a definition?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var message = Message(isQuick ? QuickBytes : FullBytes, cancellation);
        var reader = DefinitionCatalogue.Load(KildeSettings.DefinitionsFolder).FindXmlReader("NPR_ORD", "53.1.3")!;
        var options = new ReadOptions(PersonIdentifierPolicy.Test, LastDay.AddDays(10));
        var outcome = Read(reader, message, options);
        if (!outcome.IsAccepted) throw new InvalidOperationException($"Refused: {outcome.Findings[0].Text}");

        var schemas = OfficialSchema.Load();
        var (ours, validating, plain) = (0.0, 0.0, 0.0);
        for (var round = 0; round < (isQuick ? 3 : 10); round++)
        {
            // Turn by turn, so that all meet the same machine; the best of each, when nobody else had the processor.
            cancellation.ThrowIfCancellationRequested();
            ours = Math.Max(ours, SpeedOf(() => Read(reader, message, options)));
            plain = Math.Max(plain, SpeedOf(() => Pass(message, null)));
            if (schemas is null) continue;
            validating = Math.Max(validating, SpeedOf(() => Pass(message, schemas)));
        }

        double SpeedOf(Action pass) => Throughput.MegabytesPerSecond(message.Length, pass);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(reader, message, options);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / outcome.RecordCount;
        var told = string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.RecordCount} in {message.Length / 1e6:0.0} MB, {bytes} bytes allocated for each");
        await log.WriteLineAsync($"read by definition: {ours:0} MB/s; records: {told}");
        await log.WriteLineAsync($"XmlReader: {plain:0} MB/s; with the official schema: {validating:0} MB/s");
        var rival = schemas is null ? plain : validating;
        return new BenchmarkResult(
            Definition.Question, Math.Round(ours, 1), "MB/s on one thread",
            schemas is null ? "XmlReader, nothing kept or checked" : "XmlReader with the official schema, nothing kept",
            Math.Round(rival, 1), Math.Round(ours / rival, 3), "100 MB/s", BenchmarkRun.Machine,
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["records"] = told,
                ["XmlReader that checks nothing, MB/s"] = Math.Round(plain, 1),
            });
    }

    private static byte[] Message(int bytes, CancellationToken cancellation)
    {
        using var stream = new MemoryStream(bytes + (bytes / 4));
        TrustFiles.WriteActivity(LastDay.Year, bytes, stream, cancellation);
        return stream.ToArray();
    }

    private static MessageOutcome Read(XmlMessageReader reader, byte[] message, ReadOptions options)
    {
        using var reading = reader.Open(new MemoryStream(message), options);
        return reading.ReadToEnd();
    }

    private static void Pass(byte[] message, XmlSchemaSet? schemas)
    {
        using var xml = XmlReader.Create(new MemoryStream(message), OfficialSchema.Settings(schemas));
        while (xml.Read())
        {
        }
    }
}
