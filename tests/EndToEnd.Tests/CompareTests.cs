using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Intake.Slash.Client;
using Kilde.Register.Comparing;
using Kilde.Synthetic;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.EndToEnd.Tests;

/// <summary>"Did you get everything?" from a sender's folder of messages, over the real API.</summary>
public class CompareTests
{
    private const string Type = "Basismelding";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sender_finds_exactly_what_the_register_has_not_got_or_has_otherwise()
    {
        await using var site = await KildeSite.StartAsync(Cancellation);
        var sent = site.Norway.MessagesOf(KildeSite.Day).Where(one => one.Type == Type && one.IsSound)
            .GroupBy(one => one.Unit.Number).MaxBy(unit => unit.Sum(one => one.Records))!.ToList();
        sent.Sum(one => one.Records).ShouldBeGreaterThan(3);
        await SendAsync(site, sent);
        var folder = Directory.CreateDirectory(Path.Combine(site.Folder, "sent")).FullName;
        for (var i = 0; i < sent.Count; i++)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{i:D4}.json"), sent[i].Json.ToArray(), Cancellation);

        var (alike, told) = await site.RunAsync(["compare", folder, "--type", Type], Cancellation);

        alike.ShouldBe(0, told);
        told.ShouldContain("the register has all");
        await ShouldAddUpAsync(site, sent, folder);

        var changed = await ChangeAsync(Path.Combine(folder, "0000.json"));
        var list = Path.Combine(site.Folder, "list.csv");
        var (differs, tellsOf) = await site.RunAsync(
            ["compare", folder, "--type", Type, "--out", list], Cancellation);

        differs.ShouldBe(1, tellsOf);
        (await File.ReadAllLinesAsync(list, Cancellation)).Skip(1).Select(line => line.Split(';'))
            .Select(parts => (parts[0], parts[3].Trim('"'))).ShouldBe(changed, ignoreOrder: true);
        var (isSilent, silent) = await site.RunAsync(["submissions", "silent"], Cancellation);
        isSilent.ShouldBe(1, silent);
        silent.ShouldContain("1 missing");
        silent.ShouldContain("told by the sender");
    }

    [Fact]
    public async Task A_year_that_came_as_XML_is_compared_with_the_senders_own_file()
    {
        await using var site = await KildeSite.StartAsync(Cancellation);
        var sender = site.Senders[0].Unit.Number.ToString();
        var (file, other) = (Path.Combine(site.Folder, "ord.xml"), Path.Combine(site.Folder, "other.xml"));
        var year = await YearAsync(site, sender);
        await File.WriteAllTextAsync(file, year.ToString(), Cancellation);
        var (taken, ingested) = await site.RunAsync(["ingest", file, "--wait"], Cancellation);
        taken.ShouldBe(0, ingested);

        var (alike, told) = await site.RunAsync(["compare", file, "--sender", sender], Cancellation);

        alike.ShouldBe(0, told);
        told.ShouldContain("Episode: the register has all 1 records");

        year.Descendants().First(element => element.Name.LocalName == "Episode")
            .SetAttributeValue("innDatoTid", $"{KildeSite.Day.Year - 1}-02-03T04:05:00");
        await File.WriteAllTextAsync(other, year.ToString(), Cancellation);
        var list = Path.Combine(site.Folder, "list.csv");
        var (differs, tellsOf) = await site.RunAsync(
            ["compare", other, "--sender", sender, "--out", list], Cancellation);

        differs.ShouldBe(1, tellsOf);
        (await File.ReadAllLinesAsync(list, Cancellation)).Skip(1).ShouldHaveSingleItem().Split(';')
            .Where((_, i) => i is 0 or 4).ShouldBe(["different", "Episode"]);
    }

    // The type's own example, as the unit's year before.
    private static async Task<XDocument> YearAsync(KildeSite site, string sender)
    {
        XDocument? message = null;
        await site.UseAsync(services =>
        {
            var catalogue = services.GetRequiredService<DefinitionCatalogue>();
            message = XDocument.Parse(ExampleXml.Of(catalogue.Find("NPR_ORD", "53.1.3")!));
            return Task.CompletedTask;
        });
        message!.Descendants().First(element => element.Name.LocalName == "Institusjon")
            .SetAttributeValue("institusjonID", sender);
        return message;
    }

    [Fact]
    public async Task Another_sender_learns_nothing_and_a_stranger_is_turned_away()
    {
        await using var site = await KildeSite.StartAsync(Cancellation);
        var sent = site.Norway.MessagesOf(KildeSite.Day).Where(one => one.Type == Type && one.IsSound)
            .GroupBy(one => one.Unit.Number).First().ToList();
        await SendAsync(site, sent);
        var owner = site.Senders.Single(sender => sender.Unit.Number == sent[0].Unit.Number);
        var other = site.Senders.First(sender => sender.Unit.Number != sent[0].Unit.Number);

        using var own = site.Connect(owner);
        using var others = site.Connect(other);
        var side = own.Compare(Type, "1", record: null, KildeSite.Day);
        var place = (await side.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, Cancellation)).Single().Key;
        var node = new DigestNode(place, 0, 0);
        var record = (await side.ListAsync([node], Cancellation))[0][0];

        var othersSide = others.Compare(Type, "1", record: null, KildeSite.Day);
        (await othersSide.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, Cancellation)).ShouldBeEmpty();
        (await othersSide.ListAsync([node], Cancellation))[0].ShouldBeEmpty();
        (await othersSide.NameAsync([(place, record.Id)], Cancellation)).ShouldBe([null]);
        (await side.NameAsync([(place, record.Id)], Cancellation))[0].ShouldNotBeNull();
        (await othersSide.ReadKeyAsync(Cancellation)).ShouldNotBe(await side.ReadKeyAsync(Cancellation));
        var refusal = await Should.ThrowAsync<QuestionRefusedException>(() => own
            .Compare("NPR_IDE", "53.1.3", record: null, KildeSite.Day).ReadKeyAsync(Cancellation));
        refusal.Status.ShouldBe(400);

        using var http = new HttpClient();
        using var stranger = await http.PostAsync(
            new Uri($"{site.Url}/compare"), new StringContent("{}"), Cancellation);
        ((int)stranger.StatusCode).ShouldBe(401);
    }

    /// <summary>The file of digests says month by month what the register says.</summary>
    private static async Task ShouldAddUpAsync(KildeSite site, List<SyntheticMessage> sent, string folder)
    {
        using var client = site.Connect(site.Senders.Single(one => one.Unit.Number == sent[0].Unit.Number));
        var register = client.Compare(Type, "1", record: null, KildeSite.Day);
        var key = await register.ReadKeyAsync(Cancellation);
        var (example, file) = (Path.Combine(site.Folder, "example.json"), Path.Combine(site.Folder, "own.json"));
        var given = new JsonObject
        {
            [DigestFile.KeyName] = Convert.ToBase64String(key), [DigestFile.SenderName] = $"{sent[0].Unit.Number}",
        };
        await File.WriteAllTextAsync(example, given.ToJsonString(), Cancellation);

        var (made, told) = await site.RunAsync(
            ["compare", folder, "--type", Type, "--key", example, "--digests", file], Cancellation);

        made.ShouldBe(0, told);
        var written = await File.ReadAllTextAsync(file, Cancellation);
        MessageType? type = null;
        await site.UseAsync(services =>
        {
            type = services.GetRequiredService<DefinitionCatalogue>().Find(Type, "1");
            return Task.CompletedTask;
        });
        var own = JsonSerializer.Deserialize<DigestFile>(written, DigestFile.Json)!
            .Read(type!, new RecordDigests(key), RecordMonth.None, RecordMonth.Max);
        own.Sums.ShouldBe(
            await register.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, Cancellation), ignoreOrder: true);
    }

    private static async Task SendAsync(KildeSite site, List<SyntheticMessage> messages)
    {
        var sender = site.Senders.Single(one => one.Unit.Number == messages[0].Unit.Number);
        using var client = site.Connect(sender);
        foreach (var message in messages)
        {
            var reply = await client.SendAsync(
                new OutgoingMessage(message.Type, message.Version, message.Json, message.Day), Cancellation);
            reply.Answer.Delivered.ShouldBeTrue();
        }

        await site.WaitForAsync<long>(
            "select count(*) from intake.submission where state = 'merged'", merged => merged == messages.Count,
            Cancellation);
    }

    /// <summary>Leaves one contact out, changes one, and adds one, in a message that nothing later changes.</summary>
    private static async Task<IEnumerable<(string, string)>> ChangeAsync(string file)
    {
        var message = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!;
        var contacts = message[0]!["kontakt"]!.AsArray();
        var first = contacts[0]!;
        var added = first.DeepClone();
        added["kontaktId"] = "new-contact";
        contacts.Add(added);
        var id = (string)first["kontaktId"]!;
        if (contacts.Count < 3)
        {
            first["finansiering"] = (string?)first["finansiering"] == "O" ? "P" : "O";
            await File.WriteAllTextAsync(file, message.ToJsonString(), Cancellation);
            return [("different", id), ("missing", "new-contact")];
        }

        var second = contacts[1]!;
        second["finansiering"] = (string?)second["finansiering"] == "O" ? "P" : "O";
        contacts.RemoveAt(0);
        await File.WriteAllTextAsync(file, message.ToJsonString(), Cancellation);
        return [("extra", id), ("different", (string)second["kontaktId"]!), ("missing", "new-contact")];
    }
}
