using System.Globalization;
using System.Text.RegularExpressions;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Compiling;

/// <summary>The limits of one item, as its type allows them to be said.</summary>
internal sealed partial class FieldLimits
{
    private const int IdCharactersMax = 100;
    private const int LocalNameCharactersMax = 100;
    private const int DecimalsMax = 6;
    // Matching is linear and values are short: a clock would only fail messages on a busy machine.
    private static readonly TimeSpan PatternTime = Regex.InfiniteMatchTimeout;

    public WireValue Wire { get; private set; } = WireValue.Text;

    public int LengthMin { get; private set; }

    public int LengthMax { get; private set; }

    public Regex? Pattern { get; private set; }

    public decimal? Min { get; private set; }

    public decimal? Max { get; private set; }

    public int Decimals { get; private set; }

    public DateOnly Earliest { get; private set; } = new(1900, 1, 1);

    /// <summary>One day of slack: the sender's clock and ours need not agree at midnight.</summary>
    public LatestDay Latest { get; private set; } = new(null, 1);

    public CodeList? CodeList { get; private set; }

    public string Example { get; private set; } = "";

    public static FieldLimits Read(DefinitionMap map, FieldType type, TextUse use, FieldScope scope)
    {
        var limits = new FieldLimits();
        switch (type)
        {
            case FieldType.Text or FieldType.LocalPersonId:
                limits.ReadText(map, type, use, scope.Log);
                break;
            case FieldType.Code:
                limits.ReadCode(map, scope);
                break;
            case FieldType.Integer or FieldType.Decimal:
                limits.ReadNumber(map, type, scope.Log);
                break;
            case FieldType.Date or FieldType.DateTime:
                limits.ReadTime(map, type, scope.Log);
                break;
            case FieldType.OrganizationNumber or FieldType.Municipality or FieldType.HprNumber
                or FieldType.UrbanDistrict
                or FieldType.Fodselsnummer or FieldType.DNumber or FieldType.HNumber or FieldType.SharedHelpNumber
                or FieldType.DufNumber:
                limits.Wire = map.Choice("wire", Words.Wire) ?? WireValue.Either;
                limits.Example = NumberExample(type);
                break;
            case FieldType.Boolean:
                limits.Example = "false";
                break;
        }

        return limits;
    }

    // Examples are synthetic: organisation 310211036 and the person number belong to nobody.
    private static string NumberExample(FieldType type) => type switch
    {
        FieldType.OrganizationNumber => "310211036",
        FieldType.Municipality => "0301",
        FieldType.UrbanDistrict => "030112",
        FieldType.HprNumber => "9144889",
        FieldType.Fodselsnummer => "01810149732",
        _ => "",
    };

    private void ReadText(DefinitionMap map, FieldType type, TextUse use, MistakeLog log)
    {
        Wire = map.Choice("wire", Words.Wire) ?? WireValue.Text;
        ReadPattern(map, log);
        ReadLength(map, use, log);
        if (type == FieldType.Text && use == TextUse.None && Pattern is null)
        {
            log.Add("DEF-014", map.Node,
                "En tekst uten kodeverk, mønster eller bruk er fritekst, og det tar ikke registeret.",
                "Bruk type: code med codeList, eller oppgi pattern eller use (localId, localName, localCode).");
        }

        Example = use == TextUse.LocalName ? "Helsestasjonen" : "A1";
    }

    private void ReadLength(DefinitionMap map, TextUse use, MistakeLog log)
    {
        var max = use == TextUse.LocalName ? LocalNameCharactersMax : IdCharactersMax;
        if (map.Text("length") is not { } text)
        {
            log.Add("DEF-014", map.Node, "Teksten har ingen øvre lengde.", "Legg til «length: 1..50».");
            return;
        }

        var match = LengthForm().Match(text);
        if (match.Success)
        {
            LengthMin = match.Groups["min"].Success ? int.Parse(match.Groups["min"].Value) : 1;
            LengthMax = int.Parse(match.Groups["max"].Value);
        }

        if (match.Success && LengthMin <= LengthMax && LengthMax <= max && LengthMax > 0) return;
        log.Add(LengthMax > max ? "DEF-014" : "DEF-006", map.At("length"), $"«length» er «{text}».",
            $"Skriv minste og største antall tegn som 1..50; største er {max}.");
    }

    private void ReadPattern(DefinitionMap map, MistakeLog log)
    {
        if (map.Text("pattern") is not { } pattern) return;
        if (!pattern.StartsWith('^') || !pattern.EndsWith('$') || pattern.Contains('\\'))
        {
            log.Add("DEF-018", map.At("pattern"), $"Mønsteret «{pattern}» kan leses ulikt hos avsender og mottaker.",
                "Begynn med ^ og slutt med $, og skriv [0-9] i stedet for \\d.");
            return;
        }

        try
        {
            Pattern = new Regex(
                pattern[..^1] + "\\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture, PatternTime);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            log.Add("DEF-018", map.At("pattern"), $"Mønsteret «{pattern}» er ikke et gyldig regulært uttrykk.",
                "Sjekk parenteser og klammer; det kan ikke se framover eller vise tilbake.");
        }
    }

    private void ReadCode(DefinitionMap map, FieldScope scope)
    {
        Wire = map.Choice("wire", Words.Wire) ?? WireValue.Text;
        if (map.Text("codeList", isRequired: true) is not { } id) return;
        if (scope.CodeLists.TryGetValue(id, out var list))
        {
            CodeList = list;
            Example = list.Codes.Count > 0 ? list.Codes[0].Value.Value : "";
            return;
        }

        scope.Log.Add("DEF-016", map.At("codeList"), $"Kodeverket «{id}» finnes ikke i code-lists.",
            CloseMatch.Advise(id, scope.CodeLists.Keys));
    }

    private void ReadNumber(DefinitionMap map, FieldType type, MistakeLog log)
    {
        Wire = map.Choice("wire", Words.Wire) ?? WireValue.Number;
        if (type == FieldType.Decimal) Decimals = map.Whole("decimals", 1, DecimalsMax, isRequired: true) ?? 1;
        if (map.Text("range", isRequired: true) is not { } text) return;
        var ends = text.Split("..");
        if (ends.Length == 2 && TryNumber(ends[0], out var min) && TryNumber(ends[1], out var max) && min <= max)
        {
            (Min, Max) = (min, max);
            Example = min.ToString(CultureInfo.InvariantCulture);
            return;
        }

        log.Add("DEF-006", map.At("range"), $"«range» er «{text}».", "Skriv minste og største verdi som 0..250.");
    }

    private static bool TryNumber(string text, out decimal number) => decimal.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
        && Math.Abs(number) < 1_000_000_000_000_000;

    private void ReadTime(DefinitionMap map, FieldType type, MistakeLog log)
    {
        Earliest = map.Date("earliest") ?? Earliest;
        ReadLatest(map, log);
        Example = type == FieldType.Date ? "2026-03-02" : "2026-03-02T09:15:00+01:00";
        if (Latest.Fixed is { } latest && latest < Earliest)
        {
            log.Add("DEF-006", map.At("latest"), "«latest» er før «earliest».", "Bytt om, eller rett datoene.");
        }
    }

    private void ReadLatest(DefinitionMap map, MistakeLog log)
    {
        if (map.Text("latest") is not { } text) return;
        var match = LatestForm().Match(text);
        var days = match.Groups["days"];
        if (match.Success) Latest = new LatestDay(null, days.Success ? int.Parse(days.Value) : 0);
        else if (DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day)) Latest = new LatestDay(day, 0);
        else
        {
            log.Add("DEF-006", map.At("latest"), $"«latest» er «{text}».",
                "Skriv receipt, receipt+30 (dager) eller en dato som 2030-12-31.");
        }
    }

    [GeneratedRegex(@"^((?<min>[0-9]{1,4})\.\.)?(?<max>[0-9]{1,4})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LengthForm();

    [GeneratedRegex(@"^receipt(\+(?<days>[0-9]{1,5}))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LatestForm();
}
