using System.Diagnostics;
using Kilde.Audit;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>
/// How fast the vault turns identifiers into person keys: one at a time and in batches of 10 000, known and new, each
/// resolve audited and on disk.
/// </summary>
internal static class IdentityBenchmark
{
    private const int BatchSize = 10_000;
    private const int SinglesAtOnce = 32;

    private static readonly AccessGround Ground = new(Actor.System("bench"), "Måling");

    public static Benchmark Definition { get; } = new(
        "identity", "How many identifiers per second become person keys?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var batches = isQuick ? 3 : 20;
        await using var site = await BenchSite.PrepareAsync(
            new NorwaySize(batches * BatchSize / 300, 340), cancellation);
        await using var services = site.CreateServices();
        var vault = services.GetRequiredService<IdentityVault>();
        var claims = site.Senders.SelectMany(sender => site.Norway.PersonsOf(sender.Unit, BenchSite.Day)
                .Select(person => new IdentifierClaim(new RowPerson(person.Identifier), sender.Unit.Number)))
            .Where(claim => claim.Person.HasIdentifier)
            .DistinctBy(claim => claim.Person.Primary).Chunk(BatchSize).ToArray();

        var fresh = await BatchesAsync(vault, claims, cancellation);
        await log.WriteLineAsync($"new, in batches of {BatchSize}: {fresh:0}/s");
        var known = await BatchesAsync(vault, claims, cancellation);
        await log.WriteLineAsync($"known, in batches of {BatchSize}: {known:0}/s");
        var singles = await SinglesAsync(vault, claims[0], isQuick ? 5 : 20, cancellation);
        await log.WriteLineAsync($"known, one at a time, {SinglesAtOnce} callers: {singles:0}/s");

        return new BenchmarkResult(
            Definition.Question, Math.Round(known), "known identifiers/s in batches of 10 000",
            "the same one at a time, 32 callers", Math.Round(singles), Math.Round(known / singles, 2),
            "5 000/s one at a time and 100 000/s in batches", BenchmarkRun.Machine,
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["new, in batches"] = $"{fresh:0}/s",
                ["identifiers"] = claims.Sum(batch => batch.Length),
            });
    }

    private static async Task<double> BatchesAsync(
        IdentityVault vault, IdentifierClaim[][] batches, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var batch in batches) await vault.ResolveAsync(batch, Ground, cancellation);
        return batches.Sum(batch => batch.Length) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> SinglesAsync(
        IdentityVault vault, IdentifierClaim[] claims, int seconds, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        var count = 0L;
        await Task.WhenAll(Enumerable.Range(0, SinglesAtOnce).Select(async caller =>
        {
            for (var i = caller; !stop.IsCancellationRequested; i += SinglesAtOnce)
            {
                await vault.ResolveAsync([claims[i % claims.Length]], Ground, cancellation);
                Interlocked.Increment(ref count);
            }
        }));
        return (double)count / seconds;
    }
}
