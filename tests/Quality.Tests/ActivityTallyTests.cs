using System.Text;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Cases;
using Kilde.Quality.Tests.Kit;

namespace Kilde.Quality.Tests;

public class ActivityTallyTests
{
    private static DefinitionCatalogue Catalogue => TestForms.Catalogue;

    private const string Units =
        """
        <RefEnhet enhetID="B1" typeEnhet="1"/><RefEnhet enhetID="A1" typeEnhet="7"/>
        <RefEnhet enhetID="F1" typeEnhet="2"/>
        """;

    [Fact]
    public void Episodes_are_counted_by_sector_month_of_their_end_place_and_level()
    {
        var tallied = TallyOf(
            Episode("E1", level: "3", field: "320", end: "2026-02-28T23:30:00"),
            Episode("E2", level: "3", field: "320", end: "2026-02-01T00:10:00"),
            Episode("E3", level: "8", field: null, end: "2026-03-01T10:00:00"),
            Episode("E4", level: "1", field: "010", end: null));

        tallied.Institutions.ShouldBe(["310000005"]);
        tallied.Cells.OrderBy(cell => cell.Keys[0]).ShouldBe(
        [
            new("0", Sector.AdultMentalHealth, ["02", "Nordvika", "A1", "F1", "3"], [2]),
            new("0", Sector.Somatic, ["03", "Nordvika", "A1", "F1", "3"], [1]),
        ]);
    }

    [Fact]
    public void What_was_counted_goes_through_text_unchanged()
    {
        var tallied = TallyOf(Episode("E1", "2", "360", "2026-01-02T12:00:00"));

        var read = Tallied.Parse(tallied.ToText());

        read.Cells.ShouldBe(tallied.Cells);
        read.Institutions.ShouldBe(tallied.Institutions);
        Tallied.Parse(null).ShouldBe(Tallied.Nothing);
    }

    [Fact]
    public void What_was_counted_of_a_part_is_counted_again_by_its_words()
    {
        string[] episodes =
        [
            Episode("E1", "2", "360", "2026-01-02T12:00:00"), Episode("E2", "2", "360", "2026-01-03T12:00:00"),
            Episode("E3", "3", null, "2026-02-03T12:00:00"),
        ];
        var form = TestForms.Of("NPR_ORD");
        var read = Read(form, episodes);
        var again = Read(form);

        foreach (var counted in read.OfParts!) again.Add(read.Counted[counted.What], counted.Times);

        read.OfParts!.ShouldAllBe(part => part.Part == 1);
        again.End().Cells.OrderBy(cell => cell.Keys[0]).ShouldBe(read.End().Cells.OrderBy(cell => cell.Keys[0]));
        again.End().Institutions.ShouldBe(read.End().Institutions);
    }

    [Theory]
    [InlineData("NPR_ORD", true)]
    [InlineData("NPR_IDE", true)]
    [InlineData("NPR_RAD", true)]
    [InlineData("KPR_IPLOS", true)]
    [InlineData("KPR_IPL", true)]
    [InlineData("HST_Avtale", false)]
    public void Only_activity_and_identities_are_counted(string type, bool isCounted) =>
        (ActivityTally.For(Catalogue.MessageTypes.First(each => each.Name == type), TestForms.All) is not null)
            .ShouldBe(isCounted);

    // The months of a small form, and so its persons, are counted on their own: nobody is in a month twice.
    [Fact]
    public void Persons_are_told_apart_and_not_added_up()
    {
        var form = ActivityFormFiles.Read(
            """
            message: NPR_ORD
            table: ord_episode
            title: { nb: x }
            counted: { nb: x }
            keys: { month: { month: ut_dato_tid, title: { nb: x } } }
            counts: [{ keys: [month], amounts: { patients: { persons: true, title: { nb: Pasienter } } } }]
            sheets: [{ sheet: month, keys: [month] }]
            """,
            "x.yaml", Catalogue);

        var tallied = TallyOf(
            form, Episode("E1", "3", "010", "2026-02-03T10:00:00"), Episode("E2", "3", "010", "2026-02-04T10:00:00"));

        tallied.Cells.ShouldBe([new("0", Sector.Somatic, ["02"], [1])]);
    }

    // The municipality stands behind the notifications, and is not known while they are read.
    [Fact]
    public void Consultations_are_those_of_the_municipality_that_the_message_ends_with()
    {
        const string message =
            """
            <Melding xmlns="http://www.npr.no/xmlstds/56_0_0_hst" versjon="56.0.0" meldingstype="P"
              fraDatoPeriode="2022-01-01" tilDatoPeriode="2022-12-31" uttakDato="2022-04-01" lopenr="1"
              leverandor="Fjordomsorg AS" navnEPJ="Fjord" versjonEPJ="8" versjonUt="1">
              <Notifikasjon statusNotifikasjon="N" notifikasjonTid="2022-03-02T08:00:00" notifikasjonLopeNr="1"
                notifikasjonGUID="11111111-1111-4111-8111-111111111111"
                notifikasjonForrigeGUID="00000000-0000-0000-0000-000000000000">
                <Konsultasjon konsultasjonID="K1" datoTidStart="2022-03-01T09:00:00"
                  konsultasjonRegistrertTidspunkt="2022-03-01T09:30:00" formKonsultasjon="I"
                  anbefaltTypeKonsultasjon="6U" amming="1">
                  <Barn_ungdom pasientGUID="33333333-3333-4333-8333-333333333333" barn_ungdomNr="7" kjonn="1"
                    fodselsar="2019" fid="15851900079" typeID="1"/>
                </Konsultasjon>
              </Notifikasjon>
              <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
              <Kommune kommuneNr="5001"/>
            </Melding>
            """;

        var tallied = ReadMessage(TestForms.Of("KPR_HST"), message, out var envelope).End(envelope.Institution);

        tallied.Institutions.ShouldBe(["5001"]);
        tallied.Cells.ShouldHaveSingleItem().Keys.ShouldBe(["03", "5001", "I", "6U"]);
    }

    private static Tallied TallyOf(params string[] episodes) => TallyOf(TestForms.Of("NPR_ORD"), episodes);

    private static Tallied TallyOf(ActivityForm form, params string[] episodes) => Read(form, episodes).End();

    private static ActivityTally Read(ActivityForm form, params string[] episodes)
    {
        var message = $"""
            <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ord" versjon="53.1.3" meldingstype="B"
              fraDatoPeriode="2026-01-01" tilDatoPeriode="2026-03-31" uttakDato="2026-04-02" lopenr="1"
              leverandor="Fjordjournal AS" navnEPJ="Fjord" versjonEPJ="8" versjonUt="1">
              <Kontaktperson kontPerson="P" meldEpost1="p@nordvika.example" typeKontaktperson="1"/>
              <Institusjon institusjonID="310000005">
                <Enhet enhetID="B1" orgNr="310000005" enhetLokal="Nordvika"/><Enhet enhetID="A1"/><Enhet enhetID="F1"/>
                <Objektholder pasientNr="7">
                  <Henvisningsperiode henvisningsperiodeID="H1" nyTilstand="1">
                    <Henvisning henvID="1" mottaksDato="2026-01-02" henvType="10" frittBehandlingsvalg="2"
                      komNrHjem="1804">{Units}</Henvisning>
                  </Henvisningsperiode>
                  {string.Concat(episodes)}
                </Objektholder>
              </Institusjon>
            </Melding>
            """;
        return ReadMessage(form, message, out _);
    }

    private static ActivityTally ReadMessage(ActivityForm form, string message, out MessageEnvelope envelope)
    {
        var opened = Catalogue.OpenXml(
            new MemoryStream(Encoding.UTF8.GetBytes(message)),
            new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2026, 4, 3)));
        using var reading = opened.Reading.ShouldNotBeNull();
        _ = reading.Parts;
        var tally = new ActivityTally(form);
        while (reading.Next() is { } batch) tally.Add(batch);
        reading.Outcome.IsAccepted.ShouldBeTrue(
            string.Join('\n', reading.Outcome.Findings.Select(finding => $"{finding.Path} {finding.Text}")));
        envelope = reading.Envelope.ShouldNotBeNull();
        return tally;
    }

    private static string Episode(string id, string level, string? field, string? end)
    {
        var fieldTold = field is null ? "" : $"episodeFag=\"{field}\"";
        var endTold = end is null ? "" : $"utDatoTid=\"{end}\"";
        return $"""
            <Episode episodeID="{id}" henvisningsperiodeID="H1" innDatoTid="2026-01-02T08:00:00" debitor="1"
              komNrHjem="1804" innmateHast="4" omsorgsniva="{level}" {fieldTold} {endTold}>
              <Kontakt kontaktType="2" stedAktivitet="1"/>
              {Units}
            </Episode>
            """;
    }
}
