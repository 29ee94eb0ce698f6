using System.Net;
using System.Text.RegularExpressions;
using Kilde.Audit;
using Kilde.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

[Collection(nameof(PortalSite))]
public class SignOffTests(PortalSite site)
{
    private static readonly TimeSpan RegexMax = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sender_signs_its_year_and_takes_it_back_with_a_reason()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);
        (await client.GetStringAsync("/innsending", Cancellation)).ShouldContain("Året er ikke signert.");

        (await PostAsync(client, "sign", Field("merknad", "Ernæring mangler i desember")))
            .ShouldContain("Året er signert.");
        (await PostAsync(client, "withdraw", Field("hvorfor", " ")))
            .ShouldContain("Skriv hvorfor");
        var back = await PostAsync(client, "withdraw", Field("hvorfor", "Feil uttrekk"));

        back.ShouldContain("Året er ikke signert.");
        back.ShouldContain("«Ernæring mangler i desember»");
        back.ShouldContain("Trukket tilbake av Sander Sendersen");
        (await ActionsAsync()).ShouldBe(["year.withdrawn", "year.signed"], ignoreOrder: true);
    }

    [Fact]
    public async Task Staff_look_and_do_not_sign()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = await client.GetStringAsync($"/innsending?enhet={SyntheticDay.OwnUnit}", Cancellation);

        html.ShouldContain("Sjekkliste før innsending");
        html.ShouldNotContain("name=\"merknad\"");
    }

    [Fact]
    public async Task Who_signs_a_year_that_is_not_over_is_told_so()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);
        var html = WebUtility.HtmlDecode(await client.GetStringAsync("/innsending", Cancellation));
        var year = int.Parse(
            Regex.Match(html, "Innsending for (?<year>[0-9]{4})", RegexOptions.None, RegexMax).Groups["year"].Value,
            provider: null);

        html.Contains("Året er ikke over.", StringComparison.Ordinal)
            .ShouldBe(year >= Norwegian.Day(TimeProvider.System.GetUtcNow()).Year);
    }

    private async Task<IEnumerable<string>> ActionsAsync()
    {
        var store = site.Services.GetServices<AuditStore>().First(log => log.Name == AuditStore.Register);
        var rows = await SearchLog.HandleAsync(
            store, new LogQuery(ActorId: PortalSite.SenderId, Limit: 500), Cancellation);
        return rows.Select(row => row.Action).Where(action => action.StartsWith("year.", StringComparison.Ordinal));
    }

    private static KeyValuePair<string, string> Field(string name, string value) => new(name, value);

    private static Task<string> PostAsync(
        HttpClient client, string handler, params IEnumerable<KeyValuePair<string, string>> fields) =>
        PageForm.SendAsync(client, "/innsending", handler, fields);
}
