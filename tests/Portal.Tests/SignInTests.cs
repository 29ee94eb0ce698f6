using System.Net;
using System.Web;
using Kilde.Audit;
using Kilde.Platform;
using Kilde.Platform.SignIn;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kilde.Portal.Tests;

[Collection(nameof(PortalSite))]
public class SignInTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_keys_of_cookies_are_encrypted_on_disk_and_outlive_a_restart()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);
        var protectedBefore = site.Services.GetDataProtector("prøve").Protect("sagt");

        var files = Directory.GetFiles(site.CookieKeyFolder);
        files.ShouldNotBeEmpty();
        foreach (var file in files)
        {
            var xml = await File.ReadAllTextAsync(file, Cancellation);
            xml.ShouldContain(nameof(KeyStoreXmlDecryptor));
            xml.ShouldNotContain("masterKey");
        }

        // Another process with the same folders.
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(site.Services.GetRequiredService<IConfiguration>());
        services.AddPlatform().AddSignIn();
        await using var other = services.BuildServiceProvider();
        other.GetDataProtector("prøve").Unprotect(protectedBefore).ShouldBe("sagt");
    }

    [Fact]
    public async Task Signing_in_shows_who_one_is_and_stands_in_the_audit_log()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = await client.GetStringAsync("/", Cancellation);

        html.ShouldContain("Randi Registersen");
        html.ShouldContain("Registermedarbeider");
        (await ActionsOfAsync(PortalSite.StaffId)).ShouldContain("signin.completed");
    }

    [Fact]
    public async Task The_user_comes_back_to_the_page_they_asked_for()
    {
        using var client = await site.ClientAsync();

        var choose = await client.GetAsync("/mottak?type=Basismelding", Cancellation);
        using var form = new FormUrlEncodedContent([new("user", PortalSite.StaffId)]);
        var landed = await client.PostAsync(choose.RequestMessage!.RequestUri, form, Cancellation);

        landed.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/mottak?type=Basismelding");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("~/mottak")]
    public async Task Nobody_is_sent_to_another_site(string address)
    {
        using var client = await site.ClientAsync();

        var choose = await client.GetAsync($"/logg-inn?tilbake={Uri.EscapeDataString(address)}", Cancellation);
        using var form = new FormUrlEncodedContent([new("user", PortalSite.StaffId)]);
        var landed = await client.PostAsync(choose.RequestMessage!.RequestUri, form, Cancellation);

        landed.RequestMessage!.RequestUri!.ShouldBe(new Uri(site.Address, "/"));
    }

    [Fact]
    public async Task The_request_to_the_provider_carries_state_nonce_and_a_challenge()
    {
        using var client = await site.ClientAsync(followsRedirects: false);

        var answer = await client.GetAsync("/logg-inn", Cancellation);

        var query = HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
        query["response_type"].ShouldBe("code");
        query["code_challenge_method"].ShouldBe("S256");
        foreach (var name in (string[])["state", "nonce", "code_challenge"]) query[name]!.Length.ShouldBe(43, name);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldContain("path=/logg-inn/retur");
        cookie.ShouldNotContain(query["nonce"]!);
    }

    [Fact]
    public async Task An_answer_that_this_browser_did_not_ask_for_signs_nobody_in()
    {
        using var other = await site.ClientAsync(followsRedirects: false);
        var state = await StateAsync(other);
        using var client = await site.ClientAsync();

        var answer = await client.GetAsync($"/logg-inn/retur?code=stolen&state={state}", Cancellation);

        answer.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/logg-inn/avbrutt");
        (await client.GetStringAsync("/", Cancellation)).ShouldContain("Logg inn");
    }

    [Fact]
    public async Task A_made_up_code_signs_nobody_in_and_the_attempt_is_audited()
    {
        using var client = await site.ClientAsync(followsRedirects: false);
        var state = await StateAsync(client);
        var before = (await ActionsOfAsync("unknown")).Count;

        var answer = await client.GetAsync($"/logg-inn/retur?code=made-up&state={state}", Cancellation);

        answer.Headers.Location!.ToString().ShouldBe("/logg-inn/avbrutt");
        answer.Headers.TryGetValues("Set-Cookie", out var cookies).ShouldBeTrue();
        cookies!.ShouldNotContain(cookie => cookie.StartsWith("kilde-okt", StringComparison.Ordinal));
        (await ActionsOfAsync("unknown")).Count.ShouldBe(before + 1);
    }

    [Fact]
    public void The_session_cookie_cannot_be_read_by_script_nor_sent_from_other_sites_nor_prolonged()
    {
        var cookie = site.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(CookieAuthenticationDefaults.AuthenticationScheme);

        cookie.Cookie.HttpOnly.ShouldBeTrue();
        cookie.Cookie.SameSite.ShouldBe(SameSiteMode.Lax);
        cookie.Cookie.SecurePolicy.ShouldBe(CookieSecurePolicy.SameAsRequest);
        cookie.SlidingExpiration.ShouldBeFalse();
    }

    [Fact]
    public async Task Signing_out_ends_the_session_here_and_is_audited()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);
        var token = await AntiforgeryToken.OfAsync(client, "/");

        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);
        var answer = await client.PostAsync("/logg-ut", form, Cancellation);

        answer.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Authority).ShouldBe(site.Issuer);
        (await client.GetStringAsync("/", Cancellation)).ShouldNotContain("Randi Registersen");
        (await ActionsOfAsync(PortalSite.StaffId)).ShouldContain("signin.ended");
    }

    [Fact]
    public async Task Another_site_cannot_sign_a_user_out()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        using var form = new FormUrlEncodedContent([]);
        var answer = await client.PostAsync("/logg-ut", form, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.GetStringAsync("/", Cancellation)).ShouldContain("Randi Registersen");
    }

    private static async Task<string> StateAsync(HttpClient client)
    {
        var start = await client.GetAsync("/logg-inn", Cancellation);
        return HttpUtility.ParseQueryString(start.Headers.Location!.Query)["state"]!;
    }

    private async Task<IReadOnlyList<string>> ActionsOfAsync(string user)
    {
        var store = site.Services.GetServices<AuditStore>().First(log => log.Name == AuditStore.Register);
        var rows = await SearchLog.HandleAsync(store, new LogQuery(ActorId: user, Limit: 500), Cancellation);
        return [.. rows.Select(row => row.Action)];
    }
}
