namespace Kilde.Definitions.Reading;

/// <summary>How reading a time went.</summary>
internal enum IsoOutcome
{
    Good,
    WrongForm,

    /// <summary>In the hour that is skipped when summer time begins; read as standard time.</summary>
    NoSuchTime,
}

/// <summary>
/// Days and times of ISO 8601, extended format, as JSON carries them. Years 0001–9999; fractions of any length are cut
/// to microseconds, which is what the register keeps; a time without zone is Norwegian.
/// </summary>
internal static class IsoTime
{
    private const int DayLength = 10;
    private const int MinuteLength = 16;
    private const int OffsetHoursMax = 14;
    private const int FractionDigitsMax = 9;

    public static bool TryReadDay(ReadOnlySpan<byte> text, out DateOnly day)
    {
        day = default;
        if (text.Length != DayLength || text[4] != '-' || text[7] != '-') return false;
        var year = (Two(text) * 100) + Two(text[2..]);
        var month = Two(text[5..]);
        var date = Two(text[8..]);
        if (Two(text) < 0 || Two(text[2..]) < 0 || year is < 1 or > 9999 || month is < 1 or > 12) return false;
        if (date < 1 || date > DateTime.DaysInMonth(year, month)) return false;
        day = new DateOnly(year, month, date);
        return true;
    }

    /// <summary>A day, or the Norwegian day of a time.</summary>
    public static bool TryReadDayOfTime(ReadOnlySpan<byte> text, out DateOnly day)
    {
        if (text.Length == DayLength) return TryReadDay(text, out day);
        day = default;
        if (TryReadInstant(text, out var utcTicks) == IsoOutcome.WrongForm) return false;
        return TryLocalDay(utcTicks, out day);
    }

    public static bool TryLocalDay(long utcTicks, out DateOnly day)
    {
        var local = utcTicks + OsloTime.OffsetAt(utcTicks);
        day = local <= DateTime.MaxValue.Ticks ? DateOnly.FromDateTime(new DateTime(local)) : DateOnly.MaxValue;
        return true;
    }

    /// <summary>A time of day on a day; <c>yyyy-MM-ddTHH:mm[:ss[.fffffff]][Z|±hh:mm]</c>.</summary>
    public static IsoOutcome TryReadInstant(ReadOnlySpan<byte> text, out long utcTicks)
    {
        utcTicks = 0;
        if (text.Length < MinuteLength || text[10] != 'T' || text[13] != ':') return IsoOutcome.WrongForm;
        if (!TryReadDay(text[..DayLength], out var day)) return IsoOutcome.WrongForm;
        var hour = Two(text[11..]);
        var minute = Two(text[14..]);
        if (hour is < 0 or > 23 || minute is < 0 or > 59) return IsoOutcome.WrongForm;

        var ticks = day.DayNumber * TimeSpan.TicksPerDay
            + hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute;
        var rest = text[MinuteLength..];
        if (rest.Length > 0 && rest[0] == ':' && !TryReadSeconds(ref rest, ref ticks)) return IsoOutcome.WrongForm;

        if (rest.Length == 0)
        {
            if (OsloTime.TryToUtc(ticks, out utcTicks)) return IsoOutcome.Good;
            return utcTicks < 0 ? IsoOutcome.WrongForm : IsoOutcome.NoSuchTime;
        }

        if (!TryReadOffset(rest, out var offset)) return IsoOutcome.WrongForm;
        utcTicks = ticks - offset;
        return utcTicks >= 0 && utcTicks <= DateTime.MaxValue.Ticks ? IsoOutcome.Good : IsoOutcome.WrongForm;
    }

    private static bool TryReadSeconds(ref ReadOnlySpan<byte> rest, ref long ticks)
    {
        if (rest.Length < 3) return false;
        var second = Two(rest[1..]);
        if (second is < 0 or > 59) return false;
        ticks += second * TimeSpan.TicksPerSecond;
        rest = rest[3..];
        if (rest.Length == 0 || rest[0] != '.') return true;

        var digits = 0;
        var scale = TimeSpan.TicksPerSecond / 10;
        while (digits + 1 < rest.Length && rest[digits + 1] is >= (byte)'0' and <= (byte)'9')
        {
            if (scale >= TimeSpan.TicksPerMicrosecond) ticks += (rest[digits + 1] - '0') * scale;
            scale /= 10;
            digits++;
        }

        rest = rest[(digits + 1)..];
        return digits is > 0 and <= FractionDigitsMax;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out long offset)
    {
        offset = 0;
        if (text is [(byte)'Z']) return true;
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':') return false;
        var hours = Two(text[1..]);
        var minutes = Two(text[4..]);
        if (hours is < 0 or > OffsetHoursMax || minutes is < 0 or > 59) return false;
        offset = hours * TimeSpan.TicksPerHour + minutes * TimeSpan.TicksPerMinute;
        if (text[0] == '-') offset = -offset;
        return true;
    }

    // Two ASCII digits; negative when they are not.
    private static int Two(ReadOnlySpan<byte> text)
    {
        int high = text[0] - '0', low = text[1] - '0';
        return high is < 0 or > 9 || low is < 0 or > 9 ? -1000 : (high * 10) + low;
    }
}
