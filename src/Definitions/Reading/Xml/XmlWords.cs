using System.Globalization;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>Simple types and limits in bokmål.</summary>
internal static class XmlWords
{
    public static string Of(SimpleType type)
    {
        var words = type.Base switch
        {
            XmlBase.Guid => "en GUID",
            XmlBase.Decimal or XmlBase.Double => "et tall",
            XmlBase.Boolean => "true eller false",
            XmlBase.Date => "en dato som 2019-01-31",
            XmlBase.DateTime => "et tidspunkt som 2019-01-31T09:15:00",
            XmlBase.GYear => "et årstall med fire siffer",
            XmlBase.NonNegativeInteger => "et heltall som ikke er negativt",
            _ when type.IsWhole => "et heltall",
            _ => "en tekst",
        };
        if (type.LengthMin > 0 && type.LengthMin == type.LengthMax) words += $" med {type.LengthMin} tegn";
        else if (type.LengthMax < int.MaxValue) words += $" med {type.LengthMin}–{type.LengthMax} tegn";
        if (type.TotalDigits is { } digits) words += $" med høyst {digits} siffer";
        if (type.FractionDigits is { } decimals) words += $", {decimals} av dem desimaler";
        if (RangeOf(type.Min, type.Max) is { Length: > 0 } range) words += $" {range}";
        if (type.Values is { } values) words += $": {string.Join(", ", values)}";
        return words;
    }

    public static string RangeOf(DateOnly? from, DateOnly? to) => (from, to) switch
    {
        ({ } least, { } most) => $"mellom {least:yyyy-MM-dd} og {most:yyyy-MM-dd}",
        ({ } least, null) => $"{least:yyyy-MM-dd} eller senere",
        (null, { } most) => $"{most:yyyy-MM-dd} eller tidligere",
        _ => "",
    };

    public static string RangeOf(Field field) => RangeOf(field.Min, field.Max);

    private static string RangeOf(decimal? least, decimal? most) => (least, most) switch
    {
        ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $"fra {min:0.######} til {max:0.######}"),
        ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $"minst {min:0.######}"),
        (null, { } max) => string.Create(CultureInfo.InvariantCulture, $"høyst {max:0.######}"),
        _ => "",
    };
}
