namespace Kilde.Definitions.Tests.Xml;

/// <summary>Where we do otherwise with a value than the official annotations say, by name.</summary>
internal static class KnownActions
{
    public static IReadOnlyList<string> All { get; } =
    [
        // An empty value, where the server only makes a note, stands as empty. What is fixed has its value by XML
        // Schema, and
        // a dose without a type keeps its measurement.
        "KPR_IPL 53.1.3 IverksattTjeneste/orgUtforer missing: Log, here nothing",
        "KPR_IPL 53.1.3 UtfortAv/orgUtforer missing: Log, here nothing",
        "KPR_IPLOS 3.7 DIAGNOSE/diDiagKode missing: Log, here nothing",
        "KPR_IPLOS 3.7 DIAGNOSE/diKodeVersjon missing: Log, here nothing",
        "KPR_IPLOS 3.7 FUNKSJON/fnFunkVerdi missing: Log, here nothing",
        "KPR_IPLOS 3.7 INNHINFO/iiInnhType missing: RejectMessage, here nothing",
        "KPR_IPLOS 3.7 INNHINFO/iiSysID missing: Log, here nothing",
        "KPR_IPLOS 3.7 INNHINFO/iiSysVersjon missing: Log, here nothing",
        "KPR_IPLOS 3.7 iiKontakt/Epost missing: Log, here nothing",
        "KPR_IPLOS 3.7 iiKontakt/Navn missing: Log, here nothing",
        "KPR_IPLOS 3.7 iiKontakt/Telefon missing: Log, here nothing",
        "KPR_IPLOS 3.7 iiKontakt/Type missing: Log, here nothing",
        "NPR_ORD 53.1.3 Enhet/isfRefusjon missing: Log, here nothing",
        "NPR_ORD 53.1.3 Enhet/reshID missing: Log, here nothing",
        "NPR_RAD 53.1.3 Enhet/isfRefusjon missing: Log, here nothing",
        "NPR_RAD 53.1.3 Enhet/reshID missing: Log, here nothing",
        "NPR_RAD 53.1.3 Episode/henvisningsperiodeID missing: Log, here nothing",
        "NPR_RAD 53.1.3 Kontakt/stedAktivitet missing: Log, here nothing",
        "NPR_RAD 53.1.3 Parameter/doseType missing: DropRowOnly, here nothing",
        "NPR_STR 53.1.3 Enhet/isfRefusjon missing: Log, here nothing",
        "NPR_STR 53.1.3 Enhet/reshID missing: Log, here nothing",
        "NPR_STR 53.1.3 Episode/henvisningsperiodeID missing: Log, here nothing",

        // No code list is public: the code is kept as sent.
        "NPR_KPP 53.1.3 EpisodeKPP/drg code: Log, here nothing",
        "NPR_ORD 53.1.3 Enhet/nace code: Log, here nothing",
        "NPR_RAD 53.1.3 Behandlingsserie/intensjon code: Log, here nothing",
        "NPR_RAD 53.1.3 Enhet/nace code: Log, here nothing",
        "NPR_RAD 53.1.3 Utstyrsegenskaper/egenskapType code: Log, here nothing",
        "NPR_STR 53.1.3 Behandlingsserie/intensjon code: Log, here nothing",
        "NPR_STR 53.1.3 Enhet/nace code: Log, here nothing",
        "NPR_STR 53.1.3 Utstyrsegenskaper/egenskapType code: Log, here nothing",

        // Handling 8 is reserved; the value is kept and told.
        "KPR_IPL 53.1.3 BistandSamfunnsdeltakelse/statusBistand code: Reserved, here Log",

        // A code that has gone out is kept and told, so that a check can say what it is now.
        "KPR_IPLOS 3.7 TJENESTE/tjTjenType code: Null, here Log",

        // What its column cannot hold is told, and not kept.
        "KPR_HST 56.0.0 Barn_ungdom/fid type: Log, here Null",
        "KPR_HST 56.0.0 Kommune/kommuneOrgNr type: Log, here Null",
        "KPR_IPL 56.0.0 Bruker/fid type: Log, here Null",
        "KPR_IPLOS 3.7 DIAGNOSE/diKodeVersjon type: Log, here Null",
        "KPR_IPLOS 3.7 PERSONOPPL/poVurdLege type: Log, here Null",
        "KPR_IPLOS 3.7 PERSONOPPL/poVurdTann type: Log, here Null",
        "NPR_KPP 53.1.3 EpisodeKPP/drg type: Log, here Null",

        // The value is outside its range too, for which the row goes.
        "KPR_IPLOS 3.7 PERSONOPPL/poErnKartlagtDato type: Log, here DropRow",
        "KPR_IPLOS 3.7 PERSONOPPL/poErnPlanDato type: Log, here DropRow",
        "KPR_IPLOS 3.7 PERSONOPPL/poErnRisikoDato type: Log, here DropRow",
        "KPR_IPLOS 3.7 PERSONOPPL/poFraDato type: Log, here DropRow",
        "KPR_IPLOS 3.7 PERSONOPPL/poLegeMiddGjDato type: Log, here DropRow",
        "KPR_IPLOS 3.7 TJENESTE/tjFraDato type: Log, here DropRow",
        "KPR_IPLOS 3.7 TJENESTE/tjKlageMottatt type: Log, here DropRow",
        "KPR_IPLOS 3.7 TJENESTE/tjSoknadDato type: Log, here DropRow",
        "KPR_IPLOS 3.7 TJENESTE/tjVedtDato type: Log, here DropRow",

        // Numbers with more decimals are read as they stand.
        "KPR_IPLOS 3.7 TJENESTE/tjResTimerUke type: Log, here nothing",
        "KPR_IPLOS 3.7 TJENESTE/tjTimerUke type: Log, here nothing",
        "NPR_KPP 53.1.3 TjenesteKPP/kostnad type: Log, here nothing",

        // Times against each other and the period are content rules, which a vendor reads with the others. Of IPLOS,
        // the
        // months of a doctor's and a dentist's assessment and the days of the period are not held against each other.
        "KPR_HST 56.0.0 Konsultasjon/datoTidStart range: Log, here nothing",
        "KPR_HST 56.0.0 Konsultasjon/konsultasjonRegistrertTidspunkt range: Log, here nothing",
        "KPR_HST 56.0.0 Maling/malingDatoTid range: Log, here nothing",
        "KPR_HST 56.0.0 Melding/fraDatoPeriode range: Log, here nothing",
        "KPR_HST 56.0.0 Melding/tilDatoPeriode range: Log, here nothing",
        "KPR_HST 56.0.0 Notifikasjon/notifikasjonTid range: Log, here nothing",
        "KPR_IPL 56.0.0 MidlertidigStoppFra/hendelseDato range: Log, here nothing",
        "KPR_IPL 56.0.0 MidlertidigStoppFra/hendelseRegTid range: Log, here nothing",
        "KPR_IPL 56.0.0 MidlertidigStoppTil/hendelseDato range: Log, here nothing",
        "KPR_IPL 56.0.0 MidlertidigStoppTil/hendelseRegTid range: Log, here nothing",
        "KPR_IPL 56.0.0 Notifikasjon/notifikasjonTid range: Log, here nothing",
        "KPR_IPL 56.0.0 TjenesteSlutt/hendelseDato range: Log, here nothing",
        "KPR_IPL 56.0.0 TjenesteSlutt/hendelseRegTid range: Log, here nothing",
        "KPR_IPL 56.0.0 TjenesteStart/hendelseDato range: Log, here nothing",
        "KPR_IPL 56.0.0 TjenesteStart/hendelseRegTid range: Log, here nothing",
        "KPR_IPL 56.0.0 TjenesteutforerEndret/hendelseDato range: Log, here nothing",
        "KPR_IPL 56.0.0 TjenesteutforerEndret/hendelseRegTid range: Log, here nothing",
        "KPR_IPLOS 3.7 INNHINFO/iiFraDato range: RejectMessage, here nothing",
        "KPR_IPLOS 3.7 INNHINFO/iiTilDato range: RejectMessage, here nothing",
        "KPR_IPLOS 3.7 PERSONOPPL/poVurdLege range: DropRow, here nothing",
        "KPR_IPLOS 3.7 PERSONOPPL/poVurdTann range: DropRow, here nothing",
        "KPR_IPLOS 3.7 TJENESTE/tjTimerUke range: Log, here nothing",
        "NPR_KPP 53.1.3 Melding/fraDatoPeriode range: Log, here nothing",
        "NPR_KPP 53.1.3 Melding/tilDatoPeriode range: Log, here nothing",
    ];
}
