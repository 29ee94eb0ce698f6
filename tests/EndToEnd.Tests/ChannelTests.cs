using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml;
using Kilde.Audit;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Host.Up;
using Kilde.Intake.Headers;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Kilde.Platform.Development;
using Kilde.Synthetic;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// A hospital trust's year, activity and identity, and a municipality's, on each way into the register: over the bus,
/// from files, and past a server that dies again and again.
/// </summary>
public partial class ChannelTests
{
    private static readonly HospitalTrust Trust = TrustDirectory.Find("Finnmark")!;

    private static readonly MunicipalityCode Municipality = MunicipalityCode.Parse("1101", provider: null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_year_goes_over_the_bus_to_the_register_and_is_answered()
    {
        Assert.SkipUnless(PrivateRabbit.IsInstalled, "RabbitMQ is not installed.");
        using var folder = new TemporaryFolder();
        await using var bus = await LocalBus.StartAsync(folder.At("bus"), isTemporary: true, Cancellation);
        await using var site = await StartWithBusAsync(bus);
        var (activity, identity) = Write(folder, "buss", Order with { IsWrapped = true, Share = 0.03 });

        var (exitCode, output) = await site.RunAsync(["bus", "send", identity, activity, "--wait"], Cancellation);

        exitCode.ShouldBe(0, output);
        output.Split("AppRec: OK").Length.ShouldBe(3, output);
        await IsInRegisterAsync(site, activity);
        (await site.ReadAsync<string>("select distinct channel from intake.submission", Cancellation))
            .ShouldBe(["amqp"]);
    }

    [Fact]
    public async Task A_sender_without_a_mobile_number_is_told_so_in_the_receipt_over_the_bus()
    {
        Assert.SkipUnless(PrivateRabbit.IsInstalled, "RabbitMQ is not installed.");
        using var folder = new TemporaryFolder();
        await using var bus = await LocalBus.StartAsync(folder.At("bus"), isTemporary: true, Cancellation);
        await using var site = await StartWithBusAsync(bus);
        var (activity, _) = Write(folder, "uten", Order with { IsWrapped = true, Share = 0.005 });
        var told = await File.ReadAllTextAsync(activity, Cancellation);
        var landline = Phone.Replace(told, "meldTelefon=\"22334455\"");
        landline.ShouldNotBe(told);
        await File.WriteAllTextAsync(activity, landline, Cancellation);

        var (exitCode, output) = await site.RunAsync(["bus", "send", activity, "--wait"], Cancellation);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("AppRec: OK, with errors");
        var words = string.Join(' ', output.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        words.ShouldContain(
            "QUA-002 /Melding/Kontaktperson: Kontaktpersonen av type 1 «Teknisk produksjon» har ikke et norsk "
            + "mobilnummer");
        await site.WaitForAsync<long>(
            "select count(*) from quality.feedback_event where kind = 'undeliverable'", count => count > 0,
            Cancellation);
        (await site.ReadAsync<string>("select distinct state from quality.outbox where channel = 'sms'", Cancellation))
            .ShouldNotContain("sent");
    }

    [Fact]
    public async Task A_municipality_s_year_goes_over_the_bus_and_its_chain_of_events_from_files()
    {
        Assert.SkipUnless(PrivateRabbit.IsInstalled, "RabbitMQ is not installed.");
        using var folder = new TemporaryFolder();
        await using var bus = await LocalBus.StartAsync(folder.At("bus"), isTemporary: true, Cancellation);
        await using var site = await StartWithBusAsync(bus);
        var year = new MunicipalityYearOrder
        {
            Municipality = Municipality, AsOf = new DateOnly(2019, 12, 31), Share = 0.05, Seed = 11, IsWrapped = true,
        };
        var annual = Write(folder, "aar", year).ShouldHaveSingleItem();

        var (exitCode, output) = await site.RunAsync(["bus", "send", annual, "--wait"], Cancellation);
        exitCode.ShouldBe(0, output);
        output.ShouldContain("AppRec: OK");
        await site.WaitForAsync<long>("select count(*) from intake.waiting", waiting => waiting == 0, Cancellation);
        (await CountAsync(site, "register.iplos_tjeneste")).ShouldBe(Elements(annual, "TJENESTE"));

        var chain = Write(folder, "kjede", year with
        {
            AsOf = new DateOnly(2022, 3, 31), DaysPerMessage = 30, IsWrapped = false,
        });
        (exitCode, output) = await site.RunAsync(["ingest", .. chain, "--wait"], Cancellation);

        exitCode.ShouldBe(0, output);
        chain.Count.ShouldBeGreaterThan(2);
        (await CountAsync(site, "register.ipl_tjenestestart")).ShouldBeGreaterThan(0);
        (await CountAsync(site, "intake.set_aside")).ShouldBe(0);
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
        var finished = Path.Combine(watched, "ferdig");
        while (Directory.GetFiles(finished, "*.apprec.xml").Length == 0) await Task.Delay(50, Cancellation);
        var answer = await File.ReadAllBytesAsync(
            Directory.GetFiles(finished, "*_retting.xml.apprec.xml").Single(), Cancellation);
        AppRecReader.Read(answer)!.Receiver.Organisation.Number.ShouldBe(Trust.Number);
        (exitCode, output) = await site.RunAsync(
            ["ingest", archive, "--receipts", folder.At("svar")], Cancellation);
        exitCode.ShouldBe(0, output);
        Directory.GetFiles(folder.At("svar")).Select(Path.GetFileName).ShouldBe(
            ["aar.zip-januar-ide.xml.apprec.xml", "aar.zip-januar-ord.xml.apprec.xml"], ignoreOrder: true);
        foreach (var file in Directory.GetFiles(folder.At("svar")))
        {
            AppRecReader.Read(await File.ReadAllBytesAsync(file, Cancellation))!.Status
                .ShouldNotBe(AppRecStatus.Rejected);
        }
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
        var whole = Elements(activity, "Episode");
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

    [GeneratedRegex("meldTelefon=\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex Phone { get; }

    private static async Task<KildeSite> StartWithBusAsync(LocalBus bus)
    {
        var site = await KildeSite.StartAsync(Cancellation, bus.SettingsWith(new Dictionary<string, string>()));
        await site.UseAsync(services => BusSenders.RegisterAsync(
            services, BusSenders.FolderIn(site.Folder), Cancellation));
        return site;
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

    private static List<string> Write(TemporaryFolder folder, string name, MunicipalityYearOrder order)
    {
        var files = new List<string>();
        MunicipalityYear.Write(order, MunicipalityYear.KindsOf(order.AsOf.Year), file =>
        {
            files.Add(folder.At($"{name}-{file}"));
            return File.Create(files[^1]);
        });
        return files;
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
        (await CountAsync(site, "register.ord_episode")).ShouldBe(Elements(activity, "Episode"));
        (await CountAsync(site, "register.ord_episode where person_key > 0")).ShouldBeGreaterThan(0);
        (await CountAsync(site, "intake.set_aside")).ShouldBe(0);
    }

    private static async Task<long> CountAsync(KildeSite site, string from) =>
        (await site.ReadAsync<long>($"select count(*) from {from}", Cancellation)).Single();

    private static long Elements(string file, string name)
    {
        using var xml = XmlReader.Create(file);
        var count = 0L;
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == name) count++;
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
