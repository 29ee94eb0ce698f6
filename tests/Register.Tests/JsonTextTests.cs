using Dapper;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Returning;
using Kilde.Register.Tables;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>
/// Json that nothing looks into often is kept as text (ADR 180), and is Json to everyone who is given it.
/// </summary>
public class JsonTextTests(PostgresServer postgres)
{
    private const string Institution = "974795930";

    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse(Institution);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_definition_says_what_is_kept_as_text()
    {
        var tables = RecordTable.AllOf(RepositoryDefinitions.Catalogue.MessageTypes);

        TypeOf("ord_episode", "tjeneste").ShouldBe("text");
        TypeOf("ord_episode", "tvang").ShouldBe("text");
        TypeOf("ipl_sak", "iverksatt").ShouldBe("jsonb");

        string TypeOf(string table, string column) =>
            tables.Single(of => of.Name.Text == table).Columns.Single(of => of.Name.Text == column).SqlType;
    }

    [Fact]
    public async Task What_is_kept_as_text_stands_as_it_was_sent_and_is_returned_as_json()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        (await TakeInAsync(register, Message)).Inserted.ShouldBe(4);
        (await TakeInAsync(register, Message)).Unchanged.ShouldBe(4);
        (await TakeInAsync(register, Message.Replace("spesialist=\"2\"", "spesialist=\"1\""))).Updated.ShouldBe(1);

        await using (var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation))
        {
            (await connection.QuerySingleAsync<string>("select kontakt_helseperson from register.ord_episode"))
                .ShouldBe("""[{"rolle":"1","spesialist":"1","polUtforende":"1"}]""");
            (await connection.QuerySingleAsync<string[]>("select procedures from register.treatment"))
                .ShouldBe(["WLGX20"]);
        }

        var own = new ReadOwnRecords(register.Databases.Register, register.Catalogue, register.Audit);
        var returned = new List<OwnRecord>();
        await foreach (var batch in own.ReadAsync(
            [Institution], ReturnedRecords.All, 10, WholeRegister.Ground, Cancellation)) returned.AddRange(batch);
        var stay = returned.Single(record => record.Table == "ord_episode").Values;
        stay.ShouldContain("\"kontakt_helseperson\": [{\"rolle\": \"1\"");
        stay.ShouldContain("\"kodeVerdi\": \"WLGX20\"");
        stay.ShouldNotContain("\"tvang\"");
    }

    private const string Message =
        """
        <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ord" versjon="53.1.3" meldingstype="B"
          fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-10" leverandor="L" navnEPJ="E"
          versjonEPJ="1" versjonUt="1" lopenr="1">
          <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
          <Institusjon institusjonID="974795930">
            <Enhet enhetID="P1"/>
            <Objektholder pasientNr="11">
              <Pasient pasientNr="11" kjonn="2" fodselsar="1940"/>
              <Henvisningsperiode henvisningsperiodeID="H1" henvFraTjeneste="28" ansienDato="2019-01-07"
                nyTilstand="1">
                <Henvisning henvID="H1" mottaksDato="2019-01-07" henvType="10" frittBehandlingsvalg="2" debitor="1"
                  komNrHjem="1101" omsnivahenv="3" fagomrade="240" henvVurd="2" vurdDato="2019-01-11" pakkeforlop="2">
                  <RefEnhet enhetID="P1" typeEnhet="1"/>
                  <RefEnhet enhetID="P1" typeEnhet="7"/>
                  <RefEnhet enhetID="P1" typeEnhet="2"/>
                </Henvisning>
              </Henvisningsperiode>
              <Episode episodeID="E1" henvisningsperiodeID="H1" innDatoTid="2019-03-04T09:00:00" fraSted="1"
                debitor="1" episodeFag="240" komNrHjem="1101" inntilstand="1" innmateHast="4" omsorgsniva="3">
                <Kontakt kontaktType="1" stedAktivitet="1" polkonAktivitet="1">
                  <Helseperson rolle="1" spesialist="2" polUtforende="1"/>
                </Kontakt>
                <RefEnhet enhetID="P1" typeEnhet="1"/>
                <RefEnhet enhetID="P1" typeEnhet="7"/>
                <RefEnhet enhetID="P1" typeEnhet="2"/>
                <Tjeneste tjenesteenhetID="P1" startDatoTid="2019-03-04T09:00:00">
                  <Tiltak typeTiltak="1" startDatoTid="2019-03-04T09:00:00"><Prosedyre prosNr="1">
                    <Kode kodeNr="1" kodeVerdi="WLGX20" Kodeverk="M" kodeVersjon="2019"/></Prosedyre></Tiltak>
                </Tjeneste>
              </Episode>
            </Objektholder>
          </Institusjon>
        </Melding>
        """;

    private static Task<MergeOutcome> TakeInAsync(WholeRegister register, string message)
    {
        register.Clock.Advance(TimeSpan.FromMinutes(1));
        return register.TakeInXmlAsync(message, Sender, new DateOnly(2020, 1, 12));
    }
}
