using System.Text;
using Kilde.Intake.Judging;

namespace Kilde.Intake.Tests.Judging;

/// <summary>What is told of a message before it is judged.</summary>
public class MessagePeekTests
{
    [Fact]
    public async Task A_municipalitys_year_tells_its_system_behind_the_municipality_and_the_day()
    {
        const string message =
            """
            <IPLOS xmlns="http://www.npr.no/xmlstds/iplos/2019" versjon="3.7"><INNHINFO>
              <iiInnhType>P</iiInnhType><iiKomnr>1103</iiKomnr><iiBydelsnr>00</iiBydelsnr>
              <iiFraDato>20190101</iiFraDato><iiTilDato>20191231</iiTilDato><iiLagetDato>20200110</iiLagetDato>
              <iiSysID>Fjordomsorg</iiSysID><iiSysVersjon>9.2.1</iiSysVersjon><iiLopenr>1</iiLopenr>
            </INNHINFO><PERSON/></IPLOS>
            """;

        var facts = await FactsAsync(message);

        (facts.System, facts.SystemVersion).ShouldBe(("Fjordomsorg", "9.2.1"));
        (facts.Institution, facts.ExtractedOn).ShouldBe(("1103", new DateOnly(2020, 1, 10)));
    }

    [Fact]
    public async Task A_system_that_is_not_told_is_not_looked_for_among_the_persons()
    {
        const string message =
            """
            <IPLOS xmlns="http://www.npr.no/xmlstds/iplos/2019" versjon="3.7"><INNHINFO>
              <iiKomnr>1103</iiKomnr><iiLagetDato>20200110</iiLagetDato></INNHINFO>
              <PERSON/><iiSysID>Feil</iiSysID><iiSysVersjon>1</iiSysVersjon></IPLOS>
            """;

        var facts = await FactsAsync(message);

        (facts.System, facts.Institution).ShouldBe(("", "1103"));
    }

    private static async Task<PayloadFacts> FactsAsync(string message)
    {
        var peeked = await MessagePeek.ReadAsync(
            () => new MemoryStream(Encoding.UTF8.GetBytes(message)), needsInstitution: true,
            TestContext.Current.CancellationToken);
        return peeked.Payload.ShouldNotBeNull();
    }
}
