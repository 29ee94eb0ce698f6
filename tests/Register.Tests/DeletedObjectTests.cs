using Dapper;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>What senders delete by GUID (<c>Slett</c>, Volven 7372) takes along what has no id of its own.</summary>
public class DeletedObjectTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("974795930");
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

    [Fact]
    public async Task The_events_of_a_deleted_pathway_go_with_it()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, "pak", "B", Patient(1, Pathway("F1", First, 2) + Pathway("F2", Second, 1)));

        var deleted = await TakeInAsync(
            register, "pak", "E", Deletion("F", First) + Patient(1, Pathway("F2", Second, 1)));

        deleted.Deleted.ShouldBe(3, "the pathway and two events");
        (await CountAsync(register, "pak_hendelse")).ShouldBe(1);
    }

    [Fact]
    public async Task A_pathway_that_comes_again_with_fewer_events_has_no_others_and_takes_none_of_other_patients()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(
            register, "pak", "B", Patient(1, Pathway("F1", First, 3)) + Patient(2, Pathway("F1", Second, 2)));

        var fewer = await TakeInAsync(register, "pak", "E", Patient(1, Pathway("F1", First, 1)));

        fewer.Deleted.ShouldBe(2);
        (await CountAsync(register, "pak_hendelse")).ShouldBe(3, "a pathway's id is unique within the patient only");
    }

    [Fact]
    public async Task The_child_welfare_services_part_in_a_deleted_period_goes_with_it_and_the_episodes_stand()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, "ord", "B", Patient(1, Period("H1", First) + Period("H2", Second) + Episode("H1")));

        var deleted = await TakeInAsync(
            register, "ord", "E", Deletion("H", First) + Patient(1, Period("H2", Second)));

        deleted.Deleted.ShouldBe(2, "the referral and the part of the child welfare service");
        (await CountAsync(register, "ord_barnevernet")).ShouldBe(1);
        (await CountAsync(register, "ord_episode")).ShouldBe(1, "an episode is deleted by its own id");
    }

    private static string Deletion(string kind, Guid id) => $"<Slett objekttype=\"{kind}\" slettGUID=\"{id}\"/>";

    private static string Patient(int number, string content) =>
        $"<Objektholder pasientNr=\"{number}\">{content}</Objektholder>";

    private static string Pathway(string id, Guid guid, int events) =>
        $"""
        <Forlop forlopGUID="{guid}" forlopID="{id}" forlopType="1" forlopKodeverk="9173" forlopKode="A26">
          {string.Concat(Enumerable.Range(1, events).Select(no =>
              $"<ForlopHendelse hendelseID=\"{no}\" forlopTypeHendelse=\"1\" hendelseKodeverk=\"9174\" "
              + "typeHendelse=\"A\" datoTid=\"2019-03-10T10:00:00\"/>"))}
        </Forlop>
        """;

    private static string Period(string id, Guid guid) =>
        $"""
        <Henvisningsperiode henvisningsperiodeID="{id}" henvisningsperiodeGUID="{guid}" nyTilstand="1">
          <Henvisning henvID="R-{id}" mottaksDato="2019-01-10" frittBehandlingsvalg="2"
            komNrHjem="5001">{Units}</Henvisning>
          <Barnevernet barnevernetsRolle="1" datoRolle="2019-02-01"/>
        </Henvisningsperiode>
        """;

    private static string Episode(string period) =>
        $"""
        <Episode episodeID="E1" henvisningsperiodeID="{period}" innDatoTid="2019-03-12T09:00:00" debitor="1"
          komNrHjem="5001" omsorgsniva="3" innmateHast="4">
          <Kontakt kontaktType="1" stedAktivitet="1"/>{Units}
        </Episode>
        """;

    private const string Units =
        """
        <RefEnhet enhetID="A" typeEnhet="1"/><RefEnhet enhetID="A" typeEnhet="7"/><RefEnhet enhetID="A" typeEnhet="2"/>
        """;

    private static async Task<long> CountAsync(WholeRegister register, string table)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(
            TestContext.Current.CancellationToken);
        return await connection.ExecuteScalarAsync<long>($"select count(*) from register.{table}");
    }

    private static Task<MergeOutcome> TakeInAsync(
        WholeRegister register, string module, string kind, string content) =>
        register.TakeInXmlAsync(
            $"""
            <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_{module}" versjon="53.1.3" meldingstype="{kind}"
              fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-10" leverandor="L" navnEPJ="E"
              versjonEPJ="1" versjonUt="1" lopenr="1">
              <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
              <Institusjon institusjonID="974795930"><Enhet enhetID="A"/>{content}</Institusjon>
            </Melding>
            """,
            Sender, new DateOnly(2020, 1, 12));
}
