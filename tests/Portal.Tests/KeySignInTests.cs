using System.Net;
using System.Text.Json.Nodes;
using Kilde.Audit;
using Kilde.Intake.Slash.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>
/// Sign-in where the portal proves itself with a key of its own (<c>private_key_jwt</c>, RFC 7523), as HelseID asks:
/// the certified provider decides whether the assertion is right.
/// </summary>
[Collection(nameof(PortalSite))]
public class KeySignInTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("portal-rsa", true)]
    [InlineData("portal-ec", false)]
    public async Task A_portal_with_a_key_signs_users_in(string clientId, bool isRsa)
    {
        using var key = isRsa ? ClientKey.CreateRsa() : ClientKey.CreateEc();
        await using var portal = await site.StartWithKeyAsync(clientId, key.ToPem(), PublicOf(key));

        var landed = await SignInAsync(new Uri(portal.Urls.Single()));

        landed.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/");
        (await landed.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Randi Registersen");
    }

    [Fact]
    public async Task A_portal_that_signs_with_another_key_than_the_provider_knows_signs_nobody_in()
    {
        using var own = ClientKey.CreateEc();
        using var known = ClientKey.CreateEc();
        await using var portal = await site.StartWithKeyAsync("portal-feil", own.ToPem(), PublicOf(known));
        var before = await RefusedAsync();

        var landed = await SignInAsync(new Uri(portal.Urls.Single()));

        landed.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/logg-inn/avbrutt");
        (await landed.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("Randi Registersen");
        (await RefusedAsync()).ShouldBe(before + 1);
    }

    private static async Task<HttpResponseMessage> SignInAsync(Uri address)
    {
        using var client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() });
        client.BaseAddress = address;
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var choose = await client.GetAsync("/logg-inn", Cancellation);
        using var form = new FormUrlEncodedContent([new("user", PortalSite.StaffId)]);
        return await client.PostAsync(choose.RequestMessage!.RequestUri, form, Cancellation);
    }

    private async Task<int> RefusedAsync()
    {
        var store = site.Services.GetServices<AuditStore>().First(log => log.Name == AuditStore.Register);
        var rows = await SearchLog.HandleAsync(
            store, new LogQuery(ActorId: "unknown", Action: "signin.failed", Limit: 500), Cancellation);
        return rows.Count;
    }

    private static JsonObject PublicOf(ClientKey key) => key.Public.DeepClone().AsObject();
}
