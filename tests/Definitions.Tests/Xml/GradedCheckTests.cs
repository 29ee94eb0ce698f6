using System.Text;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>What is done with values that XML Schema accepts and NPR's server does not.</summary>
public class GradedCheckTests
{
    private const string Episode = "ord_episode";
    private const string Patient = "ord_pasient";
    private const string Referral = "ord_henvisning";

    [Theory]
    [InlineData("innDatoTid='2019-03-12T09:00:00'", "innDatoTid='0219-03-12T09:00:00'", "INN-002")]
    [InlineData("innDatoTid='2019-03-12T09:00:00'", "innDatoTid='2119-03-12T09:00:00+01:00'", "INN-002")]
    [InlineData("utDatoTid='2019-03-12T10:00:00'", "utDatoTid='0219-03-12T10:00:00'", "INN-002")]
    [InlineData("komNrHjem='0301' innmateHast", "komNrHjem='0000' innmateHast", "COD-003")]
    public void An_episode_whose_time_or_home_cannot_be_is_left_out_and_told_once(string text, string sent, string rule)
    {
        var (outcome, rows) = Read(text, sent);

        outcome.IsAccepted.ShouldBeTrue();
        rows.ShouldNotContain(row => row.Table == Episode);
        var finding = outcome.Findings.ShouldHaveSingleItem();
        (finding.RuleId, finding.Severity).ShouldBe((rule, Severity.Warning));
        finding.Text.ShouldEndWith("Posten er ikke tatt inn.");
    }

    [Theory]
    [InlineData("fodselsar='1969'", "fodselsar='1066'", Patient, "fodselsar", null, "INN-001")]
    [InlineData("fodselsar='1969'", "fodselsar='2100'", Patient, "fodselsar", null, "INN-001")]
    [InlineData("epikriseDato='2019-03-13'", "epikriseDato='1066-03-13'", Episode, "epikrise_dato", null, "INN-002")]
    [InlineData("komNrHjem='0301'>", "komNrHjem='0000'>", Referral, "kom_nr_hjem", "-1", "COD-003")]
    public void A_value_that_cannot_be_is_replaced_and_told_once(
        string text, string sent, string table, string column, string? kept, string rule)
    {
        var (outcome, rows) = Read(text, sent);

        rows.Single(row => row.Table == table).Values[column].ShouldBe(kept);
        outcome.Findings.ShouldHaveSingleItem().RuleId.ShouldBe(rule);
    }

    [Theory]
    [InlineData("9000")]
    [InlineData("9900")]
    [InlineData("9999")]
    [InlineData("2111")] // Longyearbyen
    [InlineData("5001")]
    public void A_mark_and_a_municipality_of_the_day_are_kept(string home)
    {
        var (outcome, rows) = Read("komNrHjem='0301' innmateHast", $"komNrHjem='{home}' innmateHast");

        outcome.Findings.ShouldBeEmpty();
        rows.Single(row => row.Table == Episode).Values["kom_nr_hjem"].ShouldBe(home);
    }

    // Trondheim until 2017: those who have not changed the number yet are told so, and lose nothing.
    [Fact]
    public void A_number_that_was_in_use_before_is_kept_and_told_by_its_rule()
    {
        var (outcome, rows) = Read("komNrHjem='0301' innmateHast", "komNrHjem='1601' innmateHast");

        outcome.Findings.ShouldHaveSingleItem().RuleId.ShouldBe("NPR-EPI-014");
        rows.Single(row => row.Table == Episode).Values["kom_nr_hjem"].ShouldBe("1601");
    }

    [Theory]
    [InlineData("tilDatoPeriode='2019-12-31'", "tilDatoPeriode='0219-12-31'")]
    [InlineData("uttakDato='2020-01-10'", "uttakDato='2120-01-10'")]
    public void A_message_whose_days_cannot_be_is_refused(string text, string sent)
    {
        var (outcome, _) = Read(text, sent);

        outcome.IsAccepted.ShouldBeFalse();
        outcome.Findings.ShouldContain(finding => finding.RuleId == "INN-002" && finding.Severity == Severity.Error);
    }

    [Theory]
    [InlineData("2019-03-31T02:30:00", "2019-03-31T01:30:00.0000000+00:00")]
    [InlineData("2019-03-31T02:30:00.25", "2019-03-31T01:30:00.2500000+00:00")]
    public void A_time_in_the_hour_that_is_skipped_is_kept_as_standard_time_and_told(string sent, string instant)
    {
        var text = "innDatoTid='2019-03-12T09:00:00' utDatoTid='2019-03-12T10:00:00' epikriseDato='2019-03-13'";
        var (outcome, rows) = Read(text, $"innDatoTid='{sent}'");

        outcome.IsAccepted.ShouldBeTrue();
        var finding = outcome.Findings.ShouldHaveSingleItem();
        (finding.RuleId, finding.Severity).ShouldBe(("INN-005", Severity.Warning));
        finding.Path.ShouldStartWith(
            "/Melding/Institusjon[@institusjonID='310211036']/Objektholder[1]/Episode[1]/@innDatoTid");
        rows.Single(row => row.Table == Episode).Values["inn_dato_tid"].ShouldBe(instant);
    }

    private static (MessageOutcome Outcome, List<Row> Rows) Read(string text, string changed)
    {
        Message.Split(text).Length.ShouldBe(2, text);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(Message.Replace(text, changed)));
        var options = new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2020, 1, 12)) { HoldsRules = true };
        using var reading = Kit.Catalogue.OpenXml(content, options).Reading!;
        var rows = new List<Row>();
        while (reading.Next() is { } batch)
        {
            for (var at = 0; at < batch.Count; at++)
            {
                var values = new Dictionary<string, string?>(StringComparer.Ordinal);
                foreach (var column in batch.Type.Columns) values[column.Name] = Told(batch.Vector(column.Name), at);
                rows.Add(new Row(batch.Type.Table, values));
            }
        }

        return (reading.Outcome, rows);
    }

    private static string? Told(ColumnVector vector, int at) => vector.IsNull(at)
        ? null
        : vector switch
        {
            ColumnVector<DateTimeOffset> times => times[at].ToString("O"),
            ColumnVector<string> texts => texts[at],
            _ => "noe annet",
        };

    private const string Message =
        """
        <Melding xmlns='http://www.npr.no/xmlstds/53_1_3_ord' versjon='53.1.3' meldingstype='B'
          fraDatoPeriode='2019-01-01' tilDatoPeriode='2019-12-31' uttakDato='2020-01-10' leverandor='L' navnEPJ='S'
          versjonEPJ='1' versjonUt='1' lopenr='1'>
          <Kontaktperson kontPerson='T' meldEpost1='t@eksempel.no' typeKontaktperson='1'/>
          <Kontaktperson kontPerson='T' meldEpost1='t@eksempel.no' typeKontaktperson='15'/>
          <Institusjon institusjonID='310211036'><Enhet enhetID='A1' orgNr='310211036' offAvdKode='100'
            isfRefusjon='1'/>
            <Objektholder pasientNr='P1'><Pasient pasientNr='P1' kjonn='2' fodselsar='1969'/>
              <Henvisningsperiode henvisningsperiodeID='H1'>
                <Henvisning henvID='1' mottaksDato='2019-01-10' frittBehandlingsvalg='2' komNrHjem='0301'>
                  <RefEnhet enhetID='A1' typeEnhet='1'/><RefEnhet enhetID='A1' typeEnhet='7'/>
                  <RefEnhet enhetID='A1' typeEnhet='2'/>
                </Henvisning>
              </Henvisningsperiode>
              <Episode episodeID='E1' henvisningsperiodeID='H1'
                innDatoTid='2019-03-12T09:00:00' utDatoTid='2019-03-12T10:00:00' epikriseDato='2019-03-13'
                utTilstand='1' debitor='1' omsorgsniva='1' komNrHjem='0301' innmateHast='1'>
                <AvdOpp/><RefEnhet enhetID='A1' typeEnhet='1'/><RefEnhet enhetID='A1' typeEnhet='7'/>
                <RefEnhet enhetID='A1' typeEnhet='2'/>
                <Tilstand tilstNr='1'><Kode kodeNr='1' Kodeverk='D' kodeVersjon='2019' kodeVerdi='J189'/></Tilstand>
              </Episode>
            </Objektholder>
          </Institusjon></Melding>
        """;

    private sealed record Row(string Table, Dictionary<string, string?> Values);
}
