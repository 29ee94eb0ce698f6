using System.Text;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Quality.Cases;
using Kilde.Testing;

namespace Kilde.Quality.Tests;

public class ActivityTallyTests
{
    private static readonly DefinitionCatalogue Catalogue =
        DefinitionCatalogue.Load(Repository.At("definitions"));

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
        tallied.Activity.OrderBy(cell => cell.Month).ShouldBe(
        [
            new(Sector.AdultMentalHealth, 2, "Nordvika", "A1", "F1", CareLevel.Outpatient, 2),
            new(Sector.Somatic, 3, "Nordvika", "A1", "F1", CareLevel.Outpatient, 1),
        ]);
    }

    [Fact]
    public void What_was_counted_goes_through_text_unchanged()
    {
        var tallied = TallyOf(Episode("E1", "2", "360", "2026-01-02T12:00:00"));

        var read = Tallied.Parse(tallied.ToText());

        read.Activity.ShouldBe(tallied.Activity);
        read.Institutions.ShouldBe(tallied.Institutions);
        Tallied.Parse(null).ShouldBe(Tallied.Nothing);
    }

    [Theory]
    [InlineData("NPR_ORD", true)]
    [InlineData("NPR_IDE", true)]
    [InlineData("NPR_KPP", false)]
    [InlineData("KPR_IPLOS", false)]
    public void Only_activity_and_identities_are_counted(string type, bool isCounted) =>
        ActivityTally.Counts(Catalogue.MessageTypes.First(each => each.Name == type)).ShouldBe(isCounted);

    private static Tallied TallyOf(params string[] episodes)
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
        var opened = Catalogue.OpenXml(
            new MemoryStream(Encoding.UTF8.GetBytes(message)),
            new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2026, 4, 3)));
        using var reading = opened.Reading.ShouldNotBeNull();
        var tally = new ActivityTally();
        while (reading.Next() is { } batch) tally.Add(batch);
        reading.Outcome.IsAccepted.ShouldBeTrue(
            string.Join('\n', reading.Outcome.Findings.Select(finding => $"{finding.Path} {finding.Text}")));
        return tally.End();
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
