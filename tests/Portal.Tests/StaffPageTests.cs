using System.Net;
using System.Text.RegularExpressions;
using Kilde.Kernel;

namespace Kilde.Portal.Tests;

/// <summary>What staff pages tell, in the languages they tell it in.</summary>
[Collection(nameof(PortalSite))]
public class StaffPageTests(PortalSite site)
{
    private static readonly TimeSpan RegexMax = TimeSpan.FromSeconds(1);
    private static readonly int ThisYear = Norwegian.Day(TimeProvider.System.GetUtcNow()).Year;

    // In January what has just come is of last year.
    private static readonly int QuietYear = ThisYear - 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feed_that_is_quiet_is_told_of_wherever_senders_are_and_is_a_reason_to_call()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var senders = await ReadAsync(client, "/avsendere");
        var nation = await ReadAsync(client, $"/oppfolging/landet?aar={ThisYear}");
        var calls = await ReadAsync(client, "/oppfolging/kontakt?grunn=Silent");

        senders.ShouldContain("Stille mot vanlig");
        senders.ShouldContain("Mindre enn vanlig");
        nation.ShouldContain("Stille siden");
        nation.ShouldContain("Mindre enn vanlig siden");
        calls.ShouldContain($"/oppfolging/kontakt/{SyntheticDay.SilentUnit}\"");
        LinesOf(calls, ": ingenting kommer").ShouldBe(1);
        calls.ShouldContain($"/oppfolging/kontakt/{SyntheticDay.QuietUnit}\"");
        calls.ShouldContain(": 212 poster av 831 som var ventet");
        LinesOf(calls, " som var ventet").ShouldBe(1);
        (await ReadAsync(client, $"/oppfolging/kontakt/{SyntheticDay.SilentUnit}")).ShouldContain(": ingenting kommer");
    }

    // What a sender is known to lack, by what other tests have compared, has lines of its own.
    private static int LinesOf(string page, string words) => page.Split(words).Length - 1;

    [Fact]
    public async Task An_error_without_an_answer_is_a_reason_to_call_when_the_sender_has_had_its_time()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var calls = await ReadAsync(client, "/oppfolging/kontakt?grunn=Unexplained");

        // The sender's own finding is as new as the test.
        calls.ShouldContain("<caption>1 linje</caption>");
        calls.ShouldContain($"/oppfolging/kontakt/{SyntheticDay.OtherUnit}\"");
        calls.ShouldContain($"1 funn uten svar, flest av {SyntheticFindings.CheckId} (");
    }

    [Fact]
    public async Task The_year_that_is_chosen_is_shown_and_what_is_no_year_is_not()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        foreach (var (path, shown) in Years)
        {
            (await ReadAsync(client, $"{path}{QuietYear}")).ShouldContain(string.Format(shown, QuietYear));
            (await ReadAsync(client, $"{path}98765"))
                .ShouldNotContain(string.Format(shown, 98765), customMessage: path);
        }
    }

    [Fact]
    public async Task Every_page_speaks_nynorsk_and_english_too()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        foreach (var (path, nynorsk, english) in Spoken)
        {
            (await InAsync(client, "nn", path)).ShouldContain(nynorsk, customMessage: path);
            (await InAsync(client, "en", path)).ShouldContain(english, customMessage: path);
        }
    }

    [Theory]
    [InlineData("/innsending?enhet=")]
    [InlineData("/tall?enhet=")]
    [InlineData("/oppfolging/kontakt/")]
    public async Task A_page_of_one_unit_names_it_and_one_of_no_unit_is_not_there(string path)
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);
        var unit = await ReadAsync(client, $"/avsendere/{SyntheticDay.OtherUnit}");
        var name = Regex.Match(unit, "<h1[^>]*>(?<name>[^<]+)</h1>", RegexOptions.None, RegexMax).Groups["name"].Value;

        (await ReadAsync(client, path + SyntheticDay.OtherUnit)).ShouldContain(name);

        foreach (var none in (string[])["974760673", "12"])
            (await client.GetAsync(path + none, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound, none);
    }

    [Fact]
    public async Task What_stands_first_under_follow_up_is_marked_in_its_menu()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        (await ReadAsync(client, "/oppfolging")).ShouldContain("aria-current=\"page\">Kalender</a>");
    }

    [Fact]
    public async Task The_log_tells_what_was_done_in_words_beside_the_code_and_to_the_second()
    {
        using var client = await site.ClientAsync(PortalSite.AuditorId);

        var html = await ReadAsync(client, "/revisjon?handling=signin.completed");

        html.ShouldContain("Logget inn");
        html.ShouldContain("<code class=\"kilde-keep\">signin.completed</code>");
        html.ShouldMatch(@">\d\d\.\d\d\.\d{4} kl\.\u00a0\d\d\.\d\d\.\d\d</time>");
        html.ShouldContain("<option value=\"identity.reveal\">Hentet identiteter i klartekst</option>");
    }

    private static readonly (string Path, string Shown)[] Years =
    [
        ("/oppfolging/kalender?aar=", "aria-current=\"true\" href=\"/oppfolging/kalender?aar={0}\""),
        ("/oppfolging/landet?aar=", "<option value=\"{0}\" selected"),
        ("/oppfolging/par?aar=", "Ingen filer for {0} ennå."),
        (VendorTests.Product + "&aar=", "Det er ingen poster fra {0} hos dem som bruker fagsystemet."),
        ("/kvalitet?omrade=Kpr-HST&ar=", "href=\"/kvalitet/Kpr/HST/{0}.html\""),
    ];

    private static readonly (string Path, string Nynorsk, string English)[] Spoken =
    [
        ("/oppfolging/landet", "Einingar etter fylke", "Units by county"),
        ("/oppfolging/kontakt?grunn=Silent", ": ingenting kjem", ": nothing comes"),
        ("/oppfolging/kontakt?grunn=Unexplained", "1 funn utan svar", "1 finding without an answer"),
        ("/oppfolging/kalender", "Kva som skal kome når", "Reporting calendar"),
        ("/oppfolging/sene", "Seine avsendarar", "Late senders"),
        ("/oppfolging/par", "blir sende kvar for seg", "Pairs of activity and identity"),
        ("/oppfolging/feil", "Oftast brotne", "Most often broken"),
        ("/oppfolging/utboks", "Det som treng eit blikk", "What needs a look"),
        ("/kvalitet?omrade=Kpr-HST&ar=2026", "Kor komplette dataa er", "How complete the data are"),
        ("/leverandorer", "Fagsystem, dei mest brukte", "EHR systems, the most used"),
        (VendorTests.Product, "Kven som bruker det", "Who uses it"),
        ("/proving", "kva ho svarte", "what it answered"),
    ];

    private static Task<string> InAsync(HttpClient client, string language, string path) =>
        ReadAsync(client, $"/spraak/{language}?tilbake={Uri.EscapeDataString(path)}");

    private static async Task<string> ReadAsync(HttpClient client, string path) =>
        WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancellation));
}
