using System.Globalization;

namespace Kilde.Register.Tests.Kit;

/// <summary>A municipality's file of a year in the form IPLOS 3.7 (INNHINFO, and a PERSON for each user).</summary>
internal static class AnnualCareFile
{
    /// <param name="district">Two digits; 00 for none.</param>
    /// <param name="extractedOn">10 January of the year after when not given.</param>
    public static string Of(
        string persons, string municipality = "1103", string district = "00", int year = 2019,
        DateOnly? extractedOn = null) =>
        $"""
        <IPLOS xmlns="http://www.npr.no/xmlstds/iplos/2019" versjon="3.7"><INNHINFO>
          <iiInnhType>P</iiInnhType><iiKomnr>{municipality}</iiKomnr><iiBydelsnr>{district}</iiBydelsnr>
          {string.Concat(Enumerable.Range(1, 2).Select(type =>
              $"<iiKontakt><Type>{type}</Type><Navn>T</Navn><Telefon>99999999</Telefon>"
              + "<Epost>t@example.no</Epost></iiKontakt>"))}
          <iiFraDato>{year}0101</iiFraDato><iiTilDato>{year}1231</iiTilDato>
          <iiLagetDato>{Day(extractedOn ?? new DateOnly(year + 1, 1, 10))}</iiLagetDato>
          <iiSysID>S</iiSysID><iiSysVersjon>1</iiSysVersjon><iiLopenr>1</iiLopenr></INNHINFO>
        {persons}
        </IPLOS>
        """;

    /// <summary>As the form writes a day.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
