using Dapper;
using Kilde.Kernel;
using Kilde.Register.Reading;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>Municipal services told by <c>KTT_Tjeneste</c> 1, from the first decision to the end.</summary>
public class MunicipalCareTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("310211036");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_is_followed_from_decision_to_end_and_is_always_one_service()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "tjeneste", Service("\"vedtakDato\":\"2026-01-05\""));
        await SendAsync(register, "tjeneste", Service(
            """
            "vedtakDato":"2026-01-05","startDato":"2026-01-12","timerPerUke":7.5,"utforerOrgNr":"312701103",
            "midlertidigStopp":[{"fra":"2026-02-01","til":"2026-02-08"},{"fra":"2026-02-20"}]
            """));
        await SendAsync(register, "tjeneste", Service(
            """
            "vedtakDato":"2026-01-05","startDato":"2026-01-12","sluttDato":"2026-02-25","utforerOrgNr":"312701103"
            """));

        var history = await HistoryAsync(register, "ktt_tjeneste", "T-1");

        history.Select(version => version.EndedBy).ShouldBe(["replaced", "replaced", null]);
        Values(history, "start_dato").ShouldBe([null, new DateOnly(2026, 1, 12), new DateOnly(2026, 1, 12)]);
        Values(history, "timer_per_uke").ShouldBe([null, 7.5m, null]);
        $"{Values(history, "midlertidig_stopp")[1]}".ShouldContain("2026-02-20");
        (await ContactsAsync(register)).ShouldBe([("KTT", "15", "312701103", "O", "0301")]);
    }

    [Fact]
    public async Task A_new_assessment_leaves_the_earlier_ones_as_history()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "funksjonsvurdering", Assessment("F-1", "2025-03-01", "5", "2"));
        await SendAsync(register, "funksjonsvurdering", Assessment("F-2", "2026-02-01", "5", "4"));

        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        var levels = await connection.QueryAsync<(DateOnly, string)>(
            """
            select vurdert_dato, level
            from register.ktt_funksjonsvurdering, unnest(funksjon, funksjonsniva) as assessed (variable, level)
            where variable = '5'
            order by vurdert_dato
            """);
        levels.ShouldBe([(new DateOnly(2025, 3, 1), "2"), (new DateOnly(2026, 2, 1), "4")]);
    }

    [Fact]
    public async Task Whoever_has_three_technologies_is_one_person_with_welfare_technology()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(
            register, "velferdsteknologi", Technology("X-1", "1"), Technology("X-2", "2"), Technology("X-3", "4"));

        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QuerySingleAsync<(long, long)>(
            "select count(*), count(distinct person_key) from register.ktt_velferdsteknologi")).ShouldBe((3, 1));
    }

    private static object?[] Values(IEnumerable<RecordVersion> history, string column) =>
        [.. history.Select(version => version.Values.Single(value => value.Key == column).Value)];

    private static async Task<IReadOnlyList<RecordVersion>> HistoryAsync(
        WholeRegister register, string table, string localId) =>
        await register.Reader.ReadHistoryAsync(table, $"{Sender}", localId, WholeRegister.Ground, Cancellation);

    private static async Task<IEnumerable<(string, string, string, string, string)>> ContactsAsync(
        WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QueryAsync<(string, string, string, string, string)>(
            "select service_area, kind, unit, funding, municipality from register.contact");
    }

    private static async Task SendAsync(WholeRegister register, string kind, params string[] records)
    {
        var message = $$"""[{"orgNr":"{{Sender}}","kommuneNr":"0301","{{kind}}":[{{string.Join(',', records)}}]}]""";
        await register.TakeInAsync("KTT_Tjeneste", message, Sender);
        register.Clock.Advance(TimeSpan.FromDays(1));
    }

    private static string Service(string items) => Record("tjenesteId", "T-1", $"\"tjenestetype\":\"15\",{items}");

    private static string Assessment(string id, string day, string variable, string level) => Record(
        "vurderingId", id,
        $$"""
        "vurdertDato":"{{day}}","funksjoner":[{"variabel":"{{variable}}","verdi":"{{level}}"},
          {"variabel":"13","verdi":"1"}]
        """);

    private static string Technology(string id, string type) => Record(
        "velferdsteknologiId", id,
        $"\"teknologitype\":\"{type}\",\"individueltVurdert\":\"1\",\"startDato\":\"2026-01-10\"");

    private static string Record(string key, string id, string items) =>
        $$"""
        {"{{key}}":"{{id}}","registrertTid":"2026-03-01T10:00:00+01:00",{{items}},
         "person":{"fodselsNr":"15851900079"} }
        """;
}
