using System.Globalization;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Register.Tests.Model;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>
/// Claims become contacts: what kind follows from the tariffs, and what is credited or refused is none.
/// </summary>
public class ClaimContactTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("310211036");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Most telling first; those that tell of no contact last.
    private static readonly (string Kind, string[] Tariffs)[] Kinds =
    [
        ("S", ["11ad", "11ak"]), ("K", ["2ad", "074b", "615"]), ("E", ["2ae", "074ae"]), ("O", ["1ad", "701a"]),
        ("B", ["1bd", "612a"]), ("I", ["1f", "14", "L36d"]), ("", ["2cd", "5", "701"]),
    ];

    private static readonly (string Type, string Area)[] Practices =
        [("Fastlege", "FLT"), ("Legevakt", "LV"), ("Tannlege", "TANN"), ("Kiropraktor", "KIR"), ("Ukjent", "ANN")];

    private static readonly string[] Tariffs = [.. Kinds.SelectMany(kind => kind.Tariffs)];

    [Fact]
    public void The_contacts_are_those_that_stand_and_whose_tariffs_or_practice_tell_of_one() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
                seed => Task.Run(() => CompareAsync(new Choices(seed))).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5));

    [Fact]
    public async Task What_a_tariff_means_follows_the_norwegian_day_of_the_contact()
    {
        using var definitions = new DefinitionCopy();
        definitions.Write("mappings", "takst-kontakttype.yaml",
            """
            mapping: takst-kontakttype
            title: Prøve
            source: Kilde
            codeList: kuhr-kontakttype
            groups:
              - { gives: B, to: 2026-01-31, of: [2ae] }
              - { gives: E, from: 2026-02-01, of: [2ae] }
            """);
        await using var register = await WholeRegister.StartAsync(postgres, definitions.Path);

        await SendAsync(
            register,
            Json(new Claim("g1", "Fastlege", ["2ae"], 10, IsCredited: false), "2026-01-31T22:59:59Z"),
            Json(new Claim("g2", "Fastlege", ["2ae"], 10, IsCredited: false), "2026-01-31T23:00:00Z"));

        (await ContactsAsync(register))
            .ShouldBe([(KeyOf("g1"), "FLT", "B"), (KeyOf("g2"), "FLT", "E")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_credit_note_stands_beside_what_the_claim_was_when_it_was_first_told()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        foreach (var claim in new[]
                 {
                     new Claim("g1", "Fastlege", ["2ad"], 193, IsCredited: false),
                     new Claim("g1", "Fastlege", ["2ad"], 200, IsCredited: false),
                     new Claim("g1", "Fastlege", ["2ad"], -200, IsCredited: true),
                     new Claim("g2", "Legevakt", ["2ak"], -100, IsCredited: true),
                 })
        {
            await SendAsync(register, Json(claim, "2026-02-03T10:00:00+01:00"));
            register.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QueryAsync<string>(
            """
            select concat_ws(' ', local_id, provider_type, is_credited, refund, original_refund, tariff_sum)
            from register.claim
            order by local_id
            """)).ShouldBe(["g1 Fastlege t -200 200 10", "g2 Legevakt t -100 10"]);
    }

    [Fact]
    public async Task A_claim_knows_that_it_was_paid_before_and_the_day_it_first_came()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var claim = new Claim("g1", "Fastlege", ["2ad"], 193, IsCredited: false);
        var other = claim with { Guid = "g2" };
        await TellAsync("2026-02-10", claim with { IsPaid = false }, other with { IsPaid = true });
        await TellAsync("2026-03-10", claim with { IsPaid = true });
        await TellAsync("2026-04-10", other with { IsPaid = true, Amount = 194 });
        await TellAsync("2026-05-10", other with { IsPaid = false });

        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QueryAsync<string>(
            """
            select concat_ws(' ', local_id, 'was', was_paid, 'is', is_paid, first_told_on, told_on) from register.claim
            order by local_id
            """)).ShouldBe(["g1 was f is t 2026-02-10 2026-03-10", "g2 was t is f 2026-02-10 2026-05-10"]);

        async Task TellAsync(string on, params Claim[] claims)
        {
            await SendAsync(
                register, DateOnly.Parse(on, CultureInfo.InvariantCulture),
                [.. claims.Select(one => Json(one, "2026-02-03T10:00:00+01:00"))]);
            register.Clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private async Task CompareAsync(Choices choices)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var standing = new Dictionary<string, Claim>();
        for (var message = 0; message < 6; message++)
        {
            var sent = Enumerable.Range(0, 25).Select(_ => $"g{choices.Below(60)}").Distinct()
                .Select(guid => ClaimOf(guid, choices)).ToList();
            foreach (var claim in sent) standing[claim.Guid] = claim;
            await SendAsync(register, [.. sent.Select(claim => Json(claim, "2026-02-03T10:00:00+01:00"))]);
            var gone = $"g{choices.Below(60)}";
            standing.Remove(gone);
            await register.TakeInAsync(
                "KUHR_Behandlerkrav",
                $$"""[{"orgNr":"{{Sender}}","slettRegninger":[{"guid":"{{gone}}","erSlettet":true}]}]""", Sender);
        }

        var contacts = standing.Values.Where(claim => !claim.IsCredited && !claim.IsRejected)
            .Select(claim => (KeyOf(claim.Guid), AreaOf(claim), KindOf(claim)))
            .Where(contact => contact.Item3.Length > 0);
        (await ContactsAsync(register)).ShouldBe(contacts, ignoreOrder: true);
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QuerySingleAsync<decimal?>(
                "select coalesce(sum(belop), 0) from register.kuhr_regning where kreditering is not true"))
            .ShouldBe(standing.Values.Where(claim => !claim.IsCredited).Sum(claim => claim.Amount));
    }

    private static Claim ClaimOf(string guid, Choices choices)
    {
        var tariffs = Enumerable.Range(0, 1 + choices.Below(4)).Select(_ => choices.Of(Tariffs)).ToArray();
        var isCredited = choices.OneIn(6);
        var amount = choices.Below(900);
        return new Claim(guid, choices.Of(Practices).Type, tariffs, isCredited ? -amount : amount, isCredited)
        {
            IsRejected = choices.OneIn(8),
        };
    }

    private static string AreaOf(Claim claim) => Practices.Single(practice => practice.Type == claim.Type).Area;

    // Only GPs and out-of-hours services are told apart by tariff; others have had a contact whatever they did.
    private static string KindOf(Claim claim)
    {
        var kind = Kinds.First(kind => kind.Kind.Length == 0 || kind.Tariffs.Any(claim.Tariffs.Contains)).Kind;
        return kind.Length > 0 || claim.Type is "Fastlege" or "Legevakt" or "Ukjent" ? kind : "X";
    }

    private static Guid KeyOf(string guid) => RecordKey.Of(RegisterCode.Kpr, "kuhr_regning", $"{Sender}", guid);

    private static async Task<IEnumerable<(Guid, string, string)>> ContactsAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return [.. await connection.QueryAsync<(Guid, string, string)>(
            "select record_key, service_area, kind from register.contact where record_table = 'kuhr_regning'")];
    }

    private static Task<MergeOutcome> SendAsync(WholeRegister register, params string[] claims) =>
        SendAsync(register, on: null, claims);

    private static Task<MergeOutcome> SendAsync(WholeRegister register, DateOnly? on, string[] claims) =>
        register.TakeInAsync(
            "KUHR_Behandlerkrav", $$"""[{"orgNr":"{{Sender}}","regninger":[{{string.Join(',', claims)}}]}]""", Sender,
            on);

    private static string Json(Claim claim, string at)
    {
        var tariffs = claim.Tariffs.Select(code => $$"""{"kode":"{{code}}","antall":1,"belop":10}""");
        return $$"""
            {"guid":"{{claim.Guid}}","tidspunkt":"{{at}}","tjenestetype":"{{claim.Type}}",
             "kreditering":{{(claim.IsCredited ? "true" : "false")}},
             "betaltEgenandel":{{(claim.IsPaid ? "true" : "false")}},
             "status":"{{(claim.IsRejected ? "avvist" : "godkjent")}}",
             "belop":{{claim.Amount.ToString(CultureInfo.InvariantCulture)}},
             "takster":[{{string.Join(',', tariffs)}}],"pasient":{"fodselsNr":"15851900079"} }
            """;
    }

    private sealed record Claim(string Guid, string Type, string[] Tariffs, decimal Amount, bool IsCredited)
    {
        public bool IsPaid { get; init; }

        public bool IsRejected { get; init; }
    }
}
