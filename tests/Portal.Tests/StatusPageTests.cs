using System.Net;

namespace Kilde.Portal.Tests;

[Collection(nameof(PortalSite))]
public class StatusPageTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_address_gets_a_page_that_leads_on()
    {
        using var client = await site.ClientAsync();

        var answer = await client.GetAsync("/finnes/ikke", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);
        html.ShouldContain("Fant ikke siden");
        html.ShouldContain("href=\"/\"");
    }

    [Fact]
    public async Task A_fault_of_ours_tells_a_correlation_id_and_nothing_about_the_fault()
    {
        using var client = await site.ClientAsync();

        var answer = await client.GetAsync("/feiler", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);
        html.ShouldContain("Noe gikk galt");
        html.ShouldContain(answer.Headers.GetValues("X-Correlation-ID").Single());
        html.ShouldNotContain("on purpose");
    }

    [Fact]
    public async Task A_client_that_does_not_read_pages_gets_no_page()
    {
        using var client = await site.ClientAsync();
        client.DefaultRequestHeaders.Accept.Clear();

        var answer = await client.GetAsync("/finnes/ikke", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_answer_forbids_inline_script_framing_and_guessing()
    {
        using var client = await site.ClientAsync();

        foreach (var path in (string[])["/", "/meldingstyper", "/finnes/ikke", "/feiler"])
        {
            var headers = (await client.GetAsync(path, Cancellation)).Headers;

            var policy = headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'", customMessage: path);
            policy.ShouldContain("frame-ancestors 'none'", customMessage: path);
            policy.ShouldNotContain("unsafe", customMessage: path);
            headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff", path);
            headers.CacheControl!.NoStore.ShouldBeTrue(path);
        }
    }
}
