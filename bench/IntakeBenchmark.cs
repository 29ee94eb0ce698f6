using System.Collections.Concurrent;
using System.Diagnostics;
using Kilde.Intake.Slash.Client;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.Bench;

/// <summary>
/// How many messages a second are received for good: token and proof verified, decrypted, validated, audited, on disk,
/// answered — with the merge worker, the database and this load generator on the same cores. Messages are encrypted
/// and signed (RS256, as by FHI's client) before the clock starts, as on the senders' machines. They tell of one record
/// each, as FHI's own sample does, and then of ten of different persons. The full load is run three times, and the
/// middle one counts: processors that others share vary more from one time to the next than most changes do.
/// </summary>
internal static class IntakeBenchmark
{
    private const string AimText = "1 500 messages/s with p99 under 250 ms, and a quarter of the RSA limit";

    private static readonly (int Connections, int Records, int Round)[] Loads =
    [
        (1, 1, 1), (4, 1, 1), (16, 1, 1), (FullLoad, 1, 1), (FullLoad, 1, 2), (FullLoad, 1, 3),
        (FullLoad, BenchMessage.OrdinaryRecords, 1),
    ];

    private const int FullLoad = 64;

    public static Benchmark Definition { get; } = new(
        "intake", "How many durable, audited messages per second does one machine receive?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var before = await OpenSsl.PrivateOperationsPerSecondAsync(isQuick ? 1 : 10, cancellation);
        await using var site = await BenchSite.PrepareAsync(
            new NorwaySize(64, 40), () => ClientKey.CreateRsa(), cancellation);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 });
        await site.StartServerAsync(http, cancellation);

        var details = new Dictionary<string, object>(StringComparer.Ordinal);
        var full = new List<double>();
        await LoadAsync(site, http, 16, isQuick ? 500 : 6_000, "warm-up", BenchMessage.OrdinaryRecords, cancellation);
        foreach (var (connections, records, round) in Loads)
        {
            // No load pays for what the one before it left to be merged.
            await DrainAsync(site, cancellation);
            var count = (isQuick ? 15 : 300) * Math.Min(connections * 4, 32);
            var load = await LoadAsync(
                site, http, connections, count, $"c{connections}r{records}n{round}", records, cancellation);
            var latency = load.Latency;
            var told = $"{load.Rate:0} messages/s, p50 {latency.At(0.5)} ms, p99 {latency.At(0.99)} ms; "
                + load.Processor + (load.TurnedAway > 0 ? $"; {load.TurnedAway} turned away" : "");
            var isFull = connections == FullLoad && records == 1;
            var label = $"connections {connections}, records {records}" + (isFull ? $", round {round}" : "");
            await log.WriteLineAsync($"{label}: {told}");
            details[label] = told;
            if (isFull) full.Add(load.Rate);
        }

        var measured = new Percentiles(full).At(0.5);
        details["merged after"] = await DrainAsync(site, cancellation);
        var after = await OpenSsl.PrivateOperationsPerSecondAsync(isQuick ? 1 : 10, cancellation);
        var limit = (before + after) / 2;
        var toldLimit = $"{before:0}/s before, {after:0}/s after";
        await log.WriteLineAsync($"openssl, RSA-2048 private operations on all cores: {toldLimit}");
        details["openssl"] = toldLimit;
        details["server memory"] = $"{site.ServerMebibytes} MiB";
        return new BenchmarkResult(
            Definition.Question, measured, "messages/s",
            "openssl speed rsa2048, private operations, all cores",
            Math.Round(limit), Math.Round(measured / limit, 3), AimText, BenchmarkRun.Machine, details);
    }

    private static async Task<LoadResult> LoadAsync(
        BenchSite site, HttpClient http, int connections, int count, string label, int records,
        CancellationToken cancellation)
    {
        var prepared = await PrepareAsync(site, http, connections, count, label, records, cancellation);
        var latencies = new ConcurrentBag<double>();
        var before = await site.ProcessorTimeAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(prepared.Select(async requests =>
        {
            using var connection = await WireConnection.OpenAsync(new Uri(site.Url), cancellation);
            foreach (var request in requests)
            {
                var answer = await connection.SendAsync(request, cancellation);
                if (answer.Status == WireAnswer.Taken) latencies.Add(answer.Milliseconds);
                else if (answer.Status != WireAnswer.TooMany)
                    throw new InvalidOperationException($"Refused with {answer.Status}: {answer.Text}");
            }
        }));
        var took = Stopwatch.GetElapsedTime(started);
        var used = await site.ProcessorTimeAsync(cancellation) - before;
        return new LoadResult(
            latencies.Count / took.TotalSeconds, new Percentiles(latencies), count - latencies.Count,
            used.Each(latencies.Count));
    }

    private static async Task<List<byte[]>[]> PrepareAsync(
        BenchSite site, HttpClient http, int connections, int count, string label, int records,
        CancellationToken cancellation)
    {
        var prepared = Enumerable.Range(0, connections).Select(_ => new List<byte[]>()).ToArray();
        await Parallel.ForAsync(0, connections, cancellation, async (connection, stop) =>
        {
            var sender = site.Senders[connection % site.Senders.Count];
            var client = site.Connect(http, sender);
            SyntheticPerson[] persons = [.. site.Norway.PersonsOf(sender.Unit, BenchSite.Day)];
            for (var number = connection; number < count; number += connections)
            {
                var met = Enumerable.Range(number * records, records)
                    .Select(record => persons[record % persons.Length]).ToArray();
                var json = BenchMessage.Write(sender.Unit, met, $"{label}-{number}", BenchSite.Day, records);
                using var request = await client.PrepareAsync(
                    "message", new OutgoingMessage("HST_Konsultasjon", "1", json, BenchSite.Day), stop);
                prepared[connection].Add(await WireRequest.OfAsync(request, stop));
            }
        });
        return prepared;
    }

    // How far the merge worker was behind when the last message was answered.
    private static async Task<string> DrainAsync(BenchSite site, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var database = NpgsqlDataSource.Create(site.Environment.Logins.RegisterOwner);
        while (true)
        {
            await using var command = database.CreateCommand("select count(*) from intake.waiting");
            if ((long)(await command.ExecuteScalarAsync(cancellation))! == 0) break;
            await Task.Delay(50, cancellation);
        }

        return $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s";
    }

    private sealed record LoadResult(double Rate, Percentiles Latency, int TurnedAway, string Processor);
}
