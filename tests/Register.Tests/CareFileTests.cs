using Dapper;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>
/// Municipal care that comes as files of a year, in either form, in the views that checks and figures read; and what of
/// it counts where the same year is told several times (R2.14).
/// </summary>
public class CareFileTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("974795930");
    private static readonly OrganizationNumber Other = OrganizationNumber.Parse("310211036");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_case_shows_each_service_once_from_need_to_start_with_the_last_decision()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Sender, Batch("1103", Case));

        (await QueryAsync(register,
            """
            select concat_ws(' ', sender, data_year, service_code, applied_on, decided_on, decision, started_on,
              ended_on, hours_per_week, hours_with_extra_staff, organisation_number, is_rotating, complained_on,
              answered_on)
            from register.service
            """)).ShouldBe(
            [
                "1103 2019 15 2019-01-02 2019-03-01 2 2019-01-20 7.5 9 974795930 2019-02-01 2019-02-20",
                "1103 2019 21 2019-01-10 1", "1103 2019 6 2019-04-01 2019-06-30", "1103 2019 8 2019-01-10 2 t",
            ]);
    }

    [Fact]
    public async Task A_user_and_the_cases_show_the_situation_item_by_item()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Sender, Batch("1103", User + Case));

        (await QueryAsync(register,
            """
            select concat_ws(' ', data_year, valid_from, valid_to, 'h' || household, 'd' || suitable_dwelling,
              'c' || cares_for_children, 'f' || private_help, 'p' || individual_plan, 'k' || coordinator,
              'n' || nutrition_assessed || ' ' || nutrition_assessed_on, 'risk' || nutrition_risk,
              'plan' || nutrition_plan, 'w' || waiting_list || ' ' || waiting_list_on, 'r' || round_the_clock,
              't' || welfare_technology || ' ' || welfare_technology_on)
            from register.care_situation
            """)).ShouldBe(
            [
                "2019 2019-01-05 h2 d1 c1", "2019 2019-01-06 f3", "2019 2019-01-10 w1 2019-01-10", "2019 2019-01-20 r1",
                "2019 2019-02-03 n1 2019-02-03", "2019 2019-02-04 risk2", "2019 2019-03-05 p1", "2019 2019-03-06 k2",
                "2019 2019-04-01 2019-06-30 t1 2019-04-01", "2019 2019-05-05 w2 2019-05-05", "2019 2019-06-06 d2",
            ]);
        (await QueryAsync(register,
            "select concat_ws(' ', variable, level, valid_from, valid_to) from register.functional_level"))
            .ShouldBe(["13 1 2019-02-02", "5 2 2019-02-02 2019-08-31", "5 4 2019-09-01"]);
        (await QueryAsync(register,
            "select concat_ws(' ', sender, age, sex, home_municipality, urban_district) from register.care_person"))
            .ShouldBe(["1103 79 K 1103 110302"]);
    }

    [Theory]
    [InlineData("1103")]
    [InlineData("974795930")]
    public async Task Of_two_files_of_a_year_the_one_counts_whatever_the_municipality_calls_itself(string name)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Sender, Batch(name, User + Case));
        await TakeInAsync(register, Other, Batch("4601", User + Case));
        await TakeInAsync(register, Sender, Year(2019));

        const string counted = "select distinct concat_ws(' ', record_table, sender) from register.";
        (await QueryAsync(register, counted + "service")).ShouldBe(["ipl_sak 4601", "iplos_tjeneste 1103"]);
        (await QueryAsync(register, counted + "care_situation"))
            .ShouldBe(["ipl_bruker 4601", "ipl_sak 4601", "iplos_personopplysning 1103"]);
        (await QueryAsync(register, counted + "functional_level")).ShouldBe(["ipl_bruker 4601", "iplos_bruker 1103"]);
        (await QueryAsync(register, counted + "care_person")).ShouldBe(["ipl_bruker 4601", "iplos_bruker 1103"]);
    }

    [Fact]
    public async Task What_comes_day_by_day_is_that_of_the_file_of_who_sends_both_and_of_nobody_else()
    {
        using var definitions = new DefinitionCopy();
        var file = Path.Combine(definitions.Path, "messages", "iplos-3.7.yaml");
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file, Cancellation)).Replace("to: 2019 }", "to: 2025 }"), Cancellation);
        await using var register = await WholeRegister.StartAsync(postgres, definitions.Path);
        await TakeInAsync(register, Sender, Year(2025));
        foreach (var (sender, municipality) in new[] { (Sender, "1103"), (Sender, "0301"), (Other, "1103") })
        {
            await register.TakeInAsync(
                "KTT_Tjeneste",
                $$"""
                [{"orgNr":"{{sender}}","kommuneNr":"{{municipality}}","tjeneste":[{"tjenesteId":"T-{{municipality}}",
                  "tjenestetype":"15","startDato":"2025-03-01","sluttDato":"2025-04-01",
                  "registrertTid":"2026-03-01T10:00:00+01:00","person":{"fodselsNr":"15851900079"} }]}]
                """, sender);
        }

        (await QueryAsync(register,
            "select concat_ws(' ', record_table, sender, municipality, counts) from register.reported_service"))
            .ShouldBe(
            [
                "iplos_tjeneste 1103 1103 t", "ktt_tjeneste 1103 1103 f", $"ktt_tjeneste {Other} 1103 t",
                $"ktt_tjeneste {Sender} 0301 t",
            ]);
    }

    [Theory]
    [InlineData("utenbys")]
    [InlineData("reha")]
    [InlineData("999 999 999")]
    [InlineData("999999999")]
    [InlineData("809999998")]
    public async Task What_is_no_organisation_number_reaches_the_checks_as_files_of_a_year_tell_it(string number)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Sender, Year(2019).Replace(
            "</tjTjenType>", $"</tjTjenType><tjInstOrgnr>{number}</tjInstOrgnr>", StringComparison.Ordinal));
        await TakeInAsync(register, Other, Batch("4601", Case.Replace(
            "orgUtforer=\"974795930\"", $"orgUtforer=\"{number}\"", StringComparison.Ordinal)));

        (await QueryAsync(register,
            """
            select concat_ws(' ', record_table, organisation_number) from register.service where service_code = '15'
            """)).ShouldBe([$"ipl_sak {number}", $"iplos_tjeneste {number}"]);
    }

    [Fact]
    public async Task Who_gets_services_day_by_day_is_once_a_year_as_the_population_register_has_them()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await PlainRows.AddAsync(register.Databases, "freg_person", 1, ("gjelder_fra", "date '2020-01-01'"),
            ("registrert_tid", "timestamptz '2020-01-02'"), ("fodselsdato", "date '1950-06-01'"), ("kjonn", "'2'"),
            ("kommune_nr", "'1103'"));
        await PlainRows.AddAsync(register.Databases, "freg_person", 1, ("gjelder_fra", "date '2026-02-01'"),
            ("registrert_tid", "timestamptz '2026-02-02'"), ("kommune_nr", "'0301'"));
        foreach (var (person, from, to) in new[]
                 {
                     (1, "2025-01-01", "2025-03-01"), (1, "2025-06-01", "2026-01-15"), (1, "2023-06-01", "2024-01-15"),
                     (2, "2025-06-01", "2025-07-01"), (-3, "2025-06-01", "2025-07-01"),
                 })
        {
            await PlainRows.AddAsync(register.Databases, "ktt_tjeneste", person, ("kommune_nr", "'1103'"),
                ("start_dato", $"date '{from}'"), ("slutt_dato", $"date '{to}'"));
        }

        (await QueryAsync(register,
            """
            select concat_ws(' ', person_key, data_year, age, sex, home_municipality) from register.care_person
            """)).ShouldBe(["1 2024 74 K 1103", "1 2025 75 K 1103", "1 2026 76 K 0301", "2 2025"]);
    }

    private const string User =
        """
        <Bruker brukerNr="7" kjonn="2" fodselsar="1940" komNrHjem="1103" bydel="2">
          <Ernaring kartleggingID="E1" typeKartlegging="1" resultat="1" kartleggingDato="2019-02-03"/>
          <Ernaring kartleggingID="E2" typeKartlegging="2" resultat="2" kartleggingDato="2019-02-04"/>
          <PrivatHjelp privatHjelp="3" statusgjennomgangDato="2019-01-06"/>
          <Boforhold personopplysningerID="B1" husstand="4" omsorgForBarn="1" egnetBolig="1"
            statusgjennomgangDato="2019-01-04" personopplysningerDato="2019-01-05"/>
          <Boforhold personopplysningerID="B2" husstand="8" egnetBolig="2" statusgjennomgangDato="2019-06-06"/>
          <Funksjonsvurdering funksjonID="F1" funksjonstype="5" funksjonsverdi="2" funksjonVurdertDato="2019-02-02"/>
          <Funksjonsvurdering funksjonID="F2" funksjonstype="13" funksjonsverdi="1" funksjonVurdertDato="2019-02-02"/>
          <Funksjonsvurdering funksjonID="F3" funksjonstype="5" funksjonsverdi="4" funksjonVurdertDato="2019-09-01"/>
          <IndividuellPlan individuellPlan="101" individuellPlanDato="2019-03-05"/>
          <Koordinator koordinatorIP="2" koordinatorDato="2019-03-06"/>
        </Bruker>
        """;

    // A service granted twice and given, one refused, one granted and not begun, and one that nobody decided on.
    private const string Case =
        """
        <IplosSak sakID="1">
          <HenvendelseBehov behovID="N1" behovMottattDato="2019-01-02">
            <BehovTjeneste tjenesteID="T1" tjenestetype="15"/>
          </HenvendelseBehov>
          <VedtakBeslutningTjeneste vedtakID="V1" beslutning="2" ventelistePa="1" vedtakDato="2019-01-10">
            <VedtakTjeneste tjenesteID="T1" tjenestetype="15" direkteTid="5" vedtakStartDato="2019-01-20"/>
            <VedtakTjeneste tjenesteID="T2" tjenestetype="21" vedtak="1" vedtakStartDato="2019-01-20"/>
            <VedtakTjeneste tjenesteID="T3" tjenestetype="8" rullerende="1" vedtakStartDato="2019-01-20"/>
          </VedtakBeslutningTjeneste>
          <VedtakBeslutningTjeneste vedtakID="V2" beslutning="2" vedtakDato="2019-03-01">
            <VedtakTjeneste tjenesteID="T1" tjenestetype="15" direkteTid="7.5" ressursinnsats="9"
              vedtakStartDato="2019-03-01"/>
          </VedtakBeslutningTjeneste>
          <KlageVedtakPLO refVedtakID="V2" klageMottatdato="2019-02-01" klageBesvartDato="2019-02-20"/>
          <Iverksatt refVedtakID="V1" startDato="2019-01-20" ventelisteAv="2019-05-05" heldognstilbud="1">
            <IverksattTjeneste tjenesteID="T1" tjenestetype="15" orgUtforer="974795930"/>
          </Iverksatt>
          <Iverksatt>
            <IverksattTjeneste tjenesteID="T4" tjenestetype="6" faktiskStartDato="2019-04-01"
              faktiskSluttDato="2019-06-30"/>
          </Iverksatt>
        </IplosSak>
        """;

    private static string Batch(string municipality, string told) =>
        $"""
        <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ipl" versjon="53.1.3" meldingstype="B"
          fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-10" leverandor="L" navnEPJ="E"
          versjonEPJ="1" versjonUt="1" lopenr="1">
          <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
          <Kommune virksomhetID="{municipality}"><Objektholder pasientNr="11">{told}</Objektholder></Kommune>
        </Melding>
        """;

    private static string Year(int year) => AnnualCareFile.Of(
        $"""
          <PERSON pePeID="11"><peAlder>80</peAlder>
            <PERSONOPPL poPeID="11" poPoID="1"><poHusstand>1</poHusstand></PERSONOPPL>
            <FUNKSJON fnPeID="11" fnFnID="1"><fnFunkType>5</fnFunkType><fnFunkVerdi>2</fnFunkVerdi>
              <fnFraDato>{year}0202</fnFraDato><fnTilDato>{year}1231</fnTilDato></FUNKSJON>
            <TJENESTE tjPeID="11" tjTjID="1"><tjTjenType>15</tjTjenType><tjFraDato>{year}0120</tjFraDato></TJENESTE>
          </PERSON>
        """,
        year: year);

    private static async Task<IReadOnlyList<string>> QueryAsync(WholeRegister register, string sql)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return [.. (await connection.QueryAsync<string>(sql)).Order(StringComparer.Ordinal)];
    }

    private static Task<MergeOutcome> TakeInAsync(
        WholeRegister register, OrganizationNumber sender, string message) =>
        register.TakeInXmlAsync(message, sender, new DateOnly(2026, 3, 2));
}
