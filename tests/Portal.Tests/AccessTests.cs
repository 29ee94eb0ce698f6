using System.Net;
using Kilde.Audit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

[Collection(nameof(PortalSite))]
public class AccessTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Who opens what: f forbidden, o open.
    [Theory]
    [InlineData("/", "oooo")]
    [InlineData("/meldingstyper", "oooo")]
    [InlineData("/meldingstyper/HST_Konsultasjon/1", "oooo")]
    [InlineData("/meldingstyper/HST_Konsultasjon/1/prov", "ooof")]
    [InlineData("/meldingstyper/regler", "oooo")]
    [InlineData("/meldingstyper/regler/NPR-EPI-001", "oooo")]
    [InlineData("/mottak", "ooff")]
    [InlineData("/avsendere", "ooff")]
    [InlineData("/proving", "offf")]
    [InlineData("/avsendere/ny", "offf")]
    [InlineData("/tilbakemeldinger", "ooff")]
    [InlineData("/funn", "ooff")]
    [InlineData("/funn/kontroll/KPR-OMS-001", "ooff")]
    [InlineData("/tall", "ooff")]
    [InlineData("/innsending", "ooff")]
    [InlineData("/retur", "foff")]
    [InlineData("/sammenlign", "foff")]
    [InlineData("/oppfolging", "offf")]
    [InlineData("/leverandorer", "offf")]
    [InlineData("/leverandorer/fagsystem", "offf")]
    [InlineData("/oppfolging/kontakt", "offf")]
    [InlineData("/oppfolging/kontakt/{own}", "offf")]
    [InlineData("/oppfolging/landet", "offf")]
    [InlineData("/oppfolging/landet.csv", "offf")]
    [InlineData("/oppfolging/utboks", "offf")]
    [InlineData("/oppfolging/forbehold", "offf")]
    [InlineData("/oppfolging/reservasjoner", "offf")]
    [InlineData("/kvalitet", "ooff")]
    [InlineData("/kvalitet/Kpr/BASIS/2026.html", "ooff")]
    [InlineData("/revisjon", "ffof")]
    public async Task Each_role_opens_its_pages_and_no_others(string path, string staffSenderAuditorNobody)
    {
        string[] users = [PortalSite.StaffId, PortalSite.SenderId, PortalSite.AuditorId, PortalSite.NobodyId];
        for (var i = 0; i < users.Length; i++)
        {
            using var client = await site.ClientAsync(users[i]);

            var answer = await client.GetAsync(path.Replace("{own}", $"{SyntheticDay.OwnUnit}"), Cancellation);

            var expected = staffSenderAuditorNobody[i] == 'o' ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
            answer.StatusCode.ShouldBe(expected, $"{users[i]} at {path}");
            if (expected == HttpStatusCode.Forbidden)
                (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Du har ikke tilgang");
        }
    }

    [Theory]
    [InlineData("/mottak")]
    [InlineData("/avsendere")]
    [InlineData("/revisjon")]
    [InlineData("/meldingstyper/HST_Konsultasjon/1/prov")]
    public async Task A_visitor_is_asked_to_sign_in(string path)
    {
        using var client = await site.ClientAsync(followsRedirects: false);

        var answer = await client.GetAsync(path, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.PathAndQuery.ShouldStartWith("/logg-inn?tilbake=");
    }

    [Fact]
    public async Task A_form_sent_after_the_session_ended_tells_so()
    {
        using var client = await site.ClientAsync();

        using var form = new FormUrlEncodedContent([]);
        var answer = await client.PostAsync("/avsendere/ny", form, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Du er logget ut");
    }

    [Fact]
    public void Every_page_asks_for_something_or_says_that_it_is_open()
    {
        string[] open =
        [
            "/", "/meldingstyper", "/meldingstyper/{Name}/{Version}", "/meldingstyper/regler",
            "/meldingstyper/regler/{Id}", "/logg-inn/avbrutt",
        ];
        var pages = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.OfType<ComponentTypeMetadata>().Any())
            .ToList();

        pages.Count.ShouldBeGreaterThan(8);
        pages.ShouldAllBe(page => page.Metadata.OfType<IAuthorizeData>().Any());
        pages.Where(page => page.Metadata.OfType<IAllowAnonymous>().Any())
            .Select(page => "/" + page.RoutePattern.RawText!.TrimStart('/'))
            .ShouldBe(open, ignoreOrder: true);
    }

    [Fact]
    public async Task A_refused_page_stands_in_the_audit_log()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        await client.GetAsync("/avsendere/ny", Cancellation);

        (await RefusalsOfAsync(PortalSite.SenderId)).ShouldContain("/avsendere/ny");
    }

    [Fact]
    public async Task A_sender_sees_its_own_submissions_only()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var html = await client.GetStringAsync($"/mottak?enhet={SyntheticDay.OtherUnit}", Cancellation);

        html.ShouldContain("/mottak/");
        html.ShouldNotContain(site.Day.OtherSubmission.ToString());
        foreach (var own in SubmissionPaths(html))
            (await client.GetStringAsync(own, Cancellation)).ShouldContain("Nordvika helsestasjon");
    }

    [Fact]
    public async Task Anothers_submission_and_unit_look_as_if_they_were_not_there_and_the_attempt_is_audited()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var submission = await client.GetAsync($"/mottak/{site.Day.OtherSubmission}", Cancellation);
        var unit = await client.GetAsync($"/avsendere/{SyntheticDay.OtherUnit}", Cancellation);

        submission.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        unit.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await submission.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("Furuset");
        var refused = await RefusalsOfAsync(PortalSite.SenderId);
        refused.ShouldContain($"submission {site.Day.OtherSubmission}");
        refused.ShouldContain($"sender {SyntheticDay.OtherUnit}");
    }

    [Fact]
    public async Task The_menu_shows_what_the_role_may_open()
    {
        using var sender = await site.ClientAsync(PortalSite.SenderId);
        using var auditor = await site.ClientAsync(PortalSite.AuditorId);

        (await sender.GetStringAsync("/", Cancellation)).ShouldNotContain("href=\"/revisjon\"");
        var html = await auditor.GetStringAsync("/", Cancellation);
        html.ShouldContain("href=\"/revisjon\"");
        html.ShouldNotContain("href=\"/mottak\"");
    }

    private static IEnumerable<string> SubmissionPaths(string html) =>
        html.Split("href=\"").Skip(1).Select(part => part[..part.IndexOf('"', StringComparison.Ordinal)])
            .Where(path => path.StartsWith("/mottak/", StringComparison.Ordinal)).Distinct().Take(3);

    private async Task<IReadOnlyList<string>> RefusalsOfAsync(string user)
    {
        var store = site.Services.GetServices<AuditStore>().First(log => log.Name == AuditStore.Register);
        var rows = await SearchLog.HandleAsync(
            store, new LogQuery(ActorId: user, Action: "access.refused", Limit: 500), Cancellation);
        return [.. rows.Select(row => row.Subject)];
    }
}
