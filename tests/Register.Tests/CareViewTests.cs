using Dapper;
using Kilde.Kernel;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>
/// Services, situation and function of municipal users in the views that checks and figures read, whether they came as
/// <c>KTT_Tjeneste</c> 1 or as events.
/// </summary>
public class CareViewTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("974795930");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_is_one_row_for_each_year_it_lasts_with_the_days_it_stopped()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "tjeneste",
            """
            {"tjenesteId":"T-1","tjenestetype":"29","startDato":"2024-11-01","boligBemanning":"1",
             "midlertidigStopp":[{"fra":"2024-12-30","til":"2025-01-02"},{"fra":"2025-03-01","til":"2025-03-10"}],
            """);

        (await QueryAsync(register,
            "select concat_ws(' ', data_year, service_code, housing_staffing, days_stopped) from register.service"))
            .ShouldBe(["2024 29 1 2", "2025 29 1 12", "2026 29 1 0"]);
    }

    [Fact]
    public async Task Events_of_a_stay_become_one_service_with_its_end_its_last_site_and_its_stops()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendEventsAsync(
            register,
            ("TjenesteStart", "2022-03-01", "974795930", ""),
            ("MidlertidigStoppFra", "2022-04-01", "974795930", "S-1"),
            ("MidlertidigStoppTil", "2022-04-05", "974795930", "S-1"),
            ("MidlertidigStoppFra", "2022-06-01", "974795930", "S-2"),
            ("MidlertidigStoppTil", "2022-06-10", "974795930", "S-2"),
            ("TjenesteutforerEndret", "2022-09-01", "312701103", ""),
            ("TjenesteSlutt", "2023-01-31", "312701103", ""));

        (await QueryAsync(register,
            """
            select concat_ws(' ', data_year, service_code, started_on, ended_on, organisation_number, days_stopped)
            from register.service
            """)).ShouldBe(
            ["2022 21 2022-03-01 2023-01-31 312701103 15", "2023 21 2022-03-01 2023-01-31 312701103 0"]);
    }

    [Fact]
    public async Task Where_the_same_stay_comes_as_events_and_as_a_service_the_one_that_counts_is_counted()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendEventsAsync(register, ("TjenesteStart", "2025-12-01", "974795930", ""));
        await SendAsync(register, "tjeneste",
            """{"tjenesteId":"T-1","tjenestetype":"21","startDato":"2025-12-01",""");

        (await QueryAsync(register, "select concat_ws(' ', record_table, data_year) from register.service"))
            .ShouldBe(["ktt_tjeneste 2025", "ktt_tjeneste 2026"]);
        (await QueryAsync(register,
            "select concat_ws(' ', record_table, data_year, counts) from register.reported_service"))
            .ShouldBe(["ipl_tjenestestart 2025 f", "ipl_tjenestestart 2026 f", "ktt_tjeneste 2025 t",
                "ktt_tjeneste 2026 t"]);
    }

    [Fact]
    public async Task A_stay_in_an_emergency_bed_counts_as_the_unit_with_the_beds_tells_of_it()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "tjeneste",
            """{"tjenesteId":"T-1","tjenestetype":"25","startDato":"2026-01-05","sluttDato":"2026-01-07",""");
        await SendAsync(register, "tjeneste",
            """{"tjenesteId":"T-2","tjenestetype":"25","startDato":"2026-02-05","sluttDato":"2026-02-07",""");
        await SendAsync(register, "opphold",
            """
            {"oppholdId":"KO-1","innTid":"2026-01-05T22:30:00+01:00","utTid":"2026-01-07T10:00:00+01:00",
             "henvisendeInstans":"2",
            """,
            "KOHD_Opphold");

        (await QueryAsync(register,
            "select concat_ws(' ', record_table, service_code, started_on, ended_on) from register.service"))
            .ShouldBe(["kohd_opphold 25 2026-01-05 2026-01-07", "ktt_tjeneste 25 2026-02-05 2026-02-07"]);
    }

    [Fact]
    public async Task Waiting_list_and_rehabilitation_are_told_on_and_off()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "venteliste",
            """{"ventelisteId":"W-1","paDato":"2025-10-01","avDato":"2026-02-28",""");
        await SendAsync(register, "rehabilitering",
            """
            {"rehabiliteringId":"R-1","startDato":"2026-01-05","sluttDato":"2026-02-10","rehabiliteringstype":"3",
            """);
        await SendAsync(register, "rehabilitering",
            """{"rehabiliteringId":"R-2","startDato":"2026-01-02","rehabiliteringstype":"1",""");

        (await QueryAsync(register,
            """
            select concat_ws(' ', data_year, waiting_list, waiting_list_on, rehabilitation, rehabilitation_on,
              'part ' || rehabilitation_part)
            from register.care_situation
            """)).ShouldBe(
            [
                "2025 1 2025-10-01", "2026 1 2025-10-01", "2026 1 2026-01-05 part 3", "2026 2 2026-02-10 part 3",
                "2026 2 2026-02-28", "2026 part 1",
            ]);
    }

    [Fact]
    public async Task What_is_told_once_holds_until_the_next_is_told()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "livssituasjon",
            """{"livssituasjonId":"L-1","gjelderFra":"2024-05-01","husstand":"2","omsorgFraBarn":"1",""");
        await SendAsync(register, "livssituasjon",
            """{"livssituasjonId":"L-2","gjelderFra":"2025-06-01","husstand":"1","egnetBolig":"2",""");
        await SendAsync(register, "individuellPlan",
            """{"individuellPlanId":"I-1","gjelderFra":"2025-02-01","planStatus":"1","koordinatorStatus":"2",""");
        await SendAsync(register, "heldognstilbud", """{"heldognstilbudId":"G-1","fraDato":"2025-11-01",""");
        await SendAsync(register, "ernaering",
            """
            {"ernaeringId":"E-1","vurdert":"1","vurdertDato":"2026-01-10","metode":"1","mstPoeng":3,"iRisiko":"1",
             "risikoDato":"2026-01-10","harPlan":"1","planDato":"2026-01-12",
            """);

        (await QueryAsync(register,
            """
            select concat_ws(' ', data_year, valid_from, valid_to, 'h' || household, 'd' || suitable_dwelling,
              'c' || helped_by_children, 'p' || individual_plan, 'k' || coordinator, 'r' || round_the_clock,
              'n' || nutrition_score || nutrition_risk || nutrition_plan)
            from register.care_situation
            """)).ShouldBe(
            [
                "2024 2024-05-01 2025-05-31 h2 c1", "2025 2024-05-01 2025-05-31 h2 c1", "2025 2025-02-01 p1 k2",
                "2025 2025-06-01 h1 d2", "2025 2025-11-01 r1", "2026 2025-02-01 p1 k2", "2026 2025-06-01 h1 d2",
                "2026 2025-11-01 r1", "2026 2026-01-10 n311",
            ]);
    }

    [Fact]
    public async Task Welfare_technology_is_counted_per_person_and_kind_and_only_when_someone_assessed_the_person()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "velferdsteknologi", Technology("X-1", "2", "1"));
        await SendAsync(register, "velferdsteknologi", Technology("X-2", "2", "1"));
        await SendAsync(register, "velferdsteknologi", Technology("X-3", "2", "1"));
        await SendAsync(register, "velferdsteknologi", Technology("X-4", "4", "1"));
        await SendAsync(register, "velferdsteknologi", Technology("X-5", "1", "2"));

        (await QueryAsync(register,
            "select concat_ws(' ', data_year, welfare_technology) from register.care_situation"))
            .ShouldBe(["2026 2", "2026 4"]);
    }

    [Fact]
    public async Task A_level_lasts_until_the_same_function_is_assessed_again()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "funksjonsvurdering",
            """
            {"vurderingId":"F-1","vurdertDato":"2025-03-01",
             "funksjoner":[{"variabel":"5","verdi":"2"},{"variabel":"13","verdi":"1"}],
            """);
        await SendAsync(register, "funksjonsvurdering",
            """{"vurderingId":"F-2","vurdertDato":"2026-02-01","funksjoner":[{"variabel":"5","verdi":"4"}],""");

        (await QueryAsync(register,
            "select concat_ws(' ', variable, level, valid_from, valid_to) from register.functional_level"))
            .ShouldBe(["13 1 2025-03-01", "5 2 2025-03-01 2026-01-31", "5 4 2026-02-01"]);
    }

    [Fact]
    public async Task A_year_begins_when_it_does_in_Norway()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "ernaering",
            """{"ernaeringId":"E-1","vurdert":"2",""", registeredAt: "2026-01-01T00:20:00+01:00");
        register.Clock.Now = new DateTimeOffset(2026, 12, 31, 23, 30, 0, TimeSpan.Zero);
        await SendAsync(register, "tjeneste",
            """{"tjenesteId":"T-1","tjenestetype":"29","startDato":"2026-02-01",""");

        (await QueryAsync(register, "select data_year::text from register.service")).ShouldBe(["2026", "2027"]);
        (await QueryAsync(register, "select data_year::text from register.care_situation")).ShouldBe(["2026"]);
    }

    private static string Technology(string id, string type, string isAssessed) =>
        $$"""
        {"velferdsteknologiId":"{{id}}","teknologitype":"{{type}}","individueltVurdert":"{{isAssessed}}",
         "startDato":"2026-01-10",
        """;

    private static async Task<IReadOnlyList<string>> QueryAsync(WholeRegister register, string sql)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return [.. (await connection.QueryAsync<string>(sql)).Order(StringComparer.Ordinal)];
    }

    private static async Task SendAsync(
        WholeRegister register, string kind, string beginning, string type = "KTT_Tjeneste",
        string registeredAt = "2026-03-01T10:00:00+01:00")
    {
        var registered = type == "KTT_Tjeneste" ? $"\"registrertTid\":\"{registeredAt}\"," : "";
        await register.TakeInAsync(
            type,
            $$"""
            [{"orgNr":"{{Sender}}","kommuneNr":"0301","{{kind}}":[{{beginning}}
              {{registered}}"person":{"fodselsNr":"15851900079"} }]}]
            """,
            Sender);
        register.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    private static async Task SendEventsAsync(
        WholeRegister register, params (string Event, string On, string Site, string Stop)[] events)
    {
        var told = events.Select((one, at) =>
            $"""
            <Notifikasjon statusNotifikasjon="N" notifikasjonTid="2022-03-01T10:00:00"
              notifikasjonGUID="{IdOf(at + 1)}" notifikasjonForrigeGUID="{IdOf(at)}" notifikasjonLopeNr="{at + 1}">
              <{one.Event} tjenesteType="21" hendelseRegTid="2022-03-01T09:58:00" tjenesteOrgNr="{one.Site}"
                hendelseDato="{one.On}" tjenesteID="T-1" hendelseGUID="{IdOf(100 + at)}"
                {(one.Stop.Length > 0 ? $"midlertidigStoppID=\"{one.Stop}\"" : "")}>
                <Bruker pasientGUID="33333333-3333-4333-8333-333333333333" brukerNr="7" fid="15851900079" typeID="1"/>
              </{one.Event}>
            </Notifikasjon>
            """);
        var message =
            $"""
            <Melding xmlns="http://www.npr.no/xmlstds/56_0_0_ipl" versjon="56.0.0" meldingstype="K" leverandor="L"
              navnEPJ="E" versjonEPJ="1" versjonUt="1">
              {string.Concat(told)}
              <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
              <Kommune kommuneNr="5001"/>
            </Melding>
            """;
        await register.TakeInXmlAsync(message, Sender, new DateOnly(2026, 3, 2));
    }

    private static Guid IdOf(int no) => no == 0 ? Guid.Empty : Guid.Parse($"00000000-0000-4000-8000-{no:D12}");
}
