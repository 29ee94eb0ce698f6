using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>Something a reader finds wrong.</summary>
/// <param name="Id">Never reused.</param>
/// <param name="Fault">Decides, with the field's definition, what is done; null when the rule itself does.</param>
/// <param name="Severity">Of rules without a fault; an error refuses the message.</param>
/// <param name="Text">In bokmål. {0} is the field's title, {1} what was expected. Never the value that was
/// sent.</param>
/// <param name="Expected">What should have stood there, in few words, with the same {0} and {1}; null where the
/// text alone tells it.</param>
public sealed record ReadingRule(string Id, Fault? Fault, Severity Severity, string Text, string? Expected = null);

/// <summary>
/// Everything that can be found in any message: STR structure, COD codes, INN content, IDE identifiers.
/// </summary>
public static class ReadingRules
{
    public static readonly ReadingRule NotJson = Error("STR-001", "Meldingen er ikke gyldig JSON; feilen er på {1}.");

    public static readonly ReadingRule NotUtf8 = Error("STR-002", "Meldingen er ikke gyldig UTF-8; feilen er ved {1}.");

    public static readonly ReadingRule ByteOrderMark =
        Warning("STR-003", "Meldingen begynner med et byte order mark. Send UTF-8 uten.");

    public static readonly ReadingRule RootNotArray =
        Error("STR-004", "Roten skal være en liste, [ … ], med ett objekt for hver rapporteringsenhet.");

    public static readonly ReadingRule WrongType = Of("STR-005", Fault.Type, "«{0}» skal være {1}.", "{1}");

    public static readonly ReadingRule Missing =
        Of("STR-006", Fault.Missing, "«{0}» er påkrevd og mangler.", "en verdi");

    public static readonly ReadingRule UnknownField = Error("STR-007",
        "Feltet finnes ikke i meldingstypen. Bare felt som er beskrevet, kan sendes (forskriften § 2-1). {1}",
        "ikke noe felt her");

    public static readonly ReadingRule PersonName = Error("STR-008",
        "Feltet ser ut til å være et navn, en adresse eller kontaktopplysninger. Slikt skal aldri sendes.");

    public static readonly ReadingRule Duplicate =
        Error("STR-009", "«{0}» står mer enn én gang i samme objekt.", "én gang");

    public static readonly ReadingRule TooDeep = Error("STR-010", "Meldingen er nestet dypere enn {1} nivåer.");

    public static readonly ReadingRule TooManyRecords =
        Error("STR-011", "Meldingen har flere enn {1} poster. Del den opp, eldste data først.");

    public static readonly ReadingRule TooManyItems =
        Of("STR-012", Fault.Type, "«{0}» har flere enn {1} elementer.", "høyst {1}");

    public static readonly ReadingRule WrongForm =
        Of("STR-013", Fault.Type, "«{0}» har feil form; den skal være {1}.", "{1}");

    public static readonly ReadingRule WrongLength = Of("STR-014", Fault.Type, "«{0}» skal ha {1} tegn.", "{1} tegn");

    public static readonly ReadingRule WrongCharacters =
        Of("STR-015", Fault.Type, "«{0}» har kontrolltegn eller ugyldige tegn.");

    public static readonly ReadingRule WrongPattern =
        Of("STR-016", Fault.Type, "«{0}» følger ikke mønsteret {1}.", "mønsteret {1}");

    public static readonly ReadingRule NotXml =
        Error("STR-020", "Meldingen er ikke gyldig XML, eller den er kuttet; feilen er på {1}. "
            + "Lag filen på nytt, og send den hel.");

    public static readonly ReadingRule HasDtd =
        Error("STR-021", "Meldingen har en DTD (DOCTYPE). Det tas ikke imot. Send den uten.");

    public static readonly ReadingRule WrongEncoding =
        Error("STR-022",
        "Meldingens tegnsett tas ikke imot{1}. Send UTF-8 eller ISO-8859-1, og oppgi det i første linje.");

    public static readonly ReadingRule UnknownMessage = Error("STR-023",
        "Rotelementet og navnerommet hører ikke til noen meldingstype og versjon som tas imot. {1}");

    public static readonly ReadingRule UnknownElement =
        Error("STR-024", "Elementet kan ikke stå her. Ventet: {1}.", "{1}");

    public static readonly ReadingRule IncompleteElement =
        Error("STR-025", "«{0}» er ikke fullstendig. Det mangler: {1}.", "{1}");

    public static readonly ReadingRule UnknownAttribute = Error("STR-026",
        "Attributtet finnes ikke i «{0}». Bare det som er beskrevet, kan sendes (forskriften § 2-1).",
        "ikke noe attributt her");

    public static readonly ReadingRule MissingItem = Error("STR-027", "«{0}» er påkrevd og mangler.", "en verdi");

    public static readonly ReadingRule WrongXmlType = Error("STR-028", "«{0}» skal være {1}.", "{1}");

    public static readonly ReadingRule UnexpectedText = Error("STR-029", "«{0}» kan ikke ha tekst.", "ingen tekst");

    public static readonly ReadingRule RepeatedKey =
        Error("STR-030", "«{0}» står flere ganger med samme verdi ({1}).");

    public static readonly ReadingRule MissingKey =
        Error("STR-031", "«{0}» mangler en verdi som skal stå ({1}).", "en verdi");

    public static readonly ReadingRule BrokenReference =
        Error("STR-032", "En henvisning viser til noe som ikke er i meldingen ({1}).");

    public static readonly ReadingRule TooLarge =
        Error("STR-033", "Meldingen går ut over en grense: {1}. Del den opp, eller rett det som er for stort.");

    public static readonly ReadingRule WrongBytes = Error("STR-034",
        "Meldingen har tegn som ikke hører til tegnsettet den sier at den har; feilen er på {1}. "
        + "Lagre den i tegnsettet den oppgir, eller UTF-8 når den ikke oppgir noe.");

    public static readonly ReadingRule UnknownCode =
        Of("COD-001", Fault.Code, "«{0}» har en kode som ikke er i {1}.", "en kode i {1}");

    public static readonly ReadingRule ExpiredCode =
        Of("COD-002", Fault.Code, "«{0}» har en kode som ikke er gyldig på datoen for hendelsen ({1}).",
        "en kode som er gyldig på datoen");

    public static readonly ReadingRule UnknownMunicipality =
        Of("COD-003", Fault.Code, "«{0}» er ikke et kjent kommunenummer.", "et kommunenummer");

    public static readonly ReadingRule UnknownDistrict =
        Of("COD-004", Fault.Code, "«{0}» er ikke en bydel i Oslo, Bergen, Stavanger eller Trondheim.", "en bydel");

    public static readonly ReadingRule NotChecked = new("COD-005", null, Severity.Information,
        "{0} er ikke kontrollert, for registeret har ikke kodeverket for det året. Antall koder: {1}. At ingen av dem "
        + "er meldt som feil, betyr ikke at de er riktige.");

    public static readonly ReadingRule OutOfRange = Of("INN-001", Fault.Content, "«{0}» skal være {1}.", "{1}");

    public static readonly ReadingRule DateOutOfRange =
        Of("INN-002", Fault.Content, "«{0}» skal ligge {1}.", "{1}");

    public static readonly ReadingRule OutsideDataYears =
        Of("INN-003", Fault.Content, "«{0}» ligger utenfor dataårene for denne versjonen ({1}).", "{1}");

    public static readonly ReadingRule WrongOrder =
        Of("INN-004", Fault.Content, "«{0}» er før «{1}».", "ikke før «{1}»");

    // The clock is often set by hand, and the event took place: a time that is an hour off is better than none.
    public static readonly ReadingRule NoSuchTime = Warning("INN-005",
        "«{0}» finnes ikke: klokken ble stilt fram til sommertid. Tiden er lest som normaltid (+01:00). "
        + "Send den med sone.");

    public static readonly ReadingRule RepeatedId =
        Error("INN-006", "«{0}» er brukt på flere poster i meldingen. Hver post skal ha sin egen id.");

    public static readonly ReadingRule DeletedAndSent =
        Error("INN-007", "Posten er både sendt og slettet i samme melding. Send bare det som gjelder.");

    public static readonly ReadingRule HoldsIdentifier = Error("INN-008",
        "«{0}» holder et fødselsnummer, D-nummer eller hjelpenummer. Slike skal bare stå i personblokken.");

    public static readonly ReadingRule TooManyDecimals =
        Of("INN-009", Fault.Content, "«{0}» kan ha høyst {1} desimaler.", "høyst {1} desimaler");

    public static readonly ReadingRule NotAnOrganization =
        Of("INN-010", Fault.Content, "«{0}» er ikke et gyldig organisasjonsnummer (ni siffer med kontrollsiffer).",
        "ni siffer med kontrollsiffer");

    public static readonly ReadingRule SeemsToHoldIdentifier = Of("INN-011", Fault.Type,
        "«{0}» ser ut til å holde et fødselsnummer eller D-nummer. Slike skal bare stå der personen oppgis.",
        "ingen opplysning om personen");

    public static readonly ReadingRule NoKey =
        Warning("INN-012", "Posten mangler det som kjenner den igjen, og er ikke tatt inn.");

    public static readonly ReadingRule PeriodOutsideDataYears = Error("INN-013",
        "Meldingen gjelder data for andre år enn denne versjonen tas imot for ({1}).", "{1}");

    public static readonly ReadingRule ExtractedLater = Error("INN-014",
        "«{0}» er etter at meldingen kom: uttrekket kan senest være fra {1}. Rett dagen, og send meldingen på nytt.",
        "senest {1}");

    /// <summary>
    /// Found by the register, beside what came before: {0} is the institution and year, {1} the day of extraction that
    /// stands.
    /// </summary>
    public static readonly ReadingRule Overtaken = Warning("INN-015",
        "Registeret har et nyere uttrekk for {0}, av {1}. Det gjelder fortsatt, og denne meldingen har ikke endret "
        + "det. Er det denne som er riktig, lag et nytt uttrekk og send det.");

    public static readonly ReadingRule InvalidIdentifier = Of("IDE-001", Fault.Content,
        "«{0}» er ikke gyldig. Posten kan bare knyttes til personen hos avsenderen.");

    public static readonly ReadingRule NotOfThisEnvironment = Error("IDE-002",
        "«{0}» hører ikke hjemme her: produksjon tar bare virkelige personer, test bare syntetiske.");

    public static readonly ReadingRule NotTakenHere = Warning("IDE-003",
        "«{0}» kan ikke skilles fra et virkelig nummer og tas ikke i bruk i testmiljøet.");

    public static readonly ReadingRule OtherKind = Information("IDE-004",
        "«{0}» er et gyldig nummer av et annet slag og er lest som det det er.");

    public static readonly ReadingRule DoubtfulControlDigits = Information("IDE-005",
        "Kontrollsifrene i «{0}» stemmer ikke. Nummeret er tatt imot.");

    public static readonly ReadingRule NoPerson = Warning("IDE-006",
        "«{0}» har ingen gyldig identifikator. Posten telles som aktivitet, men kan ikke knyttes til en person.");

    /// <summary>In the order of their ids.</summary>
    public static IReadOnlyList<ReadingRule> All { get; } =
    [
        .. typeof(ReadingRules).GetFields().Select(field => field.GetValue(null)).OfType<ReadingRule>()
            .OrderBy(rule => rule.Id, StringComparer.Ordinal),
    ];

    private static ReadingRule Of(string id, Fault fault, string text, string? expected = null) =>
        new(id, fault, Severity.Error, text, expected);

    private static ReadingRule Error(string id, string text, string? expected = null) =>
        new(id, null, Severity.Error, text, expected);

    private static ReadingRule Warning(string id, string text) => new(id, null, Severity.Warning, text);

    private static ReadingRule Information(string id, string text) => new(id, null, Severity.Information, text);
}
