using System.Net;
using Kilde.Intake.Overview;
using Kilde.Portal.Senders;
using Kilde.Portal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kilde.Portal.Tests;

/// <summary>What submissions, senders, message types and the log tell, as a browser without script gets it.</summary>
[Collection(nameof(PortalSite))]
public class FoundationPageTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_of_the_intake_tells_state_sender_system_type_counts_and_age()
    {
        var html = await ReadAsync(PortalSite.StaffId, "/mottak?leverandor=" + SyntheticDay.OwnVendor);

        Headings(html).ShouldBe(
            ["Mottatt", "Tilstand", "Avsender", "Fagsystem", "Type", "Poster", "Funn", "Uttrekk"]);
        var row = html.Split("<tr role=\"row\"")[^1];
        string[] told =
        [
            "I registeret", "Nordvika helsestasjon", "Fjord Helsestasjon", "8.2.1", "Fjordjournal AS", " siden",
        ];
        foreach (var words in told) row.ShouldContain(words);
    }

    [Fact]
    public async Task A_submission_tells_its_errors_the_time_of_each_step_and_its_history()
    {
        var rejected = await ReadAsync(PortalSite.StaffId, $"/mottak/{site.Day.Rejected}");
        var taken = await ReadAsync(PortalSite.StaffId, $"/mottak/{site.Day.OwnSubmission}");

        rejected.ShouldContain("2008");
        rejected.ShouldContain("/0/konsultasjon/3/startDato");
        rejected.ShouldContain("Feltet mangler. Oppgi når konsultasjonen begynte.");
        foreach (var html in (string[])[rejected, taken])
        {
            After(html, "Historikk").ShouldContain("<time");
            After(html, "Tid per trinn").ShouldContain("Dekryptering");
        }

        After(taken, "Tid per trinn").ShouldMatch(@"Dekryptering</th>\s*<td[^>]*>1,24?");
    }

    [Fact]
    public async Task A_submission_that_a_newer_extraction_has_overtaken_says_so_to_its_sender()
    {
        var overtaken = await ReadAsync(PortalSite.SenderId, $"/mottak/{site.Day.Overtaken}");
        var other = await ReadAsync(PortalSite.SenderId, $"/mottak/{site.Day.OwnSubmission}");

        overtaken.ShouldContain("Et nyere uttrekk gjelder fortsatt");
        overtaken.ShouldContain("2019, av 2019-05-03");
        overtaken.ShouldContain("/meldingstyper/regler/INN-015");
        other.ShouldNotContain("Et nyere uttrekk");
    }

    [Fact]
    public async Task Senders_tell_units_vendors_what_is_owed_and_silence()
    {
        var list = await ReadAsync(PortalSite.StaffId, "/avsendere");
        var sender = await ReadAsync(PortalSite.StaffId, $"/avsendere/{SyntheticDay.SilentUnit}");

        Headings(list).ShouldBe(["Enhet", "Leverandører", "Skal sende", "Sist mottatt", "Stille i"]);
        var row = list.Split("<tr role=\"row\"").Single(one => one.Contains("Strandeby helsestasjon"));
        row.ShouldContain(Texts.In("nb").Of(SyntheticDay.OtherVendor));
        row.ShouldContain("Stille mot vanlig");
        After(sender, "Skal sende").ShouldContain("Stille mot vanlig");
    }

    [Fact]
    public async Task Holes_repeats_and_days_out_of_order_are_told_in_words()
    {
        var first = new DateOnly(2026, 3, 2);
        var series = new Series(
            SyntheticDay.OwnUnit, "HST_Avtale", RhythmDays: 1,
            [
                new(first, 1, 4, 0, CameLate: false, IsHole: false),
                new(first.AddDays(1), 0, 0, 0, CameLate: false, IsHole: true),
                new(first.AddDays(2), 1, 7, 2, CameLate: true, IsHole: false),
            ]);
        await using var renderer = new HtmlRenderer(site.Services, NullLoggerFactory.Instance);

        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<SeriesView>(
            ParameterView.FromDictionary(new Dictionary<string, object?> { ["Series"] = series }))).ToHtmlString());

        var told = WebUtility.HtmlDecode(html).Split("kilde-list")[^1];
        told.ShouldContain("hull, ventet innsending mangler");
        told.ShouldContain("7 poster, kom etter en senere dag, samme innhold 2 ganger til");
        told.ShouldNotContain("4 poster");
    }

    [Fact]
    public async Task A_message_type_tells_each_fields_kind_of_information_and_why_it_is_asked_for()
    {
        var html = await ReadAsync(user: null, "/meldingstyper/HST_Konsultasjon/1");

        var row = html.Split("<tr role=\"row\"").Single(one => one.Contains("<code>ammeStatus</code>"));
        var field = site.Services.GetRequiredService<Kilde.Definitions.DefinitionCatalogue>()
            .Find("HST_Konsultasjon", "1")!.RecordTypes[0].Fields.Single(one => one.WireName == "ammeStatus");
        row.ShouldContain($"{field.InformationType}".ToLowerInvariant());
        row.ShouldContain(field.Justification!);
        foreach (var file in (string[])["skjema.json", "eksempel.json", "prov"])
            html.ShouldContain($"href=\"/meldingstyper/HST_Konsultasjon/1/{file}\"");
    }

    [Theory]
    [InlineData("handling=signin.completed", "<code class=\"kilde-keep\">signin.completed</code>")]
    [InlineData("hvem=revisor", ">revisor</a>")]
    public async Task The_log_shows_what_was_searched_for_and_nothing_else(string search, string inEveryRow)
    {
        var html = await ReadAsync(PortalSite.AuditorId, "/revisjon?" + search);

        var rows = html.Split("<tbody role=\"rowgroup\">")[^1].Split("<tr role=\"row\"")[1..];
        rows.ShouldNotBeEmpty();
        rows.ShouldAllBe(row => row.Contains(inEveryRow, StringComparison.Ordinal));
    }

    private static string[] Headings(string html) =>
    [
        .. html.Split("<th scope=\"col\"")[1..].Select(cell => cell[(cell.IndexOf('>') + 1)..cell.IndexOf('<')]),
    ];

    private static string After(string html, string heading) => html.Split($">{heading}</h2>")[1];

    private async Task<string> ReadAsync(string? user, string path)
    {
        using var client = await site.ClientAsync(user);
        return WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancellation));
    }
}
