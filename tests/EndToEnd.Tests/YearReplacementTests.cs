using System.Xml;
using Kilde.Audit;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Intake.Senders;
using Kilde.Synthetic;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// A year that stands is replaced by a file in which half of the episodes differ, while the server is killed with
/// SIGKILL again and again. The year is the old one until it is the new one, and the work goes on by itself.
/// </summary>
/// <remarks>
/// KILDE_YEAR_MEGABYTES makes the file larger, for a run by hand: 1000 takes some minutes, and tells what it saw.
/// </remarks>
public sealed class YearReplacementTests : IDisposable
{
    private const int UsualMegabytes = 16;
    private static readonly int Megabytes = int.TryParse(
        Environment.GetEnvironmentVariable("KILDE_YEAR_MEGABYTES"), out var given) ? given : UsualMegabytes;

    private static readonly TimeSpan MergedMax = TimeSpan.FromMinutes(10);

    // How long after the merge has begun to write; a whole one takes seconds, and more of a larger file.
    private static readonly TimeSpan[] Moments = [.. new[] { 5, 700, 150, 1500, 400 }.Select(moment =>
        TimeSpan.FromMilliseconds(moment * Math.Sqrt((double)Megabytes / UsualMegabytes)))];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-year-");

    private readonly long _started = TimeProvider.System.GetTimestamp();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TrustYearOrder Order { get; } = OfSize(new TrustYearOrder
    {
        Trust = TrustDirectory.Largest,
        AsOf = new DateOnly(2019, 12, 31),
        Seed = 29,
    });

    [Fact]
    public async Task A_year_is_the_old_or_the_new_wherever_the_server_dies()
    {
        await using var site = await KildeSite.StartAsync(Cancellation, hasOwnServer: true);
        await site.UseAsync(ConfigureTrustAsync);
        (await site.RunAsync(["ingest", Write("gammel", Order), "--wait"], Cancellation)).ExitCode.ShouldBe(0);
        Tell("the first file is merged");
        var old = await YearAsync(site);
        var renewed = Write("ny", Order with { ChangedShare = 0.5 });
        var (exitCode, output) = await site.RunAsync(["ingest", renewed], Cancellation);
        exitCode.ShouldBe(0, output);

        var deaths = 0;
        foreach (var moment in Moments)
        {
            if (!await IsMergingAsync(site)) break;
            await Task.Delay(moment, Cancellation);
            await site.KillServerAsync();
            deaths++;
            var year = await YearAsync(site);
            var isMerged = await IsMergedAsync(site);
            Tell($"killed {moment.TotalMilliseconds:0} ms after it began to write; merged: {isMerged}");
            if (!isMerged) year.ShouldBe(old);
            await site.StartServerAsync(Cancellation);
        }

        deaths.ShouldBeGreaterThan(0);
        while (await IsMergingAsync(site)) await Task.Delay(50, Cancellation);
        Tell($"{new FileInfo(renewed).Length / 1_000_000} MB, {old.Episodes} episodes, died {deaths} times");
        await IsNewAsync(site, old, EpisodesIn(renewed));
        (await site.RunAsync(["audit", "verify"], Cancellation)).ExitCode.ShouldBe(0);
    }

    private void Tell(string what) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"{TimeProvider.System.GetElapsedTime(_started).TotalSeconds:0} s: {what}");

    public void Dispose() => _folder.Delete(recursive: true);

    // Every changed record has one version behind it, no more for all the deaths, and the batch says how many.
    private static async Task IsNewAsync(KildeSite site, Year old, long episodes)
    {
        var year = await YearAsync(site);
        year.Fingerprint.ShouldNotBe(old.Fingerprint);
        year.Episodes.ShouldBe(episodes);
        year.Superseded.ShouldBeGreaterThan(old.Episodes / 4);
        (await site.ReadAsync<long>(
            """
            select updated::bigint + deleted from register.batch
            where message_type = 'NPR_ORD' order by batch_no
            """, Cancellation)).ShouldBe([0, year.Superseded]);
        (await site.ReadAsync<long>("select count(*) from intake.set_aside", Cancellation)).ShouldBe([0]);
    }

    // True while the file waits and something is being merged; false when it is in the register.
    private static async Task<bool> IsMergingAsync(KildeSite site)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < MergedMax)
        {
            if (await IsMergedAsync(site)) return false;
            var isWriting = await site.ReadAsync<bool>(
                """
                select exists (
                  select from pg_locks
                  where relation = 'register.batch_counter'::regclass and mode = 'RowExclusiveLock' and granted)
                """, Cancellation);
            if (isWriting.Single()) return true;
            await Task.Delay(5, Cancellation);
        }

        throw new TimeoutException("The file is not in the register after ten minutes.");
    }

    private static async Task<bool> IsMergedAsync(KildeSite site) => (await site.ReadAsync<bool>(
        "select count(*) = 2 from intake.submission where state = 'merged'", Cancellation)).Single();

    private static async Task<Year> YearAsync(KildeSite site)
    {
        var told = (await site.ReadAsync<string[]>(
            """
            select array[
              (select md5(string_agg(row_hash::text, '' order by record_key)) from register.ord_episode),
              (select count(*)::text from register.ord_episode),
              (select sum(versions)::text from (
                select count(*) from register.ord_episode_history
                union all select count(*) from register.ord_henvisning_history
                union all select count(*) from register.ord_pasient_history
                union all select count(*) from register.ord_barnevernet_history
                union all select count(*) from register.ord_enhet_history) as ended (versions))]
            """, Cancellation)).Single();
        return new Year(told[0], long.Parse(told[1]), long.Parse(told[2]));
    }

    /// <summary>What stands, and how many versions have been superseded.</summary>
    private sealed record Year(string Fingerprint, long Episodes, long Superseded);

    private static TrustYearOrder OfSize(TrustYearOrder order) =>
        order with { Share = TrustYear.ShareFor(order, Megabytes * 1_000_000L) };

    private string Write(string name, TrustYearOrder order)
    {
        var path = Path.Combine(_folder.FullName, $"{name}.xml");
        using var stream = File.Create(path);
        TrustYear.Write(order, new Dictionary<TrustFileKind, Stream> { [TrustFileKind.Activity] = stream });
        return path;
    }

    private static long EpisodesIn(string file)
    {
        using var reader = XmlReader.Create(file);
        var episodes = 0;
        while (reader.ReadToFollowing("Episode")) episodes++;
        return episodes;
    }

    private static Task ConfigureTrustAsync(IServiceProvider services) =>
        services.GetRequiredService<ConfigureSender>().ConfigureAsync(
            new SenderConfiguration(
                Order.Trust.Number, Order.Trust.Name, Order.Trust.Number,
                [.. Order.Trust.Institutions.Select(unit => new SubUnit(unit.Number, unit.Name))], [],
                [new Obligation("NPR_ORD", new DateOnly(2019, 1, 1))]),
            new AccessGround(Actor.System("test"), "test"), Cancellation);
}
