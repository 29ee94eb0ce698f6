using System.Text;
using System.Text.Json.Nodes;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Host.Up;
using Kilde.Intake.Slash.Client;
using Kilde.Kernel;

namespace Kilde.EndToEnd.Tests;

/// <summary>A sender gets back what it sent, whole, and nobody else gets anything (R3.18).</summary>
public class ReturnTests
{
    private const string Type = "HST_Konsultasjon";
    private const string Discontinued = "KPR-OMS-025";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sender_gets_its_own_records_with_identity_and_another_gets_nothing()
    {
        await using var site = await KildeSite.StartAsync(Cancellation);
        var sent = site.Norway.MessagesOf(KildeSite.Day).First(one => one.Type == Type && one.IsSound);
        var owner = site.Senders.Single(sender => sender.Unit.Number == sent.Unit.Number);
        var other = site.Senders.First(sender => sender.Unit.Number != sent.Unit.Number);
        using (var client = site.Connect(owner))
        {
            (await client.SendAsync(
                new OutgoingMessage(sent.Type, sent.Version, sent.Json, sent.Day), Cancellation))
                .Answer.Delivered.ShouldBeTrue();
        }

        await site.WaitForAsync<long>(
            "select count(*) from intake.submission where state = 'merged'", merged => merged == 1, Cancellation);
        var own = Path.Combine(site.Folder, "own.jsonl");

        var (ended, told) = await site.RunAsync(
            ["return", "--sender", $"{owner.Unit.Number}", "--out", own], Cancellation);

        ended.ShouldBe(0, told);
        var records = (await File.ReadAllLinesAsync(own, Cancellation))
            .Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        records.Count.ShouldBe(sent.Records);
        var numbers = NumbersIn(JsonNode.Parse(sent.Json.Span)!).ToList();
        numbers.ShouldNotBeEmpty();
        records.Select(record => $"{record["person"]?["nummer"]}").Where(number => number.Length > 0)
            .ShouldBeSubsetOf(numbers);
        records.ShouldAllBe(record => record["verdier"]!.AsObject().Count > 0);
        (await site.ReadAsync<long>(
            "select coalesce(sum(count), 0)::bigint from audit.entry where action = 'register.return_records'",
            Cancellation)).ShouldBe([records.Count]);

        using var stranger = site.Connect(other);
        using var nothing = await stranger.ReturnAsync(KildeSite.Day, Cancellation);
        (await nothing.ReadAsStringAsync(Cancellation)).ShouldBeEmpty();
        await ReturnsEveryMonthAsync(
            site, owner.Unit.Number, other.Unit.Number, await File.ReadAllTextAsync(own, Cancellation));
        await AnswersAsync(site, owner.Unit.Number, other.Unit.Number);
        await MendsAsync(site, owner, numbers[0]);

        using var http = new HttpClient();
        using var refused = await http.PostAsync(
            new Uri($"{site.Url}/return"), new StringContent("{}"), Cancellation);
        ((int)refused.StatusCode).ShouldBe(401);
    }

    // The package is what was fetched on demand, is told by mail, and is the sender's own.
    private static async Task ReturnsEveryMonthAsync(
        KildeSite site, OrganizationNumber owner, OrganizationNumber other, string onDemand)
    {
        string[] standing = ["return", "standing"];
        string[] order = [.. standing, "order", "kpr", "HST", "--email", "fagsystem@nordvika.example"];
        var (ordered, told) = await site.RunAsync([.. order, "--sender", $"{owner}"], Cancellation);
        ordered.ShouldBe(0, told);
        var (refused, why) = await site.RunAsync([.. order, "--sender", $"{owner}"], Cancellation);
        refused.ShouldBe(1);
        why.ShouldContain("The unit has a standing return of the area already.");
        (await site.RunAsync([.. order, "--from", "1066", "--sender", $"{other}"], Cancellation)).ExitCode.ShouldBe(1);
        await site.WaitForAsync<long>(
            "select count(*) from quality.outbox where package_id is not null and state = 'sent'",
            sent => sent == 1, Cancellation);

        var package = (await site.ReadAsync<Guid>("select package_id from quality.return_package", Cancellation))
            .Single();
        (await site.RunAsync([.. standing, "list", "--sender", $"{owner}"], Cancellation)).Output
            .ShouldContain($"ready {package}: {onDemand.Count(letter => letter == '\n')} records");
        (await site.RunAsync([.. standing, "list", "--sender", $"{other}"], Cancellation)).Output
            .ShouldContain("No standing returns.");
        var file = Path.Combine(site.Folder, "package.jsonl");
        string[] fetch = [.. standing, "fetch", $"{package}", "--out", file];
        var (fetched, said) = await site.RunAsync([.. fetch, "--sender", $"{owner}"], Cancellation);
        fetched.ShouldBe(0, said);
        var (strange, answer) = await site.RunAsync([.. fetch, "--sender", $"{other}"], Cancellation);
        strange.ShouldBe(1, answer);
        answer.ShouldContain("The unit has no such package");
        (await File.ReadAllTextAsync(file, Cancellation)).ShouldBe(onDemand);

        var id = (await site.ReadAsync<Guid>("select standing_return_id from quality.standing_return", Cancellation))
            .Single();
        (await site.RunAsync([.. standing, "withdraw", $"{id}", "--sender", $"{other}"], Cancellation)).ExitCode
            .ShouldBe(1);
        (await site.RunAsync([.. standing, "withdraw", $"{id}", "--sender", $"{owner}"], Cancellation)).Output
            .ShouldContain("withdrawn");
        (await site.ReadAsync<string>(
            "select action from audit.entry where action in ('return.fetched', 'return.withdrawn')", Cancellation))
            .ShouldBe(["return.fetched", "return.withdrawn"], ignoreOrder: true);
    }

    // The same site: what it costs to start is more than what is asked of it.
    private static async Task AnswersAsync(KildeSite site, OrganizationNumber owner, OrganizationNumber other)
    {
        var finding = (await site.ReadAsync<Guid>(
            $"""
            insert into quality.finding (finding_id, check_id, subject, unit, data_year, local_id, measured, state,
              is_shadow, opened_at, changed_at)
            values (gen_random_uuid(), 'KPR-OMS-001', 'x', '{owner}', 2025, 'TJ-7', 172.5, 'open', false, now(), now())
            returning finding_id
            """,
            Cancellation)).Single();
        string[] answer = ["findings", "answer", $"{finding}", "--cause", "wrongCoupling", "--text", "Koblet feil"];

        var (unanswered, told) = await site.RunAsync(["findings", "list", "--sender", $"{owner}"], Cancellation);
        unanswered.ShouldBe(1, told);
        told.ShouldContain($"{finding}");
        told.ShouldContain("The service has 172.5 hours a week. A week has 168.");
        (await site.RunAsync(["findings", "list", "--sender", $"{other}"], Cancellation)).Output
            .ShouldNotContain($"{finding}");

        (await site.RunAsync([.. answer, "--sender", $"{other}"], Cancellation)).ExitCode.ShouldBe(1);
        var (refused, why) = await site.RunAsync(
            [.. answer[..^1], "Gjelder 41819099934", "--sender", $"{owner}"], Cancellation);
        refused.ShouldBe(1);
        why.ShouldContain("Never write of a person.");
        var (kept, said) = await site.RunAsync([.. answer, "--sender", $"{owner}"], Cancellation);
        kept.ShouldBe(0, said);

        (await site.RunAsync(["findings", "list", "--sender", $"{owner}"], Cancellation)).Output
            .ShouldContain($"{finding} explained");
        (await site.ReadAsync<string>(
            $"select state || ' ' || cause || ' ' || answer from quality.finding where finding_id = '{finding}'",
            Cancellation)).ShouldBe(["explained wrongCoupling Koblet feil"]);
        (await site.ReadAsync<string>(
            "select actor_kind from audit.entry where action = 'finding.explained'", Cancellation))
            .ShouldBe(["client"]);
    }

    // A service type that is no longer in use: the edit that the finding comes with, applied to the message.
    private static async Task MendsAsync(KildeSite site, LocalSender owner, string person)
    {
        var message = JsonNode.Parse(
            $$"""
            [{ "orgNr": "{{owner.Unit.Number}}", "kommuneNr": "0301", "tjeneste": [{
               "tjenesteId": "T-1", "registrertTid": "2025-02-01T10:00:00+01:00", "tjenestetype": "12",
               "vedtakUtfall": "2", "startDato": "2025-02-10", "person": { "fodselsNr": "{{person}}" } }] }]
            """)!;
        using var client = site.Connect(owner);
        (await client.SendAsync(Outgoing(), Cancellation)).Answer.Delivered.ShouldBeTrue();
        await FindingsAsync("open");

        var told = await client.Findings(KildeSite.Day).ListAsync(Discontinued, year: null, Cancellation);
        var edit = told.ShouldHaveSingleItem().Edits.ShouldHaveSingleItem();
        var record = message[0]!["tjeneste"]![0]!.AsObject();
        foreach (var operation in edit.Patch!.AsArray().Select(each => each!.AsObject()))
        {
            var item = $"{operation["path"]}"[1..];
            if ($"{operation["op"]}" == "test") $"{record[item]}".ShouldBe($"{operation["value"]}");
            else record[item] = operation["value"]!.DeepClone();
        }

        $"{record["tjenestetype"]}".ShouldBe("29");
        (await client.ValidateAsync(Outgoing(), Cancellation)).Answer.Errors.ShouldBeEmpty();
        (await client.SendAsync(Outgoing(), Cancellation)).Answer.Delivered.ShouldBeTrue();
        await FindingsAsync("corrected");

        OutgoingMessage Outgoing() =>
            new("KTT_Tjeneste", "1", Encoding.UTF8.GetBytes(message.ToJsonString()), KildeSite.Day);

        Task FindingsAsync(string state) => site.WaitForAsync<long>(
            $"select count(*) from quality.finding where check_id = '{Discontinued}' and state = '{state}'",
            count => count == 1, Cancellation);
    }

    private static IEnumerable<string> NumbersIn(JsonNode node) => node switch
    {
        JsonObject map => map.SelectMany(each => each.Key is "fodselsNr" or "dNr" && each.Value is JsonValue number
            ? [$"{number}"]
            : each.Value is null ? [] : NumbersIn(each.Value)),
        JsonArray list => list.Where(each => each is not null).SelectMany(each => NumbersIn(each!)),
        _ => [],
    };
}
