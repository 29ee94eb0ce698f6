using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Intake.Silence;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>A sender asks whether the register has what it has.</summary>
[Collection(nameof(PortalSite))]
public class CompareTests(PortalSite site)
{
    private const string Page = "/sammenlign";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the units of the synthetic day send.</summary>
    private MessageType Type => site.Services.GetRequiredService<DefinitionCatalogue>().MessageTypes[0];

    [Fact]
    public async Task A_sender_sees_what_is_missing_extra_and_different_record_by_record()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);
        (await ReadAsync(client, Page)).ShouldContain("Registeret har ingen poster fra dere i perioden.");
        var file = await ExampleAsync(client);
        var records = file["months"]![0]!["records"]!.AsObject();
        var (localId, digest) = records.Select(each => (each.Key, (string)each.Value!)).Single();

        var lacking = await LackingAsync();
        var missing = await CompareAsync(client, file);
        missing.ShouldContain("1 mangler i registeret, 0 er til overs der, og 0 er ulike.");
        missing.ShouldContain($">{localId}</th>");
        await LacksAreToldToStaffAsync(client, file);

        await MergeAsync(file["exampleMessage"]!);
        (await CompareAsync(client, file)).ShouldContain("Alt er likt.");
        (await LackingAsync()).ShouldBeLessThanOrEqualTo(lacking);

        records[localId] = digest[0] == '0' ? $"1{digest[1..]}" : $"0{digest[1..]}";
        var different = await CompareAsync(client, file);
        different.ShouldContain("0 mangler i registeret, 0 er til overs der, og 1 er ulike.");
        Encoding.UTF8.GetString(Convert.FromBase64String(Between(different, ";base64,", "\""))).ShouldContain(
            $"\"Ulik\";\"{(string)file["months"]![0]!["month"]!}\"");

        var sums = file["months"]![0]!.AsObject();
        sums.Remove("records");
        sums["digest"] = "00a1b2c3d4e5f607";
        (await CompareAsync(client, file)).ShouldContain("1 av 1 måneder er ulike.");

        sums["records"] = new JsonObject();
        var extra = await CompareAsync(client, file);
        extra.ShouldContain("0 mangler i registeret, 1 er til overs der, og 0 er ulike.");
        extra.ShouldContain($">{localId}</th>");
        (await ActionsAsync()).ShouldContain("register.compare_records");

        await MergeAsync(DeletionOf(file["exampleMessage"]!, localId));
        (await ReadAsync(client, Page)).ShouldContain("Registeret har ingen poster fra dere i perioden.");
    }

    [Theory]
    [InlineData("ikke JSON", "Filen er ikke JSON på formen eksempelfilen har.")]
    [InlineData("{}", "Filen har ingen måneder.")]
    [InlineData("""{"months":[{"unit":"1","month":"januar"}]}""", "«month» som 2026-01. (months[0])")]
    [InlineData("""{"months":[{"unit":"1","month":"2026-01"}]}""", "skal ha «count» og «digest». (months[0])")]
    [InlineData(
        """{"months":[{"unit":"1","month":"2026-01","records":{"1":"00a1b2c3d4e5f60"}}]}""", "seksten heksadesimale")]
    [InlineData(
        """
        {"months":[{"unit":"1","month":"2026-01","records":{"1":"00a1b2c3d4e5f607"}},
          {"unit":"1","month":"2026-02","count":1,"digest":"00a1b2c3d4e5f607"}]}
        """,
        "Enten skal alle månedene ha «records», eller ingen.")]
    [InlineData(
        """
        {"months":[{"unit":"1","month":"2026-01","count":1,"digest":"00a1b2c3d4e5f607"},
          {"unit":"1","month":"2026-01","count":1,"digest":"00a1b2c3d4e5f607"}]}
        """,
        "Samme enhet og måned står to ganger.")]
    [InlineData("""{"messageType":"Tull","months":[]}""", "Filen gjelder en annen strøm")]
    [InlineData("", "Velg en fil.")]
    public async Task A_file_that_cannot_be_used_is_told_what_is_wrong_with(string file, string told)
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        (await CompareAsync(client, file)).ShouldContain(told);
    }

    [Fact]
    public async Task A_period_that_cannot_be_read_is_told_of()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        (await ReadAsync(client, $"{Page}?fra=2026-13")).ShouldContain("Skriv måneder som 2026-01");
        (await ReadAsync(client, $"{Page}?fra=2026-03&til=2026-01")).ShouldContain("Skriv måneder som 2026-01");
    }

    [Fact]
    public async Task A_year_in_XML_is_compared_as_other_feeds_are()
    {
        var year = site.Services.GetRequiredService<DefinitionCatalogue>().Find("NPR_ORD", "53.1.3")!;
        await SyntheticDay.ConfigureOwnAsync(site.Services, [Type, year], Cancellation);
        try
        {
            using var client = await site.ClientAsync(PortalSite.SenderId);
            const string page = $"{Page}?type=NPR_ORD%2F53.1.3%2FEpisode";
            (await ReadAsync(client, page)).ShouldContain("kilde compare sent/ --record Episode --key");
            var file = await ExampleAsync(client, page);
            ((string)file["exampleMessage"]!).ShouldStartWith("<?xml");
            var month = file["months"].ShouldBeOfType<JsonArray>().ShouldHaveSingleItem()!;
            ((string)month["month"]!).ShouldEndWith("-01");
            month["records"]!.AsObject().Add("2|9", "00a1b2c3d4e5f607 00a1b2c3d4e5f607");

            var missing = await CompareAsync(client, file.ToJsonString(), page);

            missing.ShouldContain("3 mangler i registeret, 0 er til overs der, og 0 er ulike.");
            missing.ShouldContain($">{((string)month["month"]!)[..4]}</td>");
        }
        finally
        {
            await SyntheticDay.ConfigureOwnAsync(site.Services, [Type], Cancellation);
        }
    }

    // More than what waits to be merged, which has come.
    private async Task LacksAreToldToStaffAsync(HttpClient sender, JsonNode file)
    {
        var more = file.DeepClone();
        for (var i = 0; i < 500; i++) more["months"]![0]!["records"]!.AsObject().Add($"ny-{i}", "00a1b2c3d4e5f607");
        (await CompareAsync(sender, more)).ShouldContain("501 mangler i registeret");
        using var staff = await site.ClientAsync(PortalSite.StaffId);
        (await ReadAsync(staff, "/oppfolging/kontakt?grunn=Silent"))
            .ShouldContain(" poster som avsender har, mangler i registeret");
        (await ReadAsync(staff, $"/avsendere/{SyntheticDay.OwnUnit}"))
            .ShouldContain(" poster som registeret ikke har;");
    }

    // Other tests compare other months of the same unit.
    private async Task<int> LackingAsync() =>
        (await site.Services.GetRequiredService<FindSilences>().FindAsync([SyntheticDay.OwnUnit], Cancellation))
        .Sum(silence => silence.Lacking);

    private static async Task<JsonNode> ExampleAsync(HttpClient client, string page = Page)
    {
        var link = Between(await ReadAsync(client, page), "href=\"/sammenlign/eksempel.json", "\"");
        var answer = await client.GetAsync($"/sammenlign/eksempel.json{link}", Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
    }

    private static Task<string> CompareAsync(HttpClient client, JsonNode file) =>
        CompareAsync(client, file.ToJsonString());

    private static async Task<string> CompareAsync(HttpClient client, string file, string page = Page)
    {
        var token = await AntiforgeryToken.OfAsync(client, page);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(token), "__RequestVerificationToken" },
            { new StringContent("compare"), "_handler" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(file)), "fil", "fil.json" },
        };
        var answer = await client.PostAsync(page, form, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private Task MergeAsync(JsonNode message) =>
        site.MergeAsync(Type, SyntheticDay.OwnUnit, message.ToJsonString());

    private JsonNode DeletionOf(JsonNode message, string localId)
    {
        var record = Type.RecordTypes[0];
        var deletion = message.DeepClone();
        deletion[0]!.AsObject().Remove(record.WireName);
        deletion[0]![record.DeletionWireName!]![0]![record.Key.WireName] = localId;
        return deletion;
    }

    private async Task<IEnumerable<string>> ActionsAsync()
    {
        var store = site.Services.GetServices<AuditStore>().First(log => log.Name == AuditStore.Register);
        return (await SearchLog.HandleAsync(
            store, new LogQuery(ActorId: PortalSite.SenderId, Limit: 500), Cancellation)).Select(row => row.Action);
    }

    private static async Task<string> ReadAsync(HttpClient client, string path) =>
        WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancellation));

    private static string Between(string text, string before, string after)
    {
        var rest = text[(text.IndexOf(before, StringComparison.Ordinal) + before.Length)..];
        return rest[..rest.IndexOf(after, StringComparison.Ordinal)];
    }
}
