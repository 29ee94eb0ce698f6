using System.Text;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests.Rules;

/// <summary>Small messages of module ord, sound but for what a test changes.</summary>
internal sealed class OrdMessage
{
    public const string Unit = "310211036";

    private const string Head =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ord" versjon="53.1.3" meldingstype="B"
          fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-08-31" uttakDato="2019-09-03" leverandor="Prøve"
          navnEPJ="Prøve" versjonEPJ="1" versjonUt="1" lopenr="1">
        """;

    private readonly List<string> _episodes = [];

    /// <summary>Contact types (Volven 8471).</summary>
    public string[] Contacts { get; init; } = ["1", "15"];

    public string Units { get; init; } =
        """<Enhet enhetID="A1" orgNr="310211036" offAvdKode="100" isfRefusjon="1"/>""";

    /// <summary>Enough rows for several batches when the size of a batch is small.</summary>
    public int BatchRowsMax { get; init; } = 4096;

    /// <param name="end">Empty for an episode that goes on.</param>
    /// <param name="units">Kinds of unit (Volven 8476) that the episode refers to.</param>
    public OrdMessage Add(
        string id, string start = "2019-03-01T10:00:00", string end = "2019-03-04T12:00:00", string units = "172",
        string code = "J189", string services = "", string attributes = "", string debitor = "1")
    {
        var closed = end.Length == 0 ? "" : $"utDatoTid=\"{end}\" utTilstand=\"1\"";
        _episodes.Add(
            $"""
            <Episode episodeID="{id}" henvisningsperiodeID="H1" innDatoTid="{start}" {closed} debitor="{debitor}"
              komNrHjem="0301" innmateHast="1" omsorgsniva="1" {attributes}>
              <AvdOpp/>
              {References(units)}
              <Tilstand tilstNr="1"><Kode kodeNr="1" Kodeverk="D" kodeVersjon="2019" kodeVerdi="{code}"/></Tilstand>
              {services}
            </Episode>
            """);
        return this;
    }

    private static string References(string kinds) =>
        string.Concat(kinds.Select(kind => $"""<RefEnhet enhetID="A1" typeEnhet="{kind}"/>"""));

    public MessageOutcome Read() => Read(Kit.Catalogue);

    public MessageOutcome Read(DefinitionCatalogue catalogue, bool holdsRules = true) =>
        Read(ToString(), catalogue, BatchRowsMax, holdsRules);

    /// <summary>Reads what was made of one.</summary>
    public static MessageOutcome Read(string message) => Read(message, Kit.Catalogue, batchRowsMax: 4096, true);

    private static MessageOutcome Read(
        string message, DefinitionCatalogue catalogue, int batchRowsMax, bool holdsRules)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(message));
        var options = new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2019, 9, 5))
        {
            BatchRowsMax = batchRowsMax,
            HoldsRules = holdsRules,
        };
        using var reading = catalogue.OpenXml(content, options).Reading!;
        var outcome = reading.ReadToEnd();
        outcome.IsAccepted.ShouldBeTrue(string.Join('\n', outcome.Findings));
        return outcome;
    }

    public override string ToString() =>
        $"""
        {Head}
        {string.Concat(Contacts.Select(type =>
            $"""<Kontaktperson kontPerson="Kontakt" meldEpost1="a@b.no" typeKontaktperson="{type}"/>"""))}
        <Institusjon institusjonID="{Unit}">{Units}
          <Objektholder pasientNr="P1">
            <Henvisningsperiode henvisningsperiodeID="H1"{Country}>
              <Henvisning henvID="1" mottaksDato="2019-01-10" frittBehandlingsvalg="2" komNrHjem="0301">
                <RefEnhet enhetID="A1" typeEnhet="1"/><RefEnhet enhetID="A1" typeEnhet="7"/>
                <RefEnhet enhetID="{Referral}" typeEnhet="2"/>
              </Henvisning>
            </Henvisningsperiode>
            {string.Concat(_episodes)}
          </Objektholder>
        </Institusjon></Melding>
        """;

    /// <summary>An attribute of the referral period.</summary>
    public string Country { get; init; } = "";

    /// <summary>The section that the referral refers to.</summary>
    public string Referral { get; init; } = "A1";
}
