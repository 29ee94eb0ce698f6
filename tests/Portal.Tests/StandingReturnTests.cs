using System.Net;
using System.Text.RegularExpressions;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Returning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Kilde.Portal.Tests;

/// <summary>A sender orders its own data every month, fetches what lies ready, and stops it (R8.01).</summary>
[Collection(nameof(PortalSite))]
public class StandingReturnTests(PortalSite site, Chromium chromium)
{
    private const string Page = "/retur";
    private const string Email = "fagsystem@nordvika.example";

    private static readonly TimeSpan RegexMax = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_standing_return_is_ordered_made_fetched_and_stopped_and_is_nobody_elses()
    {
        using var sender = await site.ClientAsync(PortalSite.SenderId);
        using var other = await site.ClientAsync(PortalSite.OtherSenderId);
        (await ReadAsync(sender)).ShouldContain("Dere har ingen fast retur.");
        var area = Match(await ReadAsync(sender), "<option value=\"(?<found>Npr-[A-Z]+)\"");

        var ordered = await PostAsync(sender, "order", new("omrade", area), new("aar", "2025"), new("epost", Email));

        ordered.ShouldContain("Den faste returen er bestilt.");
        ordered.ShouldContain("Ingen pakke ennå");
        ordered.ShouldNotContain(Email);
        ordered.ShouldNotContain($"<option value=\"{area}\"");
        var make = ActivatorUtilities.CreateInstance<MakeReturns>(site.Services);
        while (await make.StepAsync(Cancellation))
        {
        }

        var page = await chromium.TabAsync(site, PortalSite.SenderId);
        await page.GotoAsync(Page);
        (await page.ViolationsAsync()).ShouldBeEmpty();
        var ready = await ReadAsync(sender);
        ready.ShouldContain("Ligger her til");
        var package = Match(ready, "name=\"pakke\" value=\"(?<found>[0-9a-f-]{36})\"");
        (await ReadAsync(other)).ShouldContain("Dere har ingen fast retur.");
        (await FetchAsync(other, package)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await FetchAsync(sender, "0")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var fetched = await FetchAsync(sender, package);
        fetched.StatusCode.ShouldBe(HttpStatusCode.OK);
        var today = Norwegian.Day(site.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        fetched.Content.Headers.ContentDisposition!.FileName.ShouldBe(
            $"retur-{SyntheticDay.OwnUnit}-{area[4..].ToLowerInvariant()}-{today:yyyy-MM-dd}.jsonl");
        (await ReadAsync(sender)).ShouldContain("Hentet. Ligger her til");

        var id = Match(ready, "withdraw-(?<found>[0-9a-f-]{36})");
        await SaysThatItRestsAndIsResumedAsync(sender, page, id);
        var stopped = await PostAsync(sender, $"withdraw-{id}");
        stopped.ShouldContain("Den faste returen er stanset.");
        stopped.ShouldContain("Ingen flere");
        (await ActionsAsync(PortalSite.SenderId)).ShouldBe(
            ["return.withdrawn", "return.resumed", "return.fetched", "return.ordered"], ignoreOrder: true);
        (await ActionsAsync(PortalSite.OtherSenderId)).ShouldBeEmpty();
        await IsToldWhenItMayOrderAgainAsync(sender, area);
    }

    [Fact]
    public async Task What_is_wrong_is_told_beside_what_was_typed()
    {
        using var sender = await site.ClientAsync(PortalSite.SenderId);

        var html = await PostAsync(
            sender, "order", new("omrade", "Npr-FINNESIKKE"), new("aar", "1066"), new("epost", "ikke en adresse"));

        html.ShouldContain("Rett dette før den faste returen kan bestilles.");
        html.ShouldContain("Velg et område.");
        html.ShouldContain("Skriv et år fra 1980 til 2099, eller ingenting.");
        html.ShouldContain("Skriv én e-postadresse.");
        html.ShouldContain("value=\"1066\"");
        html.ShouldContain("value=\"ikke en adresse\"");
    }

    [Fact]
    public async Task A_package_is_not_given_without_a_form_of_the_page()
    {
        using var sender = await site.ClientAsync(PortalSite.SenderId);
        using var form = new FormUrlEncodedContent([new("pakke", $"{Guid.CreateVersion7()}")]);

        var answer = await sender.PostAsync("/retur/pakke", form, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task SaysThatItRestsAndIsResumedAsync(HttpClient sender, IPage page, string id)
    {
        await using (var rest = site.Services.GetRequiredService<RegisterDatabase>().Source.CreateCommand(
            "update quality.standing_return set rested_at = '2026-05-01T08:00Z' where standing_return_id = $1"))
        {
            rest.Parameters.AddWithValue(Guid.Parse(id));
            await rest.ExecuteNonQueryAsync(Cancellation);
        }

        await page.GotoAsync(Page);
        (await page.ViolationsAsync()).ShouldBeEmpty();
        (await ReadAsync(sender)).ShouldContain("Hviler siden 01.05.2026: de to siste pakkene ble ikke hentet.");
        var resumed = await PostAsync(sender, $"resume-{id}");
        resumed.ShouldContain("Den faste returen er gjenopptatt.");
        resumed.ShouldNotContain("Hviler siden");
    }

    // It has ordered the area once.
    private static async Task IsToldWhenItMayOrderAgainAsync(HttpClient sender, string area)
    {
        for (var order = 1; order < OrderReturn.OrdersMax; order++)
        {
            var ordered = await OrderAsync();
            ordered.ShouldContain("Den faste returen er bestilt.");
            await PostAsync(sender, $"withdraw-{Match(ordered, "withdraw-(?<found>[0-9a-f-]{36})")}");
        }

        (await OrderAsync()).ShouldMatch(
            @"Dere har bestilt området 3 ganger det siste døgnet\. Det kan bestilles igjen \d.*\d\.<");

        Task<string> OrderAsync() =>
            PostAsync(sender, "order", new("omrade", area), new("aar", ""), new("epost", Email));
    }

    private static string Match(string html, string pattern) =>
        Regex.Match(html, pattern, RegexOptions.ExplicitCapture, RegexMax).Groups["found"].Value;

    private static async Task<string> ReadAsync(HttpClient client) =>
        WebUtility.HtmlDecode(await client.GetStringAsync(Page, Cancellation));

    private static async Task<HttpResponseMessage> FetchAsync(HttpClient client, string package)
    {
        var token = await AntiforgeryToken.OfAsync(client, Page);
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("pakke", package)]);
        return await client.PostAsync("/retur/pakke", form, Cancellation);
    }

    private static Task<string> PostAsync(
        HttpClient client, string handler, params IEnumerable<KeyValuePair<string, string>> fields) =>
        PageForm.SendAsync(client, Page, handler, fields);

    private async Task<IEnumerable<string>> ActionsAsync(string user)
    {
        var store = site.Services.GetServices<AuditStore>().First(log => log.Name == AuditStore.Register);
        var rows = await SearchLog.HandleAsync(store, new LogQuery(ActorId: user, Limit: 500), Cancellation);
        return rows.Select(row => row.Action).Where(action => action.StartsWith("return.", StringComparison.Ordinal));
    }
}
