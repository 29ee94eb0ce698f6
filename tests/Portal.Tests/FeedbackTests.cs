using System.Net;
using Kilde.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

[Collection(nameof(PortalSite))]
public class FeedbackTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sender_sees_its_own_feedback_and_deadlines_whatever_it_asks_for()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var html = await client.GetStringAsync($"/tilbakemeldinger?enhet={SyntheticDay.OtherUnit}", Cancellation);

        html.ShouldContain($"/tilbakemeldinger/{site.Feedback.Own}");
        html.ShouldContain("Kan ikke leveres");
        html.ShouldNotContain(site.Feedback.Other.ToString());
        html.ShouldNotContain("Furuset");
    }

    [Fact]
    public async Task What_reaches_some_of_its_recipients_says_that_it_does_not_reach_the_others()
    {
        using var sender = await site.ClientAsync(PortalSite.SenderId);
        using var staff = await site.ClientAsync(PortalSite.StaffId);

        var own = WebUtility.HtmlDecode(await sender.GetStringAsync("/tilbakemeldinger", Cancellation));
        var undelivered = WebUtility.HtmlDecode(
            await staff.GetStringAsync("/tilbakemeldinger?vis=ikke-levert", Cancellation));

        // Its activity is for the contact of somatic care, and none is named.
        own.ShouldContain("Når ikke 1 mottaker<");
        undelivered.ShouldContain("Når ikke 1 mottaker<");
    }

    [Fact]
    public async Task Anothers_feedback_looks_as_if_it_were_not_there_and_the_attempts_are_audited()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var page = await client.GetAsync($"/tilbakemeldinger/{site.Feedback.Other}", Cancellation);
        var file = await client.GetAsync($"/tilbakemeldinger/{site.Feedback.Other}/fil", Cancellation);

        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        file.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ActionsAsync(PortalSite.SenderId, "access.refused")).Count(subject =>
            subject == $"feedback {site.Feedback.Other}").ShouldBe(2);
    }

    [Fact]
    public async Task A_report_is_saved_as_a_file_and_its_history_says_that_it_was_opened()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var answer = await client.GetAsync($"/tilbakemeldinger/{site.Feedback.Own}/fil", Cancellation);
        var page = await client.GetStringAsync($"/tilbakemeldinger/{site.Feedback.Own}", Cancellation);

        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("ORD-014");
        page.ShouldContain("Åpnet i portalen");
        (await ActionsAsync(PortalSite.SenderId, "feedback.opened")).ShouldContain(site.Feedback.Own.ToString());
    }

    [Theory]
    [InlineData("/oppfolging/kalender", "Helseforetak og private sykehus")]
    [InlineData("/oppfolging/kalender", "Det er kommet filer for")]
    [InlineData("/oppfolging/kalender?aar=2019", "Ingen avsendere har plikt til å sende")]
    [InlineData("/oppfolging/sene", "Furuset kommune")]
    [InlineData("/oppfolging/par", "par mangler en halvdel")]
    [InlineData("/oppfolging/feil", "Fjord Sykehus 8.2.1")]
    [InlineData("/oppfolging/feil", "href=\"/meldingstyper/regler/NPR-EPI-004\"")]
    [InlineData("/oppfolging/feil", "<code>ORD-014</code>")]
    [InlineData("/oppfolging/utboks", "har ikke et norsk mobilnummer")]
    public async Task Staff_follow_up(string path, string words)
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = await client.GetStringAsync(path, Cancellation);

        html.ShouldContain(words);
    }

    [Fact]
    public async Task The_calendar_names_who_is_outstanding()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = await client.GetStringAsync("/oppfolging/kalender", Cancellation);

        html.ShouldContain($"<a class=\"ds-link\" href=\"/avsendere/{SyntheticDay.OtherUnit}\">Furuset kommune</a>");
        html.ShouldContain("Ingen avsendere har plikt til å sende etter denne kalenderen");
    }

    [Fact]
    public async Task The_outbox_names_contact_types_and_no_addresses()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = await client.GetStringAsync("/oppfolging/utboks", Cancellation);

        var outbox = html[..html.IndexOf("Brev uten mottaker", StringComparison.Ordinal)];
        outbox.ShouldContain("1 Teknisk produksjon");
        foreach (var secret in (string[])["nordvika.example", "fjordjournal.example", "91234567", "22334455"])
            outbox.ShouldNotContain(secret);
    }

    [Fact]
    public async Task Letters_are_shown_in_a_test_environment_and_reading_them_is_audited()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = await client.GetStringAsync("/oppfolging/utboks", Cancellation);

        html.ShouldContain("Kilde: Passordet for tilbakemeldinger");
        (await ActionsAsync(PortalSite.StaffId, "letters.read")).ShouldContain("outbox");
    }

    private async Task<IReadOnlyList<string>> ActionsAsync(string user, string action)
    {
        var store = site.Services.GetServices<AuditStore>().First(log => log.Name == AuditStore.Register);
        var rows = await SearchLog.HandleAsync(
            store, new LogQuery(ActorId: user, Action: action, Limit: 500), Cancellation);
        return [.. rows.Select(row => row.Subject)];
    }
}
