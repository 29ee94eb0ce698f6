using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Slash;

/// <summary>Everything a sender can get wrong before its message is opened, and what it is told.</summary>
public class HostileRequestTests(SlashHost host) : IClassFixture<SlashHost>
{
    private static readonly byte[] Sound = Encoding.UTF8.GetBytes(SlashHost.Message());

    private const HttpStatusCode Unauthorized = HttpStatusCode.Unauthorized;
    private const HttpStatusCode BadRequest = HttpStatusCode.BadRequest;
    private const HttpStatusCode TooLarge = HttpStatusCode.RequestEntityTooLarge;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Action<StandardRequest>, HttpStatusCode, int> Spoilt => new()
    {
        { "no token", r => r.Authorization = null, Unauthorized, 1001 },
        { "another scheme", r => r.Authorization = r.Authorization!.Replace("DPoP", "Bearer"), Unauthorized, 1002 },
        { "garbage token", r => r.Authorization = "DPoP abc.def.ghi", Unauthorized, 1002 },
        { "huge token", r => r.Authorization = $"DPoP {new string('a', 20_000)}", Unauthorized, 1002 },
        { "no proof", r => r.Proofs = [], Unauthorized, 1001 },
        { "garbage proof", r => r.Proofs = ["!!"], Unauthorized, 1002 },
        { "two proofs", r => r.Proofs = ["a.b.c", "a.b.c"], Unauthorized, 1002 },
        { "wrong ath", r => r.Claims["ath"] = Hash("other"), Unauthorized, 1002 },
        { "wrong htu", r => r.Claims["htu"] = "https://evil.example.no/message", Unauthorized, 1002 },
        { "wrong htm", r => r.Claims["htm"] = "GET", Unauthorized, 1002 },
        { "old iat", r => r.Claims["iat"] = Now - 600, Unauthorized, 1002 },
        { "future iat", r => r.Claims["iat"] = Now + 600, Unauthorized, 1002 },
        { "no jti", r => r.Claims.Remove("jti"), Unauthorized, 1002 },
        { "alg none", r => r.Header["alg"] = "none", Unauthorized, 1002 },
        { "private key", r => r.Header["jwk"]!["d"] = "AAAA", Unauthorized, 1002 },
        { "no vendor", r => r.Headers.Remove("x-vendor-name"), BadRequest, 1001 },
        { "no software", r => r.Headers.Remove("x-software-name"), BadRequest, 1001 },
        { "no version", r => r.Headers.Remove("x-software-version"), BadRequest, 1001 },
        { "no export", r => r.Headers.Remove("x-export-software-version"), BadRequest, 1001 },
        { "no date", r => r.Headers.Remove("x-data-extraction-date"), BadRequest, 1001 },
        { "iso date", r => r.Headers["x-data-extraction-date"] = "2026-01-01", BadRequest, 1002 },
        { "no such day", r => r.Headers["x-data-extraction-date"] = "31.02.2026", BadRequest, 1002 },
        { "year 3015", r => r.Headers["x-data-extraction-date"] = "01.01.3015", BadRequest, 1002 },
        { "long header", r => r.Headers["x-vendor-name"] = new string('a', 500), BadRequest, 1002 },
        { "person in a header", r => r.Headers["x-software-name"] = "EPJ 01810149732", BadRequest, 1002 },
        { "json content type", r => r.ContentType = "application/json", BadRequest, 1002 },
        { "no type", r => r.Claims.Remove("msg_type"), BadRequest, 1003 },
        { "odd type", r => r.Claims["msg_type"] = "HST Avtale;", BadRequest, 1003 },
        { "person as type", r => r.Claims["msg_type"] = "01810149732", BadRequest, 1003 },
        { "nul in type", r => r.Claims["msg_type"] = "HST\0Avtale", BadRequest, 1003 },
        { "unknown version", r => r.Claims["msg_version"] = "99", BadRequest, 1003 },
        { "unknown type", r => r.Claims["msg_type"] = "HST_Ukjent", BadRequest, 2006 },
        { "not for this unit", r => r.Claims["msg_type"] = "Basismelding", BadRequest, 2001 },
        { "unknown key", r => r.Claims["enc_key_id"] = "AC39844BF1257C29", BadRequest, 1004 },
        { "no key id", r => r.Claims.Remove("enc_key_id"), BadRequest, 1004 },
        { "no hash", r => r.Claims.Remove("msg_hash"), BadRequest, 1005 },
        { "short hash", r => r.Claims["msg_hash"] = "AAAA", BadRequest, 1005 },
        { "other hash", r => r.Claims["msg_hash"] = Hash("other"), BadRequest, 1006 },
        { "no message key", r => r.Claims.Remove("enc_sym_key"), BadRequest, 1008 },
        { "garbled message key", r => r.Claims["enc_sym_key"] = Text(SlashHost.Random(256)), BadRequest, 1008 },
        { "short message key", r => r.Claims["enc_sym_key"] = Text(SlashHost.Random(64)), BadRequest, 1008 },
        { "pkcs1 wrapping", r => r.Encrypt(wrapping: RSAEncryptionPadding.Pkcs1), BadRequest, 1008 },
        { "oaep with sha1", r => r.Encrypt(wrapping: RSAEncryptionPadding.OaepSHA1), BadRequest, 1008 },
        { "aes-128", r => { r.MessageKey = SlashHost.Random(16); r.Encrypt(); }, BadRequest, 1009 },
        { "truncated base64", r => r.Body = Convert.ToBase64String(r.Encrypted)[..^3], BadRequest, 1009 },
        { "truncated bytes", r => r.Encrypted = r.Encrypted[..^5], BadRequest, 1009 },
        { "not base64", r => r.Body = "dette er ikke base64!", BadRequest, 1009 },
        { "plain json", r => r.Body = SlashHost.Message(), BadRequest, 1009 },
        { "empty body", r => r.Body = "", BadRequest, 1009 },
        { "16 MB", r => r.Body = new string('A', 16_000_000), TooLarge, 2009 },
        { "16 MB without a length", r => r.Content = new ChunkedContent(16_000_000), TooLarge, 2009 },
    };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task A_spoilt_request_gets_its_code_and_a_text(
        string what, Action<StandardRequest> spoil, HttpStatusCode status, int code)
    {
        var reply = await host.NewClient().SendAsync(Sound, spoil: spoil);

        reply.Status.ShouldBe(status, what);
        reply.Code.ShouldBe(code, reply.Body.ToJsonString());
        reply.Delivered.ShouldBeFalse();
        reply.CorrelationId.ShouldNotBe(Guid.Empty);
        reply.Errors[0].ErrorMessage!.Length.ShouldBeGreaterThan(30);
        reply.Body.ToJsonString().ShouldNotContain("   at ");
        if (status == HttpStatusCode.Unauthorized) reply.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("DPoP");
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task A_refusal_is_told_in_the_language_that_is_asked_for(
        string what, Action<StandardRequest> spoil, HttpStatusCode status, int code)
    {
        var told = new List<string>();
        foreach (var wanted in (string[])["sv", "nn-NO,nb;q=0.8", "fr, en-GB;q=0.9, nb;q=0.1"])
        {
            var reply = await host.NewClient().SendAsync(Sound, spoil: request =>
            {
                request.Headers["Accept-Language"] = wanted;
                spoil(request);
            });
            (reply.Status, reply.Code).ShouldBe((status, code), what);
            told.Add(reply.Errors[0].ErrorMessage!);
        }

        told.Distinct().Count().ShouldBe(3, string.Join('\n', told));
        told[2].Any(letter => "æøåÆØÅ«".Contains(letter)).ShouldBeFalse(told[2]);
    }

    [Fact]
    public async Task Wrong_padding_is_told_as_such()
    {
        var blocks = new byte[64];

        var reply = await host.NewClient().SendAsync(blocks, spoil: request => request.Encrypt(PaddingMode.None));

        reply.Code.ShouldBe(1009, reply.Body.ToJsonString());
    }

    [Fact]
    public async Task A_key_that_has_expired_is_told_from_an_unknown_one()
    {
        var reply = await host.NewClient().SendAsync(
            Sound, spoil: request => request.Claims["enc_key_id"] = host.ExpiredKeyId);

        reply.Code.ShouldBe(1007);
        reply.Errors[0].ErrorMessage!.ShouldContain("Hent nøklene på nytt");
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_refused_in_words()
    {
        var reply = await host.NewClient().SendAsync(Sound, spoil: request => request.Content = new SlowContent());

        reply.Status.ShouldBe(HttpStatusCode.RequestTimeout);
        reply.Errors[0].ErrorMessage!.ShouldContain("sekunder");
    }

    [Fact]
    public async Task A_token_without_a_unit_is_refused()
    {
        var reply = await host.NewClient(SlashHost.NamelessClient).SendAsync(Sound);

        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Code.ShouldBe(2002);
    }

    [Fact]
    public async Task A_token_used_by_another_key_is_refused()
    {
        using var thief = RSA.Create(2048);
        var key = thief.ExportParameters(includePrivateParameters: false);

        var reply = await host.NewClient().SendAsync(Sound, spoil: request => request.Header["jwk"] = new JsonObject
        {
            ["kty"] = "RSA", ["n"] = Text(key.Modulus!), ["e"] = Text(key.Exponent!),
        });

        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Code.ShouldBe(2005);
        reply.Errors[0].PropertyName.ShouldBe("DPoP");
    }

    [Theory]
    [InlineData("POST", "/finnes-ikke", HttpStatusCode.NotFound)]
    [InlineData("GET", "/message", HttpStatusCode.MethodNotAllowed)]
    public async Task What_the_framework_refuses_has_a_body_and_an_id_too(
        string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(host.Address, path));
        using var response = await host.Http.SendAsync(request, Cancellation);

        var reply = await StandardReply.ReadAsync(response);

        reply.Status.ShouldBe(status);
        reply.Delivered.ShouldBeFalse();
        reply.CorrelationId.ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task The_keys_are_listed_with_the_longest_lasting_first_and_without_the_expired()
    {
        var keys = await host.Http.GetFromJsonAsync<List<StandardKey>>(new Uri(host.Address, "keys"), Cancellation);

        keys!.ShouldNotBeEmpty();
        keys.Select(key => key.ExpirationDate).ShouldBeInOrder(SortDirection.Descending);
        keys.ShouldNotContain(key => key.Id == host.ExpiredKeyId);
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>A body whose length is not told.</summary>
    private sealed class ChunkedContent(int bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var chunk = new byte[64 * 1024];
            Array.Fill(chunk, (byte)'A');
            for (var sent = 0; sent < bytes; sent += chunk.Length) await stream.WriteAsync(chunk, Cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A body that starts and then keeps the receiver waiting.</summary>
    private sealed class SlowContent : HttpContent
    {
        private const int Length = 1_000;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("AAAA"u8.ToArray(), Cancellation);
            await stream.FlushAsync(Cancellation);
            await Task.Delay(TimeSpan.FromSeconds(4), Cancellation);
            await stream.WriteAsync(new byte[Length - 4], Cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Length;
            return true;
        }
    }
}
