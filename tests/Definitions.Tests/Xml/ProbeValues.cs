using System.Globalization;
using Kilde.Definitions.Reading.Xml;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>Values that an official check refuses. Those that XML Schema refuses too are nobody's to grade.</summary>
internal static class ProbeValues
{
    private const string NoMunicipality = "0000";

    public static IEnumerable<string> Of(OfficialCheck check, ItemPlan item) => check.Kind switch
    {
        OfficialCheck.Missing => [""],
        OfficialCheck.Code => item.Check.Type.LengthMax == NoMunicipality.Length
            ? [NoMunicipality]
            : new[] { "??", "98", "~" }.Where(value => item.Codes?.Find(value, day: null, out _) is null),
        OfficialCheck.Range => Outside(check),
        _ when item.Codes is not null => [], // What is no code of the list is told as that.
        _ => OfType(check.Datatype),
    };

    private static string[] OfType(string datatype) => datatype switch
    {
        "101" => ["A", "12"],
        "102" => ["AB", "1", "123"],
        "152" => ["AB", "123"],
        "154" => ["A", "12345"],
        "155" => ["A", "123456"],
        "159" => ["A", "1234567890"],
        "160" => ["A", "12345678901"],
        "109" or "199" => ["A", "12A"],
        "232" => ["A", "1234.5", "1.234"],
        "299" => ["A", "-1.5"],
        "601" => ["1066", "1899", "2100"],
        "602" => ["1066-03-12", "1899-12-31", "2100-01-01"],
        "604" or "606" => ["0219-03-12T09:00:00", "1899-12-31T23:59:59", "2100-01-01T00:00:00+01:00"],
        "611" => ["02190312", "18991231", "21000101"],
        "801" => ["12", "ring meg"],
        "802" => ["a.b.no"],
        "2002" => ["12345678", "A23456789"],
        "2003" => ["AAAA"],
        "2004" => ["A", "AB"],
        ['1', '0', _, _] when int.Parse(datatype, CultureInfo.InvariantCulture) - 1000 is > 0 and var length =>
            [new string('A', length + 1)],
        _ => [], // Any text, a capital letter of a code list, a GUID: XML Schema and code lists see to those.
    };

    // Paths lead to the days of the message, which are the last day of 2019 here.
    private static IEnumerable<string> Outside(OfficialCheck check)
    {
        if (DateOnly.TryParse(check.From, CultureInfo.InvariantCulture, out var from))
        {
            yield return $"{from.AddDays(-1):yyyyMMdd}";
            yield return $"{from.AddDays(-1):yyyy-MM-dd}";
            yield return $"{from.AddMonths(-1):yyyyMM}";
        }
        else if (decimal.TryParse(check.From, CultureInfo.InvariantCulture, out _))
        {
            yield return "0";
            yield return "169";
        }

        if (check.To.Length == 0) yield break;
        yield return "20200101";
        yield return "2020-01-01";
        yield return "2020-01-01T00:00:00";
        yield return "202001";
    }
}
