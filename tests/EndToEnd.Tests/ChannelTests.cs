using System.IO.Compression;
using System.Xml;
using Kilde.Audit;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Host.Up;
using Kilde.Intake.Senders;
using Kilde.Platform.Development;
using Kilde.Synthetic;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// A hospital trust's year, activity and identity, on each way into the register: over the bus, from files, and past a
/// server that dies again and again.
/// </summary>
public class ChannelTests
{
    private static readonly HospitalTrust Trust = TrustDirectory.Find("Finnmark")!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_year_goes_over_the_bus_to_the_register_and_is_answered()
    {
        Assert.SkipUnless(PrivateRabbit.IsInstalled, "RabbitMQ is not installed.");
        using var folder = new TemporaryFolder();
        await using var bus = await LocalBus.StartAsync(folder.At("bus"), isTemporary: true, Cancellation);
        await using var site = await KildeSite.StartAsync(
            Cancellation, bus.SettingsWith(new Dictionary<string, string>()));
        await site.UseAsync(services => LocalBus.RegisterAsync(
            services, LocalBus.SenderFolderIn(site.Folder), Cancellation));
        var (activity, identity) = Write(folder, "buss", Order with { IsWrapped = true, Share = 0.03 });

        var (exitCode, output) = await site.RunAsync(["bus", "send", identity, activity, "--wait"], Cancellation);

        exitCode.ShouldBe(0, output);
        output.Split("AppRec: OK").Length.ShouldBe(3, output);
        await IsInRegisterAsync(site, activity);
        (await site.ReadAsync<string>("select distinct channel from intake.submission", Cancellation))
            .ShouldBe(["amqp"]);
    }

    [Fact]
    public async Task A_year_goes_from_files_to_the_register_and_its_resend_changes_only_what_differs()
    {
        using var folder = new TemporaryFolder();
        var watched = folder.At("innboks");
        Directory.CreateDirectory(watched);
        await using var site = await KildeSite.StartAsync(
            Cancellation, new Dictionary<string, string> { ["Intake:Files:WatchedFolder"] = watched });
        await site.UseAsync(ConfigureTrustAsync);
        var order = Order with { Share = 0.03 };
        var (activity, identity) = Write(folder, "januar", order);
        var archive = folder.At("aar.zip");
        using (var zip = ZipFile.Open(archive, ZipArchiveMode.Create))
        {
            foreach (var file in (string[])[identity, activity]) zip.CreateEntryFromFile(file, Path.GetFileName(file));
        }

        var (exitCode, output) = await site.RunAsync(["ingest", archive, "--wait"], Cancellation);
        exitCode.ShouldBe(0, output);
        await IsInRegisterAsync(site, activity);

        var (resent, _) = Write(folder, "retting", order with { ChangedShare = 0.1 });
        File.Move(resent, Path.Combine(watched, "retting.xml"));
        await site.WaitForAsync<long>(
            "select count(*) from intake.submission where state = 'merged'", merged => merged == 3, Cancellation);

        var rows = (await site.ReadAsync<int[]>(
            """
            select array[rows_updated, rows_unchanged] from intake.submission
            where message_type = 'NPR_ORD' order by received_at desc limit 1
            """, Cancellation)).Single();
        rows[0].ShouldBeGreaterThan(0);
        rows[1].ShouldBeGreaterThan(rows[0]);
        Directory.GetFiles(Path.Combine(watched, "ferdig")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_large_file_survives_sudden_death_wherever_it_is_on_its_way()
    {
        using var folder = new TemporaryFolder();
        await using var site = await KildeSite.StartAsync(Cancellation);
        await site.UseAsync(ConfigureTrustAsync);
        var (activity, identity) = Write(folder, "stor", Order with { Share = 0.5 });
        (await site.RunAsync(["ingest", identity, "--wait"], Cancellation)).ExitCode.ShouldBe(0);

        // Dead while it is being received: nothing of it is there, and nobody was told that it is.
        await using (var ingest = KildeProcess.Start(["ingest", activity], site.Environment))
        {
            while (!ingest.Output.Contains('%') && !ingest.HasExited) await Task.Delay(1, Cancellation);
            await ingest.KillAsync();
            ingest.Output.ShouldNotContain("received");
        }

        (await CountAsync(site, "intake.submission where message_type = 'NPR_ORD'")).ShouldBe(0);
        (await site.RunAsync(["ingest", activity], Cancellation)).ExitCode.ShouldBe(0);

        // Dead before it is judged, and again while it is merged: then the year is there as a whole or not at all.
        var whole = Episodes(activity);
        foreach (var state in (string[])["received", "accepted"])
        {
            await site.WaitForAsync<string>(
                "select state from intake.submission where message_type = 'NPR_ORD'",
                reached => reached == state || reached == "merged", Cancellation);
            await site.KillServerAsync();
            (await CountAsync(site, "register.ord_episode")).ShouldBeOneOf(0, whole);
            await site.StartServerAsync(Cancellation);
        }

        await site.WaitForAsync<string>(
            "select state from intake.submission where message_type = 'NPR_ORD'", state => state == "merged",
            Cancellation);
        await IsInRegisterAsync(site, activity);
        (await CountAsync(site, "register.ord_episode_history")).ShouldBe(0);
        var (exitCode, output) = await site.RunAsync(["audit", "verify"], Cancellation);
        exitCode.ShouldBe(0, output);
    }

    private static TrustYearOrder Order => new() { Trust = Trust, AsOf = new DateOnly(2019, 12, 31), Seed = 11 };

    private static (string Activity, string Identity) Write(TemporaryFolder folder, string name, TrustYearOrder order)
    {
        var (activity, identity) = (folder.At($"{name}-ord.xml"), folder.At($"{name}-ide.xml"));
        using var activityStream = File.Create(activity);
        using var identityStream = File.Create(identity);
        TrustYear.Write(order, new Dictionary<TrustFileKind, Stream>
        {
            [TrustFileKind.Activity] = activityStream,
            [TrustFileKind.Identity] = identityStream,
        });
        return (activity, identity);
    }

    private static Task ConfigureTrustAsync(IServiceProvider services) =>
        services.GetRequiredService<ConfigureSender>().ConfigureAsync(
            new SenderConfiguration(
                Trust.Number, Trust.Name, Trust.Number,
                [.. Trust.Institutions.Select(institution => new SubUnit(institution.Number, institution.Name))], [],
                [new Obligation("NPR_ORD", new DateOnly(2019, 1, 1)), new("NPR_IDE", new DateOnly(2019, 1, 1))]),
            new AccessGround(Actor.System("test"), "test"), Cancellation);

    private static async Task IsInRegisterAsync(KildeSite site, string activity)
    {
        await site.WaitForAsync<long>("select count(*) from intake.waiting", waiting => waiting == 0, Cancellation);
        (await CountAsync(site, "register.ord_episode")).ShouldBe(Episodes(activity));
        (await CountAsync(site, "register.ord_episode where person_key > 0")).ShouldBeGreaterThan(0);
        (await CountAsync(site, "intake.set_aside")).ShouldBe(0);
    }

    private static async Task<long> CountAsync(KildeSite site, string from) =>
        (await site.ReadAsync<long>($"select count(*) from {from}", Cancellation)).Single();

    private static long Episodes(string file)
    {
        using var xml = XmlReader.Create(file);
        var count = 0L;
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "Episode") count++;
        }

        return count;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-channels-");

        public string At(string name) => Path.Combine(_folder.FullName, name);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
