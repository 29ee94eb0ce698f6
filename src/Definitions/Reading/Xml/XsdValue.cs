using System.Globalization;
using System.Xml.Schema;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>What a text is worth in its simple type.</summary>
internal struct XsdValue
{
    /// <summary>Whole numbers, years, days (day number) and instants (UTC ticks).</summary>
    public long Number;

    public decimal Decimal;

    /// <summary>The day of a date or time, as written.</summary>
    public int DayNumber;

    /// <summary>False when the text is valid but holds more than we can keep.</summary>
    public bool IsKept;

    /// <summary>True for a time in the hour that is skipped when summer time begins.</summary>
    public bool IsInSkippedHour;
}

/// <summary>
/// Reads the values of XML Schema's simple types. Common forms are read by hand; the rare ones are left to the
/// platform's own reading of the type, so that what is accepted is exactly what its validator accepts.
/// </summary>
internal static class XsdReading
{
    private const NumberStyles WholeStyle = NumberStyles.AllowLeadingSign;
    private const NumberStyles DecimalStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private const int DayLength = 10;
    private const int SecondLength = 19;
    private const int FractionMax = 7;

    public static bool TryWhole(ReadOnlySpan<char> text, XmlBase type, ref XsdValue value)
    {
        value.IsKept = long.TryParse(text, WholeStyle, CultureInfo.InvariantCulture, out value.Number);
        if (!value.IsKept)
        {
            if (type is XmlBase.Long or XmlBase.Int or XmlBase.Short) return false;
            if (!decimal.TryParse(text, WholeStyle, CultureInfo.InvariantCulture, out value.Decimal)) return false;
            return type switch
            {
                XmlBase.NonNegativeInteger => value.Decimal >= 0,
                XmlBase.PositiveInteger => value.Decimal > 0,
                _ => true,
            };
        }

        value.Decimal = value.Number;
        return type switch
        {
            XmlBase.NonNegativeInteger => value.Number >= 0,
            XmlBase.PositiveInteger => value.Number > 0,
            XmlBase.Int => value.Number is >= int.MinValue and <= int.MaxValue,
            XmlBase.Short => value.Number is >= short.MinValue and <= short.MaxValue,
            _ => true,
        };
    }

    public static bool TryDecimal(ReadOnlySpan<char> text, ref XsdValue value) =>
        value.IsKept = decimal.TryParse(text, DecimalStyle, CultureInfo.InvariantCulture, out value.Decimal);

    public static bool TryDouble(ReadOnlySpan<char> text, ref XsdValue value)
    {
        if (TryDecimal(text, ref value)) return true;
        if (Platform(text, XmlTypeCode.Double) is not double number) return false;
        value.IsKept = Math.Abs(number) < 1e15;
        value.Decimal = value.IsKept ? (decimal)number : 0;
        return true;
    }

    public static bool TryBoolean(ReadOnlySpan<char> text, ref XsdValue value)
    {
        value.IsKept = true;
        value.Number = text is "true" or "1" ? 1 : 0;
        return value.Number == 1 || text is "false" or "0";
    }

    public static bool TryYear(ReadOnlySpan<char> text, ref XsdValue value)
    {
        value.IsKept = true;
        var (century, year) = text.Length == 4 ? (Two(text), Two(text[2..])) : (-1, -1);
        if (century >= 0 && year >= 0 && century + year > 0)
        {
            value.Decimal = value.Number = (century * 100) + year;
            return true;
        }

        if (Platform(text, XmlTypeCode.GYear) is not DateTime day) return false;
        value.Decimal = value.Number = day.Year;
        return true;
    }

    public static bool TryDate(ReadOnlySpan<char> text, ref XsdValue value)
    {
        value.IsKept = true;
        if (text.Length == DayLength && TryDay(text, out value.DayNumber))
        {
            value.Number = value.DayNumber;
            return true;
        }

        if (Platform(text, XmlTypeCode.Date) is not DateTime) return false;

        // With a zone the day is still the one that is written.
        value.IsKept = text.Length > DayLength && TryDay(text[..DayLength], out value.DayNumber);
        value.Number = value.DayNumber;
        return true;
    }

    public static bool TryDateTime(ReadOnlySpan<char> text, ref XsdValue value)
    {
        if (TryCommonTime(text, ref value)) return true;
        if (Platform(text, XmlTypeCode.DateTime) is not DateTime time) return false;
        value.IsKept = true;
        value.DayNumber = DateOnly.FromDateTime(time).DayNumber;
        if (time.Kind != DateTimeKind.Unspecified) value.Number = time.ToUniversalTime().Ticks;
        else TakeLocal(time.Ticks, ref value);
        return true;
    }

    /// <summary>Eight digits that are a day; 99991231 is an open end.</summary>
    public static bool TryCompactDay(ReadOnlySpan<char> text, out int dayNumber)
    {
        dayNumber = 0;
        if (text.Length != 8) return false;
        return TryDay(Two(text), Two(text[2..]), Two(text[4..]), Two(text[6..]), out dayNumber);
    }

    // yyyy-MM-ddTHH:mm:ss with a fraction, a zone, both or neither. Years 1 and 9999 may overflow with a zone.
    private static bool TryCommonTime(ReadOnlySpan<char> text, ref XsdValue value)
    {
        if (text.Length < SecondLength || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
        var (hour, minute, second) = (Two(text[11..]), Two(text[14..]), Two(text[17..]));
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59) return false;
        if (!TryDay(text[..DayLength], out value.DayNumber) || value.DayNumber is < 400 or > 3652000) return false;
        var ticks = (value.DayNumber * TimeSpan.TicksPerDay)
            + (((((hour * 60L) + minute) * 60) + second) * TimeSpan.TicksPerSecond);
        var rest = text[SecondLength..];
        if (rest.Length > 0 && rest[0] == '.' && !TryFraction(ref rest, ref ticks)) return false;
        if (rest.Length == 0)
        {
            TakeLocal(ticks, ref value);
            return true;
        }

        if (!TryZone(rest, out var offset)) return false;
        value.IsKept = true;
        value.Number = ticks - offset;
        return true;
    }

    private static void TakeLocal(long ticks, ref XsdValue value)
    {
        var exists = OsloTime.TryToUtc(ticks, out value.Number);
        value.IsKept = value.Number >= 0;
        value.IsInSkippedHour = value.IsKept && !exists;
    }

    private static bool TryFraction(ref ReadOnlySpan<char> rest, ref long ticks)
    {
        var scale = TimeSpan.TicksPerSecond / 10;
        var length = 1;
        for (; length < rest.Length && rest[length] is >= '0' and <= '9'; length++)
        {
            // The register keeps microseconds.
            if (scale >= TimeSpan.TicksPerMicrosecond) ticks += (rest[length] - '0') * scale;
            scale /= 10;
        }

        rest = rest[length..];
        return length is > 1 and <= FractionMax + 1;
    }

    private static bool TryZone(ReadOnlySpan<char> text, out long offset)
    {
        offset = 0;
        if (text is "Z") return true;
        if (text.Length != 6 || text[3] != ':' || text[0] is not ('+' or '-')) return false;
        var (hour, minute) = (Two(text[1..]), Two(text[4..]));
        if (hour is < 0 or > 13 || minute is < 0 or > 59) return false;
        offset = ((hour * 60L) + minute) * TimeSpan.TicksPerMinute * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDay(ReadOnlySpan<char> text, out int dayNumber)
    {
        dayNumber = 0;
        if (text[4] != '-' || text[7] != '-') return false;
        return TryDay(Two(text), Two(text[2..]), Two(text[5..]), Two(text[8..]), out dayNumber);
    }

    private static bool TryDay(int century, int yearOfCentury, int month, int day, out int dayNumber)
    {
        dayNumber = 0;
        if (century < 0 || yearOfCentury < 0 || month is < 1 or > 12 || day < 1) return false;
        var year = (century * 100) + yearOfCentury;
        if (year == 0 || day > DateTime.DaysInMonth(year, month)) return false;
        dayNumber = new DateOnly(year, month, day).DayNumber;
        return true;
    }

    private static int Two(ReadOnlySpan<char> text)
    {
        var (tens, ones) = (text[0] - '0', text[1] - '0');
        return tens is < 0 or > 9 || ones is < 0 or > 9 ? -1 : (tens * 10) + ones;
    }

    // A fraction may have any number of digits. What one element may hold is the bound: its bytes are counted in the
    // stream, and the platform's reading takes time in proportion to them.
    private static object? Platform(ReadOnlySpan<char> text, XmlTypeCode type)
    {
        try
        {
            return XmlSchemaType.GetBuiltInSimpleType(type).Datatype!.ParseValue(text.ToString(), null, null);
        }
        catch (XmlSchemaException)
        {
            return null;
        }
    }
}
