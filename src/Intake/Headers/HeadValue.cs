using System.Text.RegularExpressions;
using System.Xml;

namespace Kilde.Intake.Headers;

/// <summary>Whether texts and attributes of the header have the form that XML Schema gives their types.</summary>
internal static partial class HeadValue
{
    private static readonly string[] None = [];
    private static readonly string[] CodeOnly = ["V"];
    private static readonly string[] Coded = ["V", "DN"];
    private static readonly string[] CodedFromList = ["V", "S", "DN", "OT"];

    public static IReadOnlyList<string> Attributes(HeadContent content) => content switch
    {
        HeadContent.Cs => Coded,
        HeadContent.Cv => CodedFromList,
        HeadContent.Ts or HeadContent.Url => CodeOnly,
        _ => None,
    };

    public static bool Holds(HeadContent content, string attribute, string value) => (content, attribute) switch
    {
        (HeadContent.Cv, "S") => IsOid(value),
        (HeadContent.Ts, "V") => IsMoment(value, AnyMoment),
        (HeadContent.Url, "V") => IsUri(value),
        _ => true,
    };

    public static bool Holds(HeadContent content, string text) => content switch
    {
        HeadContent.MigVersion => text == HeadGrammar.MigVersion,
        HeadContent.DateTime => IsMoment(text, DateAndTime),
        HeadContent.Date => IsMoment(text, Date),
        HeadContent.Uri => IsUri(text),
        HeadContent.Oid => IsOid(text),
        _ => true,
    };

    // The schema's own pattern, (\d+\.?)*\d+, takes exponential time on what almost fits.
    private static bool IsOid(string text)
    {
        var digits = text.Trim(Blank);
        if (digits.Length == 0 || digits[0] == '.' || digits[^1] == '.') return false;
        for (var i = 0; i < digits.Length; i++)
        {
            if (!char.IsDigit(digits[i]) && (digits[i] != '.' || digits[i - 1] == '.')) return false;
        }

        return true;
    }

    private static bool IsMoment(string text, Regex form)
    {
        var moment = text.Trim(Blank);
        if (!form.IsMatch(moment)) return false;
        try
        {
            XmlConvert.ToDateTime(moment, XmlDateTimeSerializationMode.RoundtripKind);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsUri(string text)
    {
        var address = text.Trim(Blank);
        if (address.Length == 0) return text.Length == 0;
        return !address.Contains("##", StringComparison.Ordinal)
            && Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out _);
    }

    private static readonly char[] Blank = [' ', '\t', '\n', '\r'];

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DateAndTime { get; }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Date { get; }

    [GeneratedRegex(
        @"^(\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?)?)?)?|\d\d:\d\d:\d\d(\.\d+)?)(Z|[+-]\d\d:\d\d)?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnyMoment { get; }
}
