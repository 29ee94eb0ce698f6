using System.Globalization;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Publishing;

/// <summary>The model's terms in bokmål, for documentation.</summary>
internal static class FieldWords
{
    public static string Of(DefinitionStatus status) => status switch
    {
        DefinitionStatus.Concept => "Konsept",
        DefinitionStatus.Test => "Test",
        _ => "Produksjon",
    };

    public static string Of(Replacement replacement) => replacement switch
    {
        Replacement.Incremental => "Hver melding holder nye, endrede og slettede poster.",
        _ => "Hver melding holder alle poster i perioden; det som ikke er med lenger, avsluttes.",
    };

    /// <summary>The years whose activity is taken, with those that are taken for a while.</summary>
    public static string DataYearsOf(MessageType type)
    {
        var years = type.LastDataYear switch
        {
            null => $"fra {type.FirstDataYear}",
            { } last when last == type.FirstDataYear => $"{last}",
            { } last => $"{type.FirstDataYear}–{last}",
        };
        var others = type.DataYearExceptions.Select(one =>
            $"; {one.Year} når meldingen kommer senest {one.Until:yyyy-MM-dd} ({one.Reason.TrimEnd('.')})");
        return string.Concat(others.Prepend(years));
    }

    public static string Of(Purpose purpose) => purpose switch
    {
        Purpose.Planning => "planlegging",
        Purpose.Steering => "styring",
        Purpose.Financing => "finansiering",
        Purpose.Evaluation => "evaluering",
        Purpose.QualityImprovement => "kvalitetsforbedring",
        Purpose.Prevention => "forebygging",
        Purpose.Preparedness => "beredskap",
        Purpose.Analysis => "analyse",
        Purpose.Research => "forskning",
        _ => "kjernejournal",
    };

    public static string TypeOf(Field field) => field.Type switch
    {
        FieldType.Text or FieldType.LocalPersonId => $"{Text(field)}, {field.LengthMin}–{field.LengthMax} tegn",
        FieldType.Code => $"kode ({Wire(field)})",
        FieldType.Integer => $"heltall {Range(field)}",
        FieldType.Decimal => $"tall {Range(field)}, høyst {field.Decimals} desimaler",
        FieldType.Boolean => "true eller false",
        FieldType.Date => $"dato {Days(field)}",
        FieldType.DateTime => $"tidspunkt {Days(field)}",
        FieldType.OrganizationNumber => "organisasjonsnummer",
        FieldType.Municipality => "kommunenummer, fire siffer",
        FieldType.UrbanDistrict => "bydelsnummer, seks eller to siffer",
        FieldType.HprNumber => "HPR-nummer, 1–9 siffer",
        FieldType.Group => "objekt",
        FieldType.List => $"liste, høyst {field.ItemsMax}",
        FieldType.Person => "personblokk; går til identitetshvelvet",
        FieldType.Fodselsnummer => "fødselsnummer, elleve siffer",
        FieldType.DNumber => "D-nummer, elleve siffer",
        FieldType.HNumber => "H-nummer, elleve siffer",
        FieldType.SharedHelpNumber => "felles hjelpenummer, elleve siffer",
        _ => "DUF-nummer, tolv siffer",
    };

    /// <summary>What is done with a fault, where it differs from refusing the message.</summary>
    public static string OnFault(Field field)
    {
        if (field.Fields.Count > 0) return "Feil struktur: meldingen avvises.";
        var (type, value) = (Action(field.OnFault.Type), Action(field.OnFault.Content));
        var code = Action(field.OnFault.Code);
        if (field.Type is FieldType.Code or FieldType.Municipality) value = code;
        return type == value ? $"Enhver feil: {type}." : $"Feil type eller form: {type}. Feil verdi: {value}.";
    }

    private static string Action(FaultAction action) => action switch
    {
        FaultAction.RejectMessage => "meldingen avvises",
        FaultAction.DropRow => "posten utelates",
        FaultAction.DropRowOnly => "elementets egne verdier utelates",
        FaultAction.SetMinusOne => "verdien settes til −1",
        FaultAction.SetZero => "verdien settes til 0",
        FaultAction.SetNull => "verdien utelates",
        _ => "verdien beholdes, og feilen meldes",
    };

    private static string Text(Field field) => field.Use switch
    {
        TextUse.LocalId => "avsenderens id",
        TextUse.LocalName => "avsenderens navn",
        TextUse.LocalCode => "avsenderens kode",
        _ when field.Pattern is { } pattern => $"tekst etter mønsteret {PatternText.Of(pattern)}",
        _ => "tekst",
    };

    private static string Wire(Field field) => field.Wire switch
    {
        WireValue.Text => "tekst",
        WireValue.Number => "tall",
        _ => "tekst eller tall",
    };

    private static string Range(Field field) =>
        string.Create(CultureInfo.InvariantCulture, $"fra {field.Min:0.######} til {field.Max:0.######}");

    private static string Days(Field field)
    {
        var latest = field.Latest.Fixed is { } day ? $"{day:yyyy-MM-dd}"
            : field.Latest.DaysAfterReceipt == 0 ? "mottak"
            : field.Latest.DaysAfterReceipt == 1 ? "dagen etter mottak"
            : $"{field.Latest.DaysAfterReceipt} dager etter mottak";
        return $"fra {field.Earliest:yyyy-MM-dd} til {latest}";
    }
}
