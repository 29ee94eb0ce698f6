using System.Globalization;
using Kilde.Intake.Slash.Client;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>
/// What happens when ten times too much comes: to those who are let in, to those who are turned away, to the memory,
/// and afterwards. And what one sender that floods does to the others.
/// </summary>
internal static class OverloadBenchmark
{
    private const string AimText =
        "admitted messages keep p99, the rest get 429 with Retry-After, memory is bounded, full speed within a minute; "
        + "one flooding sender at most doubles the others' p99";

    private const int Units = 64;
    private const int CalmConnections = 64;
    private const int Overload = 10;

    /// <summary>
    /// So many that ten times the messages are offered though every answer that turns one away is kept back for a
    /// second: on few connections the answers themselves would slow the offers down.
    /// </summary>
    private const int OverloadConnections = 4_000;

    private const int FloodConnections = 200;
    private const int OthersConnections = 32;

    /// <summary>What the others send, of what the site can take.</summary>
    private const double OthersShare = 0.5;

    private const double FullSpeed = 0.9;

    private static readonly TimeSpan NoPause = TimeSpan.Zero;

    public static Benchmark Definition { get; } = new(
        "overload", "What do those who are let in feel when ten times too much comes?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        await using var site = await BenchSite.PrepareAsync(
            new NorwaySize(Units, 40), ClientKey.CreateEc, cancellation);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 });
        await site.StartServerAsync(http, cancellation);
        var run = new Run(site, http, log, cancellation);

        await run.OfferAsync("warm-up", CalmConnections, Seconds(isQuick ? 2 : 20), NoPause);
        var calm = await run.OfferAsync("calm", CalmConnections, Seconds(isQuick ? 3 : 20), NoPause);
        var memoryCalm = site.ServerMebibytes;
        var connections = isQuick ? OverloadConnections / 4 : OverloadConnections;
        var pause = TimeSpan.FromSeconds(connections / (Overload * calm.TakenPerSecond));
        var over = await run.OfferAsync("overload", connections, Seconds(isQuick ? 5 : 120), pause);
        var recovered = await RecoverAsync(run, calm.TakenPerSecond * FullSpeed, isQuick ? 4 : 60);
        var othersPause = TimeSpan.FromSeconds(OthersConnections / (OthersShare * calm.TakenPerSecond));
        var alone = await run.OfferAsync(
            "others alone", OthersConnections, Seconds(isQuick ? 3 : 30), othersPause, first: 1);
        var floodPause = TimeSpan.FromSeconds(FloodConnections / (Overload * calm.TakenPerSecond));
        var (others, flooder) = await run.FloodAsync(Seconds(isQuick ? 3 : 30), floodPause, othersPause);

        var told = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["calm"] = calm.Told,
            ["overload"] = over.Told,
            ["wanted in the overload"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{Overload * calm.TakenPerSecond:0} messages/s on {connections} connections"),
            ["memory"] = $"{memoryCalm} MiB before, {over.MebibytesMax} MiB at most in the overload",
            ["full speed again after"] = recovered,
            ["others alone"] = alone.Told,
            ["others beside a flood"] = others.Told,
            ["the flooding sender"] = flooder.Told,
            ["others' p99, flooded over alone"] =
                Math.Round(others.Latency.At(0.99) / alone.Latency.At(0.99), 2),
        };
        return new BenchmarkResult(
            Definition.Question, over.Latency.At(0.99), "ms, p99 of admitted messages",
            $"the same site at its own speed, {CalmConnections} connections: p99 in ms", calm.Latency.At(0.99),
            Math.Round(calm.Latency.At(0.99) / over.Latency.At(0.99), 2), AimText, BenchmarkRun.Machine, told);
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static async Task<string> RecoverAsync(Run run, double fullSpeed, int secondsMax)
    {
        const int Window = 2;
        for (var seconds = Window; seconds <= secondsMax; seconds += Window)
        {
            var now = await run.OfferAsync($"after {seconds} s", CalmConnections, Seconds(Window), NoPause);
            if (now.TakenPerSecond >= fullSpeed) return string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
        }

        return string.Create(CultureInfo.InvariantCulture, $"not within {secondsMax} s");
    }

    private sealed class Run(BenchSite site, HttpClient http, TextWriter log, CancellationToken cancellation)
    {
        private int _round;

        /// <param name="first">Which of the senders is the first to take part.</param>
        public async Task<Offered> OfferAsync(
            string name, int connections, TimeSpan time, TimeSpan pause, int first = 0)
        {
            var offered = await SendAsync(
                [.. Enumerable.Range(0, connections).Select(i => first + (i % (Units - first)))], time, pause);
            await log.WriteLineAsync($"{name}: {offered.Told}");
            return offered;
        }

        /// <summary>The same others as before, and beside them one sender on very many connections.</summary>
        public async Task<(Offered Others, Offered Flooder)> FloodAsync(
            TimeSpan time, TimeSpan pause, TimeSpan othersPause)
        {
            var flood = SendAsync([.. Enumerable.Repeat(0, FloodConnections)], time, pause);
            var others = await OfferAsync("others beside a flood", OthersConnections, time, othersPause, first: 1);
            var flooder = await flood;
            await log.WriteLineAsync($"the flooding sender: {flooder.Told}");
            return (others, flooder);
        }

        private async Task<Offered> SendAsync(int[] senders, TimeSpan time, TimeSpan pause)
        {
            var round = Interlocked.Increment(ref _round);
            PacedSender[] all =
            [
                .. senders.Select((sender, i) =>
                    new PacedSender(site, http, new LocalSenderOf(site.Senders[sender], $"o{round}-{i}"))),
            ];
            await Parallel.ForEachAsync(all, cancellation, async (sender, stop) => await sender.PrepareAsync(stop));
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var memory = MemoryAsync(over.Token);
            var before = await site.ProcessorTimeAsync(cancellation);
            var offers = await Task.WhenAll(all.Select(sender => Task.Run(
                () => sender.RunAsync(time, pause, cancellation), cancellation)));
            await over.CancelAsync();
            var used = await site.ProcessorTimeAsync(cancellation) - before;
            return new Offered([.. offers.SelectMany(offer => offer)], time, await memory, used);
        }

        private async Task<long> MemoryAsync(CancellationToken over)
        {
            var most = site.ServerMebibytes;
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(250, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                most = Math.Max(most, site.ServerMebibytes);
            }

            return most;
        }
    }

    private sealed class Offered
    {
        public Offered(List<Offer> offers, TimeSpan time, long mebibytesMax, ProcessorTime used)
        {
            var taken = offers.FindAll(offer => offer.Answer.Status == WireAnswer.Taken);
            var turnedAway = offers.Count - taken.Count;
            var mute = offers.Count(offer => offer.Answer is { Status: WireAnswer.TooMany, RetryAfterSeconds: null });
            if (mute > 0) throw new InvalidOperationException($"{mute} answers 429 had no Retry-After.");

            Latency = new Percentiles(taken.Select(offer => offer.Answer.Milliseconds));
            TakenPerSecond = taken.Count / time.TotalSeconds;
            MebibytesMax = mebibytesMax;
            Told = string.Create(
                CultureInfo.InvariantCulture,
                $"{offers.Count / time.TotalSeconds:0} offered/s, {TakenPerSecond:0} taken/s, "
                + $"{turnedAway / time.TotalSeconds:0} turned away/s with Retry-After; "
                + $"taken in p50 {Latency.At(0.5)} ms, p99 {Latency.At(0.99)} ms; memory at most {mebibytesMax} MiB; "
                + $"{used.During(time)}");
        }

        public Percentiles Latency { get; }

        public double TakenPerSecond { get; }

        public long MebibytesMax { get; }

        public string Told { get; }
    }
}
