using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Kilde.Audit;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Intake.Slash.Client;
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
            new NorwaySize(batches * BatchSize / 300, 340), ClientKey.CreateEc, cancellation);
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

        var rival = BareCrypto(claims);
        await log.WriteLineAsync($"HMAC-SHA-256 and AES-256-GCM of the same, one core, nothing stored: {rival:0}/s");

        return new BenchmarkResult(
            Definition.Question, Math.Round(known), "known identifiers/s in batches of 10 000",
            "HMAC-SHA-256 and AES-256-GCM of the same identifiers on one core, nothing stored or looked up",
            Math.Round(rival), Math.Round(known / rival, 2),
            "5 000/s one at a time and 100 000/s in batches", BenchmarkRun.Machine,
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["known, one at a time, 32 callers"] = $"{singles:0}/s",
                ["new, in batches"] = $"{fresh:0}/s",
                ["identifiers"] = claims.Sum(batch => batch.Length),
            });
    }

    private static double BareCrypto(IdentifierClaim[][] batches)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var aes = new AesGcm(key, AesGcm.TagByteSizes.MaxSize);
        Span<byte> nonce = stackalloc byte[AesGcm.NonceByteSizes.MaxSize];
        Span<byte> tag = stackalloc byte[AesGcm.TagByteSizes.MaxSize];
        Span<byte> ciphertext = stackalloc byte[64];
        Span<byte> index = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var started = Stopwatch.GetTimestamp();
        foreach (var claim in batches.SelectMany(batch => batch))
        {
            var digits = Encoding.UTF8.GetBytes(claim.Person.Primary.Reveal());
            HMACSHA256.HashData(key, digits, index);
            RandomNumberGenerator.Fill(nonce);
            aes.Encrypt(nonce, digits, ciphertext[..digits.Length], tag);
        }

        return batches.Sum(batch => batch.Length) / Stopwatch.GetElapsedTime(started).TotalSeconds;
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
