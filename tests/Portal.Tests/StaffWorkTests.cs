using System.Net;
using Kilde.Intake.Overview;
using Kilde.Intake.Senders;
using Kilde.Platform.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>What is done with forms, as a browser without script sends them.</summary>
[Collection(nameof(PortalSite))]
public class StaffWorkTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unit_is_set_up_and_may_send_from_then_on()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);
        var token = await AntiforgeryToken.OfAsync(client, "/avsendere/ny");

        using var form = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", token), new("_handler", "sender"),
            new("enhet", SyntheticDay.NewUnit.ToString()), new("navn", "Lillevik helsestasjon"),
            new("virksomhet", ""), new("underenheter", ""), new("leverandorer", SyntheticDay.OwnUnit.ToString()),
            new("type", "HST_Konsultasjon"), new("fra", "2026-01-01"), new("til", ""),
        ]);
        var answer = await client.PostAsync("/avsendere/ny", form, Cancellation);

        answer.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe($"/avsendere/{SyntheticDay.NewUnit}?gjort=lagret");
        var known = await site.Services.GetRequiredService<SenderDirectory>()
            .FindAsync(SyntheticDay.NewUnit, Cancellation);
        known!.Name.ShouldBe("Lillevik helsestasjon");
        known.Obligations.ShouldHaveSingleItem().MessageType.ShouldBe("HST_Konsultasjon");
    }

    [Fact]
    public async Task The_list_shows_what_was_filtered_and_nothing_else()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);
        (string Field, string Value, string InEveryRow)[] filters =
        [
            ("tilstand", "satt-til-side", "Satt til side"), ("tilstand", "avvist", "Avvist"),
            ("enhet", $"{SyntheticDay.OwnUnit}", "Nordvika helsestasjon"),
            ("leverandor", $"{SyntheticDay.OtherVendor}", "Tind Helsesystem AS"),
        ];
        foreach (var (field, value, words) in filters)
        {
            var rows = await RowsAsync(client, field, value);
            rows.ShouldNotBeEmpty(field);
            rows.ShouldAllBe(row => row.Contains(words, StringComparison.Ordinal), field);
        }

        (await RowsAsync(client, "type", "NPR_ORD")).ShouldBeEmpty();
    }

    // As a browser without script sends the form: with the fields that are empty too.
    private static async Task<string[]> RowsAsync(HttpClient client, string field, string value)
    {
        string[] fields = ["tilstand", "type", "enhet", "leverandor"];
        var query = string.Join('&', fields.Select(each => $"{each}={(each == field ? value : "")}"));
        var html = await client.GetStringAsync($"/mottak?{query}", Cancellation);
        return html.Split("<tbody")[^1].Split("<tr role=\"row\"")[1..];
    }

    [Fact]
    public async Task A_form_with_mistakes_comes_back_with_what_was_typed_and_what_to_mend()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);
        var token = await AntiforgeryToken.OfAsync(client, "/avsendere/ny");

        using var form = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", token), new("_handler", "sender"), new("enhet", "123"),
            new("navn", "Bortenfor <helsestasjon>"),
        ]);
        var answer = await client.PostAsync("/avsendere/ny", form, Cancellation);

        var html = await answer.Content.ReadAsStringAsync(Cancellation);
        html.ShouldContain("Rett dette før oppsettet kan lagres");
        html.ShouldContain("href=\"#enhet\"");
        html.ShouldContain("Bortenfor &lt;helsestasjon&gt;");
    }

    [Fact]
    public async Task A_form_without_antiforgery_token_is_refused()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        using var form = new FormUrlEncodedContent([new("_handler", "replay")]);
        var answer = await client.PostAsync($"/mottak/{site.Day.SetAside}/behandle-paa-nytt", form, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Skjemaet ble ikke tatt imot");
    }

    [Fact]
    public async Task A_submission_set_aside_is_replayed_after_confirmation()
    {
        var id = site.Day.AlsoSetAside;
        using var client = await site.ClientAsync(PortalSite.StaffId);
        var path = $"/mottak/{id}/behandle-paa-nytt";
        var token = await AntiforgeryToken.OfAsync(client, path);

        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("_handler", "replay")]);
        var answer = await client.PostAsync(path, form, Cancellation);

        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("lagt tilbake på sin plass i køen");
        var submission = await site.Services.GetRequiredService<GetSubmission>().FindAsync(id, Cancellation);
        submission!.Summary.State.ShouldBe(SubmissionState.Accepted);
        submission.History.ShouldContain(happening => happening.Kind == "replayed");
    }

    [Fact]
    public async Task A_pasted_message_is_checked_and_leaves_nothing_behind()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);
        const string path = "/meldingstyper/HST_Konsultasjon/1/prov";
        var token = await AntiforgeryToken.OfAsync(client, path);
        var before = await CountAsync();

        using var form = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", token), new("_handler", "prov"),
            new("melding", """[{"orgNr":"123","konsultasjon":[{}]}]"""),
        ]);
        var html = await (await client.PostAsync(path, form, Cancellation)).Content.ReadAsStringAsync(Cancellation);

        html.ShouldContain("Meldingen ville blitt avvist");
        html.ShouldContain("/0/orgNr");
        (await CountAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("HST_Avtale/1", "json", "skjema.json", "$schema")]
    [InlineData("HST_Konsultasjon/1", "json", "skjema.json", "$schema")]
    [InlineData("Basismelding/1", "json", "skjema.json", "$schema")]
    [InlineData("NPR_ORD/53.1.3", "xml", "dokumentasjon.md", "`@episodeID`")]
    [InlineData("NPR_IDE/53.1.3", "xml", "dokumentasjon.md", "`@fid`")]
    [InlineData("NPR_KPP/58.0.1", "xml", "dokumentasjon.md", "`@uttakTidspunkt`")]
    [InlineData("KPR_IPLOS/3.7", "xml", "dokumentasjon.md", "`tjTimerUke`")]
    public async Task The_published_example_passes_the_published_checks(
        string type, string format, string description, string holds)
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);
        var example = await client.GetStringAsync($"/meldingstyper/{type}/eksempel.{format}", Cancellation);
        var token = await AntiforgeryToken.OfAsync(client, $"/meldingstyper/{type}/prov");

        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("_handler", "prov"), new("melding", example)]);
        var answer = await client.PostAsync($"/meldingstyper/{type}/prov", form, Cancellation);

        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Meldingen ville blitt tatt imot");
        (await client.GetStringAsync($"/meldingstyper/{type}/{description}", Cancellation)).ShouldContain(holds);
    }

    [Fact]
    public async Task A_message_too_large_for_the_box_is_told_where_to_go()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);
        const string path = "/meldingstyper/HST_Konsultasjon/1/prov";
        var token = await AntiforgeryToken.OfAsync(client, path);

        using var form = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", token), new("_handler", "prov"),
            new("melding", new string('x', 1_000_001)),
        ]);
        var html = await (await client.PostAsync(path, form, Cancellation)).Content.ReadAsStringAsync(Cancellation);

        html.ShouldContain("Meldingen er større enn");
        html.ShouldNotContain("xxxxxxxxxxxx");
    }

    [Fact]
    public async Task An_auditor_verifies_the_log_and_that_too_is_logged()
    {
        using var client = await site.ClientAsync(PortalSite.AuditorId);
        var token = await AntiforgeryToken.OfAsync(client, "/revisjon");

        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("_handler", "verify")]);
        var answer = await client.PostAsync("/revisjon", form, Cancellation);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);

        html.ShouldContain("Loggen er hel");
        html.ShouldContain("audit.verified");
    }

    [Fact]
    public async Task The_shell_speaks_the_language_that_was_chosen_and_marks_the_content_as_bokmaal()
    {
        using var client = await site.ClientAsync();

        var html = await client.GetStringAsync("/spraak/en?tilbake=/meldingstyper", Cancellation);

        html.ShouldContain("<html lang=\"en\"");
        html.ShouldContain("Message types");
        html.ShouldContain("lang=\"nb\"");
    }

    private async Task<long> CountAsync()
    {
        await using var count = site.Services.GetRequiredService<RegisterDatabase>().Source
            .CreateCommand("select count(*) from intake.submission");
        return (long)(await count.ExecuteScalarAsync(Cancellation))!;
    }
}
