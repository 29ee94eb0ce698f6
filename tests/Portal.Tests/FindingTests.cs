using System.Net;

namespace Kilde.Portal.Tests;

/// <summary>Findings, as those who mend them and those who follow them up see them.</summary>
[Collection(nameof(PortalSite))]
public class FindingTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sender_sees_its_own_findings_and_not_how_many_others_have()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var overview = await client.GetStringAsync("/funn", Cancellation);
        var check = await client.GetStringAsync($"/funn/kontroll/{SyntheticFindings.CheckId}", Cancellation);

        overview.ShouldContain("Mine funn");
        overview.ShouldNotContain("Avsendere</th>");
        check.ShouldContain("172,5 timer i uken. En uke har 168.");
        check.ShouldContain("TJ-7");
        check.ShouldNotContain(SyntheticFindings.OtherRecord);
        check.ShouldNotContain("Flytt en grense");
    }

    [Fact]
    public async Task A_finding_tells_the_change_that_would_mend_the_record()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var page = WebUtility.HtmlDecode(await client.GetStringAsync($"/funn/{site.Findings.Mendable}", Cancellation));

        page.ShouldContain("Et avslag har startdato.");
        page.ShouldContain(
            """[{"op":"test","path":"/tjenesteId","value":"T-9"},{"op":"remove","path":"/startDato"}]""");
    }

    [Fact]
    public async Task A_text_about_a_person_is_not_taken_as_an_explanation()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var answer = await PageForm.SendAsync(
            client, $"/funn/{site.Findings.Mendable}", "explain", new("arsak", "Other"),
            new("svartekst", "Gjelder 01810149732"));

        answer.ShouldContain("Skriv aldri noe om en person.");
        answer.ShouldContain("Forklar funnet");
    }

    [Fact]
    public async Task Anothers_finding_looks_as_if_it_were_not_there()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var page = await client.GetAsync($"/funn/{site.Findings.Other}", Cancellation);

        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_sender_explains_and_staff_accept()
    {
        var path = $"/funn/{site.Findings.Own}";
        using var sender = await site.ClientAsync(PortalSite.SenderId);

        var explained = await PageForm.SendAsync(
            sender, path, "explain", new("arsak", "WrongCoupling"), new("svartekst", "Koblet til feil tjeneste"));

        explained.ShouldContain("Koblet til feil tjeneste</span>");
        using var staff = await site.ClientAsync(PortalSite.StaffId);
        (await PageForm.SendAsync(staff, path, "accept", new KeyValuePair<string, string>("begrunnelse", "")))
            .ShouldContain("Skriv hvorfor");
        var accepted = await PageForm.SendAsync(
            staff, path, "accept", new KeyValuePair<string, string>("begrunnelse", "Kjent"));
        accepted.ShouldContain("Godtatt av registeret");
        (await PageForm.SendAsync(staff, path, "reopen")).ShouldContain("Åpnet på nytt");
    }

    [Fact]
    public async Task A_limit_outside_its_range_is_refused_with_what_it_may_be()
    {
        using var staff = await site.ClientAsync(PortalSite.StaffId);
        var path = $"/funn/kontroll/{SyntheticFindings.CheckId}";

        var answer = await PageForm.SendAsync(
            staff, path, "limit", new("grense", "hours"), new("verdi", "9"), new("grunn", "Nei"));

        answer.ShouldContain("Skriv et tall fra 80 til 1\u00a0000.");
        answer.ShouldContain("value=\"9\"");
        answer.ShouldContain("value=\"Nei\"");
    }

    [Fact]
    public async Task What_a_moved_limit_led_to_is_told_in_the_pages_own_words()
    {
        using var staff = await site.ClientAsync(PortalSite.StaffId);
        var path = $"/funn/kontroll/{SyntheticFindings.CheckId}?flyttet=";

        WebUtility.HtmlDecode(await staff.GetStringAsync(path + "3-2", Cancellation))
            .ShouldContain("3 nye funn, 2 trukket tilbake.");
        (await staff.GetStringAsync(path + "Ring+oss", Cancellation)).ShouldNotContain("Ring oss");
    }
}
