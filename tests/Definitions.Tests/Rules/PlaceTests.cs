using System.Xml;
using System.Xml.Linq;
using System.Xml.XPath;

namespace Kilde.Definitions.Tests.Rules;

/// <summary>A breach is told where it stands: a place that can be looked up in the message.</summary>
public class PlaceTests
{
    private const string From = "<Objektholder pasientNr=\"P1\">";

    [Fact]
    public void Two_patients_are_told_apart_without_their_numbers()
    {
        var first = new OrdMessage().Add("E1", end: "2019-02-01T12:00:00").ToString();
        var start = first.IndexOf(From, StringComparison.Ordinal);
        var holder = first[start..first.IndexOf("</Institusjon>", StringComparison.Ordinal)];
        var message = first.Replace("</Institusjon>", $"{holder.Replace("P1", "P2")}</Institusjon>");

        var places = Look(message);

        places.Count.ShouldBe(2);
        places.Select(one => one.Element.Ancestors().First(above => above.Name.LocalName == "Objektholder"))
            .ShouldBeUnique();
        places.ShouldAllBe(one => !one.Place.Contains("P1") && !one.Place.Contains("P2"));
    }

    [Fact]
    public void A_patient_is_told_by_number_and_line()
    {
        var message = new OrdMessage().ToString()
            .Replace(From, """
                <Objektholder pasientNr="01810149732"><Pasient pasientNr="01810149732" kjonn="1" fodselsar="2019"/>
                </Objektholder>
                <Objektholder pasientNr="P1">
                  <Pasient pasientNr="P1" kjonn="1" fodselsar="2021"/>
                """);

        Look(message).ShouldHaveSingleItem().Place.ShouldBe(
            "/Melding/Institusjon[@institusjonID='310211036']/Objektholder[2]/Pasient/@fodselsar (linje 10)");
    }

    [Fact]
    public void Of_what_stands_above_a_record_and_its_own_the_own_is_told()
    {
        var message = new OrdMessage { Country = " sluttDato=\"2019-01-02\"" }.Add("E1");

        var place = Look(message.ToString()).ShouldHaveSingleItem();

        place.Place.ShouldContain("/Objektholder[1]/Henvisningsperiode[@henvisningsperiodeID='H1']"
            + "/Henvisning[@henvID='1']/@mottaksDato");
        place.Element.Name.LocalName.ShouldBe("Henvisning");
    }

    [Fact]
    public void What_is_missing_above_a_record_is_told_where_it_should_stand()
    {
        var message = new OrdMessage().ToString().Replace("henvID=\"1\"", "henvID=\"1\" debitor=\"11\"");

        OrdMessage.Read(message).Findings.ShouldHaveSingleItem().Path.ShouldEndWith(
            "/Objektholder[1]/Henvisningsperiode[@henvisningsperiodeID='H1']/@trygdenasjon (linje 9)");
    }

    [Fact]
    public void Elements_within_elements_are_told_by_the_number_of_each()
    {
        const string Services =
            """
            <Tjeneste startDatoTid="2019-03-01T10:00:00"/>
            <Tjeneste startDatoTid="2019-03-01T10:00:00">
              <Tiltak typeTiltak="1" startDatoTid="2019-03-01T10:00:00"/>
              <Tiltak typeTiltak="1" startDatoTid="2019-03-01T10:00:00" sluttDatoTid="2019-03-01T09:00:00"/>
            </Tjeneste>
            """;

        Look(new OrdMessage().Add("E1", services: Services).ToString()).ShouldHaveSingleItem()
            .Place.ShouldContain("/Episode[@episodeID='E1']/Tjeneste[2]/Tiltak[2]/@sluttDatoTid (linje");
    }

    /// <summary>What is left out has no place among what is kept, and a wrong number is worse than none.</summary>
    [Fact]
    public void Where_an_element_is_left_out_those_beside_it_are_not_numbered()
    {
        const string Unknown = "<Kode kodeNr=\"1\" Kodeverk=\"Z9\" kodeVersjon=\"2019\" kodeVerdi=\"J189\"/>";
        var message = new OrdMessage().Add("E1", code: "J18.9").ToString().Replace("<Kode ", $"{Unknown}<Kode ");

        var findings = OrdMessage.Read(message).Findings;

        findings.Select(finding => finding.RuleId).ShouldBe(["COD-001", "NPR-EPI-010"]);
        findings[1].Path.ShouldEndWith("/Episode[@episodeID='E1']/Tilstand/Kode/@kodeVerdi (linje 14)");
    }

    [Fact]
    public void Of_elements_kept_as_one_list_the_number_in_it_is_told() =>
        new OrdMessage().Add("E1", code: "J18.9").Read().Findings.ShouldHaveSingleItem()
            .Path.ShouldEndWith("/Episode[@episodeID='E1']/Tilstand/Kode/@kodeVerdi (nr. 1, linje 14)");

    // Each place that is told, as XPath finds it; the line is that of the record it stands in.
    private static List<(string Place, XElement Element)> Look(string message)
    {
        var read = XDocument.Parse(message, LoadOptions.SetLineInfo);
        foreach (var element in read.Descendants()) element.Name = element.Name.LocalName;
        return [.. OrdMessage.Read(message).Findings.Select(finding => (finding.Path, Find(read, finding.Path)))];
    }

    private static XElement Find(XDocument message, string place)
    {
        var parts = place.Split(" (linje ");
        var found = ((IEnumerable<object>)message.XPathEvaluate(parts[0])).ShouldHaveSingleItem(place);
        var element = found as XElement ?? ((XAttribute)found).Parent!;
        element.DescendantsAndSelf().Concat(element.Ancestors())
            .ShouldContain(one => ((IXmlLineInfo)one).LineNumber == int.Parse(parts[1].TrimEnd(')')), place);
        return element;
    }
}
