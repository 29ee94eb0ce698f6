using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Kilde.Intake.Overview;
using Kilde.Intake.Slash.Client;
using Kilde.Intake.Slash.Keys;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kilde.Intake.Tests.Slash;

/// <summary>Messages that open: what is accepted, what the content is told, and what is stored.</summary>
public class AcceptedMessageTests(SlashHost host) : IClassFixture<SlashHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_standard_client_delivers_a_message_unchanged()
    {
        var before = await host.CountAsync("accepted");

        var reply = await host.NewClient().SendAsync(SlashHost.Message("levert-1"));

        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Body.ToJsonString());
        reply.Delivered.ShouldBeTrue();
        reply.Errors.ShouldBeEmpty();
        (await host.CountAsync("accepted")).ShouldBe(before + 1);
    }

    [Fact]
    public async Task The_same_bytes_again_are_answered_as_before_and_stored_once()
    {
        var client = host.NewClient();
        await client.SendAsync(SlashHost.Message("to-ganger"));
        var after = await host.CountAsync("accepted");

        var again = await client.SendAsync(SlashHost.Message("to-ganger"));

        again.Delivered.ShouldBeTrue(again.Body.ToJsonString());
        (await host.CountAsync("accepted")).ShouldBe(after);
    }

    [Fact]
    public async Task A_proof_can_be_used_once()
    {
        var client = host.NewClient();
        var request = await client.PrepareAsync(Encoding.UTF8.GetBytes(SlashHost.Message("avspilt")), "HST_Avtale");
        (await client.PostAsync(request)).Delivered.ShouldBeTrue();

        var replayed = await client.PostAsync(request);

        replayed.Status.ShouldBe(HttpStatusCode.Unauthorized);
        replayed.Errors[0].ErrorMessage!.ShouldContain("brukt før");
    }

    [Fact]
    public async Task Hash_and_key_may_be_ordinary_base64()
    {
        var reply = await host.NewClient().SendAsync(SlashHost.Message("base64"), spoil: request =>
        {
            request.Claims["msg_hash"] = ToBase64((string)request.Claims["msg_hash"]!);
            request.Claims["enc_sym_key"] = Convert.ToBase64String(request.WrappedKey);
        });

        reply.Delivered.ShouldBeTrue(reply.Body.ToJsonString());
    }

    [Fact]
    public async Task Line_breaks_in_the_body_are_no_fault()
    {
        var reply = await host.NewClient().SendAsync(SlashHost.Message("linjer"), spoil: request =>
            request.Body = $"{Convert.ToBase64String(request.Encrypted, Lines)}\r\n");

        reply.Delivered.ShouldBeTrue(reply.Body.ToJsonString());
    }

    [Fact]
    public async Task A_unit_is_refused_until_it_is_configured_and_then_the_same_message_is_accepted()
    {
        var unit = OrganizationNumber.Parse("974589095");
        using var client = NewVendor(unit);
        var message = Outgoing($$$"""
            [{"orgNr":{{{unit}}},"avtale":[{"avtaleId":"ny","datoTid":"2026-03-02T10:00:00+01:00","oppmoteStatus":1,
            "person":{"personId":"lokal-1"}}]}]
            """);
        var refused = await client.SendAsync(message, Cancellation);

        await host.ConfigureAsync(unit, "HST_Avtale");
        var accepted = await client.SendAsync(message, Cancellation);

        // A node trusts a refusal for a quarter of a second.
        for (var i = 0; i < 50 && accepted.Status != 200; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
            accepted = await client.SendAsync(message, Cancellation);
        }

        var error = refused.Answer.Errors.ShouldHaveSingleItem();
        error.ErrorCode.ShouldBe(2001, error.ErrorMessage);
        accepted.Status.ShouldBe(200, string.Join("; ", accepted.Answer.Errors));
    }

    [Theory]
    [InlineData("not json", "dette er ikke JSON", 2007, "")]
    [InlineData("cut short", "[{\"orgNr\":974760673", 2007, "/0/orgNr")]
    [InlineData("nothing", " ", 2007, "")]
    [InlineData("an object", "{\"orgNr\":974760673}", 2008, "")]
    [InlineData("no unit", "[{\"avtale\":[]}]", 2008, "/0/orgNr")]
    [InlineData("a text for a list", "[{\"orgNr\":974760673,\"avtale\":\"nei\"}]", 2008, "/0/avtale")]
    [InlineData("a key twice", "[{\"orgNr\":974760673,\"orgNr\":974760673,\"avtale\":[]}]", 2008, "/0/orgNr")]
    [InlineData("a huge number", "[{\"orgNr\":1e400,\"avtale\":[]}]", 2008, "/0/orgNr")]
    [InlineData("an unknown field", "[{\"orgNr\":974760673,\"farge/a~b\":1,\"avtale\":[]}]", 2008, "/0/farge~1a~0b")]
    public async Task Wrong_content_gets_its_code_and_its_place(string what, string json, int code, string place)
    {
        var reply = await host.NewClient().SendAsync(json);

        reply.Status.ShouldBe(HttpStatusCode.BadRequest, what);
        reply.Code.ShouldBe(code, reply.Body.ToJsonString());
        var places = JsonNode.Parse(reply.Errors[0].ErrorDetails!)!.AsArray();
        places.ShouldNotBeEmpty();
        ((string?)places[0]!["Location"]).ShouldBe(place, reply.Body.ToJsonString());
        ((string?)places[0]!["Errors"]![0]!["Value"]).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Deep_nesting_is_not_read()
    {
        var reply = await host.NewClient().SendAsync(new string('[', 10_000) + new string(']', 10_000));

        reply.Code.ShouldBe(2007, reply.Body.ToJsonString());
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_not_json()
    {
        byte[] json = [.. "[{\"orgNr\":974760673,\"x\":\""u8, 0xC3, 0x28, .. "\"}]"u8];

        (await host.NewClient().SendAsync(json)).Code.ShouldBe(2007);
    }

    [Fact]
    public async Task A_date_in_the_year_3015_is_refused_with_its_place()
    {
        var reply = await host.NewClient().SendAsync(
            SlashHost.Message("framtid").Replace("2026-03-02", "3015-03-02", StringComparison.Ordinal));

        reply.Code.ShouldBe(2008, reply.Body.ToJsonString());
        reply.Errors[0].ErrorDetails!.ShouldContain("/0/avtale/0/datoTid");
    }

    [Fact]
    public async Task Validation_answers_the_same_and_stores_nothing()
    {
        var sound = await host.NewClient().SendAsync(SlashHost.Message("bare-prøv"), route: "validate");
        var wrong = await host.NewClient().SendAsync("{}", route: "validate");

        sound.Status.ShouldBe(HttpStatusCode.OK, sound.Body.ToJsonString());
        sound.Delivered.ShouldBeFalse();
        sound.Errors.ShouldBeEmpty();
        wrong.Code.ShouldBe(2008);
        var kept = await host.NewClient().SendAsync(SlashHost.Message("etter-prøven"));
        (await host.IsStoredAsync(kept)).ShouldBeTrue();
        (await host.IsStoredAsync(sound)).ShouldBeFalse();
        (await host.IsStoredAsync(wrong)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_validated_is_remembered_without_the_message()
    {
        var sound = await host.NewClient().SendAsync(SlashHost.Message("husk-meg"), route: "validate");
        var late = SlashHost.Message("husk-feil").Replace("2026-03-02", "3015-03-02", StringComparison.Ordinal);
        var wrong = await host.NewClient().SendAsync(late, route: "validate");
        var trials = new FindTrials(host.Services.GetRequiredService<RegisterDatabase>());

        var found = await trials.FindAsync(
            new TrialFilter(SlashHost.Unit, null, MessageType: null, OnlyRefused: false, Before: null), 100,
            Cancellation);

        var accepted = found.Single(trial => trial.CorrelationId == sound.CorrelationId);
        accepted.IsAccepted.ShouldBeTrue();
        accepted.RecordCount.ShouldBe(1);
        accepted.BrokenRules.ShouldAllBe(rule => rule.Severity < Severity.Error);
        var refused = found.Single(trial => trial.CorrelationId == wrong.CorrelationId);
        refused.ErrorCode.ShouldBe(2008);
        refused.BrokenRules.ShouldNotBeEmpty();
        found.ShouldAllBe(trial => trial.UnitName == "Testsund helsestasjon" && trial.ClientId.Length > 0);
        (await trials.FindAsync(
            new TrialFilter(null, OrganizationNumber.Parse("974760673"), null, OnlyRefused: false, Before: null), 100,
            Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_unit_for_validation_is_taken_where_nothing_is_stored_and_only_there()
    {
        var message = SlashHost.Message("øvelse").Replace(
            $"{SlashHost.Unit}", "777777777", StringComparison.Ordinal);

        var validated = await host.NewClient().SendAsync(message, route: "validate");
        var sent = await host.NewClient().SendAsync(message);

        validated.Errors.ShouldBeEmpty(validated.Body.ToJsonString());
        sent.Code.ShouldBe(2008, sent.Body.ToJsonString());
    }

    [Fact]
    public async Task The_connection_test_tells_each_step_and_stops_at_the_first_fault()
    {
        using var client = NewVendor(SlashHost.Unit);

        var sound = await client.TestConnectionAsync(Outgoing(SlashHost.Message("test")), Cancellation);
        var wrong = await client.TestConnectionAsync(Outgoing("[{}]"), Cancellation);

        ((bool)sound["passed"]!).ShouldBeTrue(sound.ToJsonString());
        Steps(sound).ShouldBe([
            "tilgangstoken", "kapasitet", "bevis", "headere", "meldingstype", "avsender", "nøkkel", "overføring",
            "dekryptering", "hash", "innhold",
        ]);
        ((bool)wrong["passed"]!).ShouldBeFalse();
        ((bool?)wrong["steps"]!.AsArray()[^2]!["passed"]).ShouldBe(true);
        ((int?)wrong["steps"]!.AsArray()[^1]!["error"]!["errorCode"]).ShouldBe(2008);
    }

    [Fact]
    public async Task A_message_for_the_old_key_is_opened_after_rotation()
    {
        var client = host.NewClient();
        var request = await client.PrepareAsync(
            Encoding.UTF8.GetBytes(SlashHost.Message("gammel-nøkkel")), "HST_Avtale");

        await host.Services.GetRequiredService<RotateKeys>().RotateAsync(Cancellation);

        (await client.PostAsync(request)).Delivered.ShouldBeTrue();
        var keys = await host.Http.GetFromJsonAsync<List<StandardKey>>(new Uri(host.Address, "keys"), Cancellation);
        keys!.Count.ShouldBeGreaterThan(1);
        keys[0].Id.ShouldNotBe((string?)request.Claims["enc_key_id"]);
    }

    [Fact]
    public async Task A_database_that_is_away_is_our_fault_and_the_sender_is_asked_to_try_again()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        await using var node = await host.StartNodeAsync(new RegisterDatabase(nowhere));
        var client = host.NewClient();
        var request = await client.PrepareAsync(Encoding.UTF8.GetBytes(SlashHost.Message("utlogget")), "HST_Avtale");
        request.Target = new Uri(new Uri(node.Urls.Single()), "message");
        request.Claims["htu"] = request.Target.AbsoluteUri;

        var reply = await client.PostAsync(request);

        reply.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        reply.Code.ShouldBe(2010);
        reply.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("connection-test")]
    public async Task A_database_that_is_away_is_told_by_trials_too(string route)
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        await using var node = await host.StartNodeAsync(new RegisterDatabase(nowhere));
        var client = host.NewClient();
        var request = await client.PrepareAsync(
            Encoding.UTF8.GetBytes(SlashHost.Message("utlogget")), "HST_Avtale", route);
        request.Target = new Uri(new Uri(node.Urls.Single()), route);
        request.Claims["htu"] = request.Target.AbsoluteUri;

        var reply = await client.PostAsync(request);

        reply.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        reply.Headers.RetryAfter.ShouldNotBeNull();
        var error = route == "validate"
            ? reply.Body["errors"]![0]
            : reply.Body["steps"]!.AsArray().Single(step => (bool?)step!["passed"] == false)!["error"];
        ((int)error!["errorCode"]!).ShouldBe(2010, reply.Body.ToJsonString());
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("connection-test")]
    public async Task A_proof_is_used_once_by_trials_too(string route)
    {
        var client = host.NewClient();
        var request = await client.PrepareAsync(
            Encoding.UTF8.GetBytes(SlashHost.Message("prøvd-to-ganger")), "HST_Avtale", route);

        var first = await client.PostAsync(request);
        var second = await client.PostAsync(request);

        first.Status.ShouldBe(HttpStatusCode.OK, first.Body.ToJsonString());
        second.Status.ShouldBe(HttpStatusCode.Unauthorized, second.Body.ToJsonString());
        second.Body.ToJsonString().ShouldContain("brukt f");
    }

    [Fact]
    public async Task Failed_decryptions_are_rationed_and_what_comes_after_must_wait()
    {
        await using var node = await host.StartNodeAsync(host.Register, ("Intake:Slash:DecryptionFailuresMax", "2"));
        var client = host.NewClient();
        var codes = new List<int?>();
        StandardReply reply = null!;
        for (var i = 0; i < 3; i++)
        {
            var request = await client.PrepareAsync(Encoding.UTF8.GetBytes(SlashHost.Message("gjettet")), "HST_Avtale");
            request.Target = new Uri(new Uri(node.Urls.Single()), "message");
            request.Claims["htu"] = request.Target.AbsoluteUri;
            request.Encrypted[^1] ^= 1;
            reply = await client.PostAsync(request);
            codes.Add(reply.Code);
        }

        codes.Take(2).ShouldAllBe(code => code == 1009 || code == 1006);
        reply.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        reply.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }

    private const Base64FormattingOptions Lines = Base64FormattingOptions.InsertLineBreaks;

    private static string ToBase64(string url) => url.Replace('-', '+').Replace('_', '/') + "=";

    private static IEnumerable<string?> Steps(JsonObject report) =>
        report["steps"]!.AsArray().Select(step => (string?)step!["name"]);

    private static OutgoingMessage Outgoing(string json) => new(
        "HST_Avtale", "1", Encoding.UTF8.GetBytes(json), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date));

    // The vendor's own key would do as well; the test provider knows the standard client's.
    private SlashClient NewVendor(OrganizationNumber unit) => new(
        host.Http, host.Address, new ClientIdentity(new Uri(host.Issuer), SlashHost.VendorClient, unit.ToString()),
        ClientKey.FromPem(StandardClient.PrivatePem), new SendingSoftware("Softwarebedrift AS", "EPJ", "1.0", "1.0"),
        TimeProvider.System);
}
