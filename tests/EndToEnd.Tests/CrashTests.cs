using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Host.Up;
using Kilde.Intake.Slash.Client;
using Kilde.Synthetic;
using Kilde.Testing;
using Npgsql;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// What an answer promises: 5 000 messages over 16 connections, while the server is killed with SIGKILL again and
/// again. Every acknowledged message is in the register exactly once, and nothing is there by halves.
/// </summary>
public class CrashTests
{
    private const int MessagesCount = 5_000;
    private const int Connections = 16;
    private const int Kills = 4;
    private const int KillMillisecondsLater = 300;
    private const int RecordsPerMessage = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_acknowledged_message_survives_sudden_death_exactly_once()
    {
        await using var site = await KildeSite.StartAsync(
            Cancellation, size: new NorwaySize(Connections, 10), hasOwnServer: true);
        var acknowledged = new ConcurrentBag<string>();
        var sent = new ConcurrentBag<string>();
        using var finished = new CancellationTokenSource();

        var killing = KillAgainAndAgainAsync(site, () => acknowledged.Count, finished.Token);
        await Task.WhenAll(site.Senders.Select((sender, index) =>
            SendAsync(site, sender, index, sent, acknowledged)));
        await finished.CancelAsync();
        var kills = await killing;

        kills.ShouldBe(Kills);
        acknowledged.Count.ShouldBe(MessagesCount);
        await site.WaitForAsync<long>("select count(*) from intake.waiting", waiting => waiting == 0, Cancellation);
        await EachIsThereOnceAndWholeAsync(site, sent, acknowledged);
        var (exitCode, output) = await site.RunAsync(["audit", "verify"], Cancellation);
        exitCode.ShouldBe(0, output);
    }

    private static async Task SendAsync(
        KildeSite site, LocalSender sender, int connection, ConcurrentBag<string> sent,
        ConcurrentBag<string> acknowledged)
    {
        using var client = site.Connect(sender);
        var persons = site.Norway.PersonsOf(sender.Unit, KildeSite.Day).Take(RecordsPerMessage).ToArray();
        for (var number = connection; number < MessagesCount; number += Connections)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"krasj-{number}");
            var message = new OutgoingMessage("HST_Konsultasjon", "1", Message(sender, id, persons), KildeSite.Day);
            sent.Add(id);
            while (!await IsDeliveredAsync(client, message)) await Task.Delay(100, Cancellation);
            acknowledged.Add(id);
        }
    }

    // As an EHR does: no answer is no receipt, so the same message goes again until there is one.
    private static async Task<bool> IsDeliveredAsync(SlashClient client, OutgoingMessage message)
    {
        try
        {
            var reply = await client.SendAsync(message, Cancellation);
            if (reply.Answer.Delivered) return true;
            reply.Status.ShouldBeOneOf(429, 500, 503);
            return false;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private static async Task<int> KillAgainAndAgainAsync(
        KildeSite site, Func<int> acknowledged, CancellationToken finished)
    {
        // Each run kills at moments of its own; a run that fails tells the seed they came from.
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Killed by seed {seed}.");
        var dice = new Dice(seed);
        var kills = 0;
        while (kills < Kills)
        {
            var target = (kills * MessagesCount / (Kills + 1)) + dice.Next(1, MessagesCount / (Kills + 1));
            while (acknowledged() < target && !finished.IsCancellationRequested)
                await Task.Delay(1, CancellationToken.None);
            await Task.Delay(dice.Next(KillMillisecondsLater), CancellationToken.None);
            if (finished.IsCancellationRequested) break;
            await site.KillServerAsync();
            kills++;
            await site.StartServerAsync(Cancellation);
        }

        return kills;
    }

    private static async Task EachIsThereOnceAndWholeAsync(
        KildeSite site, IEnumerable<string> sent, IEnumerable<string> acknowledged)
    {
        await using var database = NpgsqlDataSource.Create(site.RegisterLogin);
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        await using (var command = database.CreateCommand("select local_id from register.hst_konsultasjon"))
        await using (var rows = await command.ExecuteReaderAsync(Cancellation))
        {
            while (await rows.ReadAsync(Cancellation))
            {
                var message = rows.GetString(0)[..rows.GetString(0).LastIndexOf('-')];
                found[message] = found.GetValueOrDefault(message) + 1;
            }
        }

        acknowledged.Where(id => found.GetValueOrDefault(id) != RecordsPerMessage).ShouldBeEmpty();
        found.Keys.Except(sent, StringComparer.Ordinal).ShouldBeEmpty();
        found.Values.ShouldAllBe(records => records == RecordsPerMessage);

        await using var merged = database.CreateCommand(
            "select count(*) from register.hst_konsultasjon_history");
        (await merged.ExecuteScalarAsync(Cancellation)).ShouldBe(0L);
    }

    private static byte[] Message(LocalSender sender, string id, SyntheticPerson[] persons)
    {
        var unit = sender.Unit;
        var municipality = int.Parse(unit.Municipality.ToString(), CultureInfo.InvariantCulture);
        var json = new StringBuilder(
            $$"""[{"orgNr":{{unit.Number}},"kommuneNr":{{municipality}},"konsultasjon":[""");
        for (var record = 0; record < RecordsPerMessage; record++)
        {
            if (record > 0) json.Append(',');
            var number = persons[record % persons.Length].Identifier.Reveal();
            json.Append(CultureInfo.InvariantCulture, $$$"""
                {"konsultasjonId":"{{{id}}}-{{{record}}}","datoTid":"{{{KildeSite.Day:yyyy-MM-dd}}}T10:00:00+01:00",
                 "tjenesteType":1,"konsultasjonType":"E",
                 "person":{"personId":"p{{{record}}}","fodselsNr":"{{{number}}}"}}
                """);
        }

        return Encoding.UTF8.GetBytes(json.Append("]}]").ToString());
    }
}
