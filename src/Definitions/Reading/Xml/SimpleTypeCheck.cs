using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>Holds texts against a simple type, as XML Schema does.</summary>
internal sealed class SimpleTypeCheck(SimpleType type)
{
    /// <summary>What XML calls space, which is less than what .NET does.</summary>
    public const string White = " \t\r\n";

    private const int GuidLength = 36;

    private readonly bool _isText = type.IsText;
    private readonly bool _hasLength = type.LengthMin > 0 || type.LengthMax < int.MaxValue;
    private readonly bool _hasNumberFacets =
        type.Min is not null || type.Max is not null || type.TotalDigits is not null || type.FractionDigits is not null;

    // Numbers are the same however they are written.
    private readonly decimal[]? _numbers =
        type.IsNumber && type.Values is { } values ? [.. values.Select(decimal.Parse)] : null;

    public SimpleType Type => type;

    public bool IsText => _isText;

    /// <param name="text">With no space around it, when it is no text.</param>
    public bool Accepts(ReadOnlySpan<char> text, ref XsdValue value)
    {
        var isRead = type.Base switch
        {
            XmlBase.String or XmlBase.NormalizedString or XmlBase.Token => true,
            XmlBase.Guid => IsGuid(text),
            XmlBase.Decimal => XsdReading.TryDecimal(text, ref value),
            XmlBase.Double => XsdReading.TryDouble(text, ref value),
            XmlBase.Boolean => XsdReading.TryBoolean(text, ref value),
            XmlBase.Date => XsdReading.TryDate(text, ref value),
            XmlBase.DateTime => XsdReading.TryDateTime(text, ref value),
            XmlBase.GYear => XsdReading.TryYear(text, ref value),
            _ => XsdReading.TryWhole(text, type.Base, ref value),
        };
        if (!isRead) return false;
        if (_hasLength && (text.Length < type.LengthMin || text.Length > type.LengthMax)) return false;
        if (_hasNumberFacets && !HoldsNumberFacets(value.Decimal)) return false;
        if (type.Pattern is { } pattern && !pattern.IsMatch(text)) return false;
        if (_numbers is not null) return _numbers.Contains(value.Decimal);
        return type.Values is null || Contains(type.Values, text);
    }

    private bool HoldsNumberFacets(decimal number)
    {
        if (number < type.Min || number > type.Max) return false;
        if (type.TotalDigits is null && type.FractionDigits is null) return true;
        var scale = 0;
        number = Math.Abs(number);
        while (decimal.Truncate(number) != number && scale < 28)
        {
            if (number > decimal.MaxValue / 10) return false;
            number *= 10;
            scale++;
        }

        if (scale > type.FractionDigits) return false;
        return type.TotalDigits is not { } total || (scale <= total && number < Power(total));
    }

    private static decimal Power(int digits)
    {
        var power = 1m;
        for (var i = 0; i < digits; i++) power *= 10;
        return power;
    }

    private static bool Contains(IReadOnlyList<string> values, ReadOnlySpan<char> text)
    {
        foreach (var value in values)
        {
            if (text.SequenceEqual(value)) return true;
        }

        return false;
    }

    private static bool IsGuid(ReadOnlySpan<char> text)
    {
        if (text.Length == GuidLength + 2 && text[0] == '{' && text[^1] == '}') text = text[1..^1];
        if (text.Length != GuidLength) return false;
        for (var i = 0; i < GuidLength; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit(text[i])) return false;
        }

        return true;
    }
}
