using System.Diagnostics;
using System.Globalization;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Intake.Slash.Client;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Persons;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>
/// How fast a hospital trust's year is taken in as a whole: structure, codes, content, identity, merge and commit,
/// beside programs that only validate the same file. First, unchanged, and with every fiftieth record changed.
/// </summary>
internal static class XmlBenchmark
{
    private const long Megabyte = 1_000_000;
    private const int Year = 2019;
    private static readonly DateOnly Received = new(2020, 1, 10);

    public static Benchmark Definition { get; } = new(
        "xml", "How fast is a hospital trust's year taken in, compared with only validating the file?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        long[] sizes = isQuick ? [24 * Megabyte] : [120 * Megabyte, 1_000 * Megabyte];
        var details = new Dictionary<string, object>(StringComparer.Ordinal);
        BenchmarkResult? first = null;
        foreach (var size in sizes)
        {
            var result = await MeasureAsync(size, details, log, cancellation);
            first ??= result;
        }

        return first! with { Details = details };
    }

    private static async Task<BenchmarkResult> MeasureAsync(
        long size, Dictionary<string, object> details, TextWriter log, CancellationToken cancellation)
    {
        using var files = await TrustFiles.WriteAsync(Year, size, cancellation);
        var megabytes = files.ActivityBytes / (double)Megabyte;
        var validated = await Validators.RunAsync(files.Activity, cancellation);

        await using var site = await BenchSite.PrepareAsync(NorwaySize.Small, ClientKey.CreateEc, cancellation);
        await using var services = site.CreateServices();
        var intake = new Intake(services, site);
        var warmUp = await intake.TakeAsync(files.Identity, cancellation);
        var readingAlone = await Task.Run(() => intake.Read(files.Activity), cancellation);
        var load = LoadAverage();
        var firstLoad = await intake.TakeAsync(files.Activity, cancellation);
        var unchanged = await intake.TakeAsync(files.Activity, cancellation);
        var changed = await intake.TakeAsync(files.Changed, cancellation);

        var name = string.Create(CultureInfo.InvariantCulture, $"{megabytes:0} MB");
        await KeepAsync("validators", validated.ToString());
        await KeepAsync("identities", warmUp.ToString());
        await KeepAsync("reading alone, with every check", readingAlone);
        await KeepAsync("first load", firstLoad.ToString());
        await KeepAsync("unchanged", $"{unchanged}, {unchanged.Seconds / firstLoad.Seconds:0.00} of first load");
        await KeepAsync("2 % changed", $"{changed}, {changed.Seconds / firstLoad.Seconds:0.00} of first load");
        await KeepAsync("load average before", load);

        var rival = validated.XmllintSeconds ?? validated.ReaderSeconds;
        return new BenchmarkResult(
            Definition.Question, Math.Round(megabytes / firstLoad.Seconds, 1),
            $"MB/s of module ord, {name}, first load",
            validated.XmllintSeconds is null
                ? "XmlReader, without schema: xmllint or the official schema is not on this machine"
                : "xmllint --stream --noout --schema, which only validates",
            Math.Round(megabytes / rival, 1), Math.Round(rival / firstLoad.Seconds, 2),
            "first load twice as fast as xmllint validates; unchanged a fifth of it, 2 % changed a quarter; "
                + "memory under 400 MB and the same for both sizes",
            BenchmarkRun.Machine);

        async Task KeepAsync(string what, string told)
        {
            details[$"{name}, {what}"] = told;
            await log.WriteLineAsync($"{name}, {what}: {told}");
        }
    }

    private static string LoadAverage() =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    /// <summary>One file taken in.</summary>
    private sealed record Taken(double Seconds, long Bytes, MergeOutcome Outcome, ProcessorTime Time, long Mebibytes)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Seconds:0.00} s, {Bytes / (Seconds * Megabyte):0.0} MB/s; +{Outcome.Inserted} ~{Outcome.Updated} "
            + $"={Outcome.Unchanged} -{Outcome.Deleted} records; processor {Time.Server.TotalSeconds:0.0} s here, "
            + $"{Time.Postgres.TotalSeconds:0.0} s PostgreSQL; at most {Mebibytes} MiB here");
    }

    /// <summary>The whole way of a file in this process, as a worker goes it.</summary>
    private sealed class Intake(IServiceProvider services, BenchSite site)
    {
        private readonly DefinitionCatalogue _catalogue = services.GetRequiredService<DefinitionCatalogue>();
        private readonly StreamedMerge _merge = services.GetRequiredService<StreamedMerge>();
        private readonly FollowPersonChanges _follow = services.GetRequiredService<FollowPersonChanges>();

        public async Task<Taken> TakeAsync(string path, CancellationToken cancellation)
        {
            GC.Collect();
            await using var memory = new PeakMemory();
            var before = await site.OwnProcessorTimeAsync(cancellation);
            var started = Stopwatch.GetTimestamp();
            var outcome = await MergeAsync(path, cancellation);
            while (await _follow.FollowAsync(cancellation) > 0) cancellation.ThrowIfCancellationRequested();
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var time = await site.OwnProcessorTimeAsync(cancellation) - before;
            return new Taken(seconds, new FileInfo(path).Length, outcome, time, memory.Mebibytes);
        }

        public string Read(string path)
        {
            using var file = File.OpenRead(path);
            var started = Stopwatch.GetTimestamp();
            using var reading = Open(file);
            var (batches, rows) = (0, 0);
            for (; reading.Next() is { } batch; batches++) rows += batch.Count;
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return string.Create(
                CultureInfo.InvariantCulture, $"{seconds:0.00} s, {rows} records in {batches} batches");
        }

        private MessageReading Open(Stream file)
        {
            var opening = _catalogue.OpenXml(file, new ReadOptions(PersonIdentifierPolicy.Test, Received));
            return opening.Reading ?? throw new InvalidDataException($"{opening.Refusal}");
        }

        private async Task<MergeOutcome> MergeAsync(string path, CancellationToken cancellation)
        {
            await using var file = File.OpenRead(path);
            using var reading = Open(file);
            var submission = new SubmissionReading(
                Guid.CreateVersion7(), site.Senders[0].Unit.Number, Received, reading);
            return await _merge.MergeAsync(submission, (_, _) => Task.CompletedTask, cancellation)
                ?? throw new InvalidDataException(string.Join('\n', reading.Outcome.Findings.Take(5)));
        }
    }
}
