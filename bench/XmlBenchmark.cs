using System.Globalization;
using Kilde.Intake.Slash.Client;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>
/// How fast a hospital trust's year is taken in as a whole by a server that runs for real: structure, codes, content,
/// identity, merge and commit, beside programs that only validate the same file. First, sent again unchanged, and with
/// every fiftieth record changed.
/// </summary>
/// <remarks><c>KILDE_XML_MEGABYTES</c> names other sizes than 120 and 1 000, with commas between.</remarks>
internal static class XmlBenchmark
{
    private const long Megabyte = 1_000_000;
    private const int QuickMegabytes = 16;
    private const int Year = 2019;

    // A server that has run for a while has compiled what it runs for speed; xmllint was compiled long ago.
    private const int WarmUpYear = 2020;
    private const long WarmUpMegabytes = 32;

    private static readonly long[] FullMegabytes = [120, 1_000];

    public static Benchmark Definition { get; } = new(
        "xml", "How fast is a hospital trust's year taken in, compared with only validating the file?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var details = new Dictionary<string, object>(StringComparer.Ordinal);
        BenchmarkResult? first = null;
        foreach (var megabytes in Sizes(isQuick))
        {
            var result = await MeasureAsync(isQuick, megabytes * Megabyte, details, log, cancellation);
            first ??= result;
        }

        return first! with { Details = details };
    }

    private static IEnumerable<long> Sizes(bool isQuick)
    {
        if (Environment.GetEnvironmentVariable("KILDE_XML_MEGABYTES") is { Length: > 0 } given)
            return given.Split(',').Select(size => long.Parse(size, CultureInfo.InvariantCulture));
        return isQuick ? [QuickMegabytes] : FullMegabytes;
    }

    private static async Task<BenchmarkResult> MeasureAsync(
        bool isQuick, long size, Dictionary<string, object> details, TextWriter log, CancellationToken cancellation)
    {
        using var files = await TrustFiles.WriteAsync(Year, size, cancellation);
        using var warmUp = await TrustFiles.WriteAsync(
            WarmUpYear, Math.Min(WarmUpMegabytes * Megabyte, isQuick ? size / 2 : long.MaxValue), cancellation);
        var megabytes = TrustFiles.BytesOf(files.Activity) / (double)Megabyte;
        var name = string.Create(CultureInfo.InvariantCulture, $"{megabytes:0} MB");
        await KeepAsync("load average before", LoadAverage());
        var validated = await Validators.RunAsync(files.Activity, cancellation);
        await KeepAsync("validators", validated.ToString());

        await using var site = await BenchSite.PrepareAsync(NorwaySize.Small, ClientKey.CreateEc, cancellation);
        using var http = new HttpClient();
        await site.StartServerAsync(http, cancellation);
        await using var desk = await IngestDesk.OpenAsync(site, cancellation, isQuick);
        foreach (var file in new[] { warmUp.Identity, warmUp.Activity, warmUp.Changed })
            await desk.TakeAsync(file, cancellation);

        await desk.SettleAsync(cancellation);
        await KeepAsync("identities", (await desk.TakeAsync(files.Identity, cancellation)).ToString());
        await desk.SettleAsync(cancellation);
        var firstLoad = await desk.TakeAsync(files.Activity, cancellation);
        await KeepAsync("first load", firstLoad.ToString());
        await KeepAgainAsync("unchanged", files.Again);
        await KeepAgainAsync("2 % changed", files.Changed);

        var rival = validated.Xmllint ?? validated.Reader;
        return new BenchmarkResult(
            Definition.Question, Math.Round(megabytes / firstLoad.Seconds, 1),
            $"MB/s of module ord, {name}, first load",
            validated.Xmllint is null
                ? "XmlReader, without schema: xmllint or the official schema is not on this machine"
                : "xmllint --stream --noout --schema, which only validates",
            Math.Round(megabytes / rival.Seconds, 1), Math.Round(rival.Seconds / firstLoad.Seconds, 2),
            "first load twice as fast as xmllint validates; unchanged a fifth of it, 2 % changed a quarter; "
                + "memory under 400 MB and the same for both sizes",
            BenchmarkRun.Machine);

        async Task KeepAgainAsync(string what, string file)
        {
            await desk.SettleAsync(cancellation);
            var taken = await desk.TakeAsync(file, cancellation);
            var share = taken.Seconds / firstLoad.Seconds;
            await KeepAsync(what, string.Create(CultureInfo.InvariantCulture, $"{taken}; {share:0.00} of first load"));
        }

        async Task KeepAsync(string what, string told)
        {
            details[$"{name}, {what}"] = told;
            await log.WriteLineAsync($"{name}, {what}: {told}");
        }
    }

    private static string LoadAverage() =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
