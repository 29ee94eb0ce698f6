using System.Net;
using System.Text.RegularExpressions;
using Kilde.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>What staff write of a unit's year, and where those who read its figures see it (F59).</summary>
[Collection(nameof(PortalSite))]
public class CaveatTests(PortalSite site)
{
    private const string Page = "/oppfolging/forbehold";

    private static readonly TimeSpan RegexMax = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caveat_is_shown_where_the_units_figures_are_and_nowhere_else_until_it_is_withdrawn()
    {
        const string reason = "Trygghetsalarmer uten vedtak er ikke meldt";
        using var staff = await site.ClientAsync(PortalSite.StaffId);
        using var sender = await site.ClientAsync(PortalSite.SenderId);
        using var other = await site.ClientAsync(PortalSite.OtherSenderId);

        var saved = await AddAsync(staff, $"{SyntheticDay.OwnUnit}", $"{SyntheticFigures.Year}", "Noted", reason);

        saved.ShouldContain("Forbeholdet er lagret.");
        saved.ShouldContain(reason);
        (await ReadAsync(sender, $"/tall?aar={SyntheticFigures.Year}")).ShouldContain(reason);
        (await ReadAsync(sender, $"/kvalitet?omrade=Kpr-BASIS&ar={SyntheticFigures.Year}")).ShouldContain(reason);
        (await ReadAsync(sender, $"/kvalitet/Kpr/BASIS/{SyntheticFigures.Year}.html")).ShouldContain(reason);
        (await ReadAsync(other, "/tall")).ShouldNotContain(reason);
        (await ReadAsync(other, $"/kvalitet?omrade=Kpr-HST&ar={SyntheticFigures.Year}")).ShouldNotContain(reason);

        var id = IdIn(saved);
        (await PostAsync(staff, $"undo-{id}", [new($"hvorfor-{id}", " ")])).ShouldContain("Skriv hvorfor");
        var withdrawn = await PostAsync(staff, $"undo-{id}", [new($"hvorfor-{id}", "Kom i ny fil")]);
        withdrawn.ShouldContain("Forbeholdet er opphevet.");
        withdrawn.ShouldContain("«Kom i ny fil»");
        (await ReadAsync(sender, $"/tall?aar={SyntheticFigures.Year}")).ShouldNotContain(reason);
        (await ActionsAsync()).ShouldBe(["caveat.noted", "caveat.undone"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_year_that_is_being_handed_in_tells_its_caveats()
    {
        const string reason = "Mangler om lag 500 personer med bolig";
        using var staff = await site.ClientAsync(PortalSite.StaffId);
        using var sender = await site.ClientAsync(PortalSite.SenderId);
        var year = Regex.Match(
            await ReadAsync(sender, "/innsending"), "Innsending for (?<year>[0-9]{4})", RegexOptions.ExplicitCapture,
            RegexMax).Groups["year"].Value;

        var id = IdIn(await AddAsync(staff, $"{SyntheticDay.OwnUnit}", year, "Noted", reason));

        (await ReadAsync(sender, $"/innsending?aar={year}")).ShouldContain(reason);
        (await ReadAsync(staff, $"/innsending?aar={year}&enhet={SyntheticDay.OwnUnit}")).ShouldContain(reason);
        await PostAsync(staff, $"undo-{id}", [new($"hvorfor-{id}", "Ferdig")]);
    }

    [Theory]
    [InlineData("12", "2022", "Mangler", "Skriv et kommunenummer")]
    [InlineData("1103", "1066", "Mangler", "Skriv et år")]
    [InlineData("1103", "2022", "Gjelder 41819099934", "ikke noe personnummer")]
    public async Task What_is_wrong_is_told_beside_what_was_typed(
        string unit, string year, string reason, string told)
    {
        using var staff = await site.ClientAsync(PortalSite.StaffId);

        var html = await AddAsync(staff, unit, year, "Noted", reason);

        html.ShouldContain("Rett dette før forbeholdet kan lagres.");
        html.ShouldContain(told);
        html.ShouldContain($"value=\"{unit}\"");
    }

    [Fact]
    public async Task A_year_is_counted_as_the_year_before_once()
    {
        using var staff = await site.ClientAsync(PortalSite.StaffId);

        (await AddAsync(staff, "0122", "2019", "Imputed", "Leverte ikke")).ShouldContain("Tall fra året før");
        (await AddAsync(staff, "0122", "2019", "Imputed", "Leverte ikke")).ShouldContain("Året blir alt regnet");
    }

    // Of the first there is: the newest data year.
    private static string IdIn(string html) => Regex.Match(
        html, "undo-(?<id>[0-9a-f-]{36})", RegexOptions.ExplicitCapture, RegexMax).Groups["id"].Value;

    private static Task<string> AddAsync(HttpClient client, string unit, string year, string kind, string reason) =>
        PostAsync(client, "add", [new("enhet", unit), new("aar", year), new("slag", kind), new("grunn", reason)]);

    private static async Task<string> ReadAsync(HttpClient client, string path) =>
        WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancellation));

    private static Task<string> PostAsync(
        HttpClient client, string handler, IEnumerable<KeyValuePair<string, string>> fields) =>
        PageForm.SendAsync(client, Page, handler, fields);

    private async Task<IEnumerable<string>> ActionsAsync()
    {
        var store = site.Services.GetServices<AuditStore>().First(log => log.Name == AuditStore.Register);
        var rows = await SearchLog.HandleAsync(
            store, new LogQuery(ActorId: PortalSite.StaffId, Limit: 500), Cancellation);
        return rows.Where(row => row.Action.StartsWith("caveat.", StringComparison.Ordinal)
            && row.Subject == $"{SyntheticDay.OwnUnit} {SyntheticFigures.Year}").Select(row => row.Action);
    }
}
