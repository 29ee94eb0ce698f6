using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kilde.Intake.Slash.Client;
using Kilde.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kilde.Intake.Tests.Slash;

/// <summary>
/// Tokens that the test identity provider does not give: bound to no key, or of other organisations. They come from an
/// issuer of the test's own, which the node trusts.
/// </summary>
public class IssuedTokenTests(SlashHost host) : IClassFixture<SlashHost>
{
    private const string Claim = "helseid://claims/client/claims/orgnr_";
    private const string Part = "974589095";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_refused_by_what_is_wrong_with_its_binding()
    {
        using var key = ClientKey.CreateRsa();
        await using var issuer = await StartIssuerAsync(key);
        var address = issuer.Urls.Single();
        await using var node = await host.StartNodeAsync(host.Register, ("Tokens:Issuer", address));

        var missing = await SendAsync(node, Token(key, address, binding: null));
        var bad = await SendAsync(node, Token(key, address, "kort"));
        var anothers = await SendAsync(node, Token(key, address, key.Thumbprint));

        StandardReply[] replies = [missing, bad, anothers];
        replies.Select(reply => reply.Code).ShouldBe([2003, 2004, 2005]);
        replies.ShouldAllBe(reply => reply.Status == HttpStatusCode.Unauthorized && !reply.Delivered);
        replies.ShouldAllBe(reply => reply.Errors[0].ErrorMessage!.Contains("cnf.jkt"));
    }

    [Fact]
    public async Task Every_organisation_that_the_token_names_must_be_one_and_belong_to_the_sender()
    {
        using var key = ClientKey.CreateRsa();
        using var sender = ClientKey.FromPem(StandardClient.PrivatePem);
        await using var issuer = await StartIssuerAsync(key);
        var address = issuer.Urls.Single();
        await using var node = await host.StartNodeAsync(host.Register, ("Tokens:Issuer", address));
        async Task<StandardReply> Of(string parent, string? child = null, string? supplier = null) =>
            await SendAsync(node, Token(key, address, sender.Thumbprint, parent, child, supplier));

        (await Of("97476067")).Code.ShouldBe(2002);
        (await Of("777777777")).Code.ShouldBe(2002);
        (await Of($"{SlashHost.Unit}", child: "123")).Code.ShouldBe(2002);
        (await Of($"{SlashHost.Unit}", supplier: "123")).Code.ShouldBe(2002);
        (await Of($"{SlashHost.Unit}", child: Part)).Code.ShouldBe(2001);
        (await Of($"{SlashHost.Unit}", supplier: Part)).Code.ShouldBe(2001);
        (await Of($"{SlashHost.Unit}", supplier: $"{SlashHost.Vendor}")).Delivered.ShouldBeTrue();

        var reply = await Of($"{SlashHost.Unit}", child: $"{SlashHost.Unit}");
        reply.Delivered.ShouldBeTrue(reply.Body.ToJsonString());
    }

    private async Task<StandardReply> SendAsync(WebApplication node, string token)
    {
        var client = host.NewClient();
        var request = await client.PrepareAsync(Encoding.UTF8.GetBytes(SlashHost.Message()), "HST_Avtale");
        request.Target = new Uri(new Uri(node.Urls.Single()), "message");
        request.Authorization = $"DPoP {token}";
        request.Claims["htu"] = request.Target.AbsoluteUri;
        request.Claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        return await client.PostAsync(request);
    }

    private static string Token(
        ClientKey key, string issuer, string? binding, string parent = "974760673", string? child = null,
        string? supplier = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = issuer, ["aud"] = "kilde:intake", ["sub"] = "client", ["client_id"] = "client",
            ["iat"] = now, ["nbf"] = now, ["exp"] = now + 600, [Claim + "parent"] = parent,
        };
        if (binding is not null) claims["cnf"] = new JsonObject { ["jkt"] = binding };
        if (child is not null) claims[Claim + "child"] = child;
        if (supplier is not null) claims[Claim + "supplier"] = supplier;
        return key.Sign(new JsonObject { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = key.Thumbprint }, claims);
    }

    // Discovery and keys: all that the platform asks an issuer for.
    private static async Task<WebApplication> StartIssuerAsync(ClientKey key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var published = key.Public.DeepClone().AsObject();
        published["kid"] = key.Thumbprint;
        app.Run(context =>
        {
            var address = app.Urls.Single();
            JsonObject answer = context.Request.Path == "/jwks"
                ? new() { ["keys"] = new JsonArray(published.DeepClone()) }
                : new() { ["issuer"] = address, ["jwks_uri"] = $"{address}/jwks" };
            return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
        });
        await app.StartAsync(Cancellation);
        return app;
    }
}
