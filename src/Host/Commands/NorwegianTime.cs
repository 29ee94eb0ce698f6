using System.Globalization;

namespace Kilde.Host.Commands;

/// <summary>Times as the commands show and take them: in Norwegian time, with the offset where it matters.</summary>
internal static class NorwegianTime
{
    private static readonly TimeZoneInfo Oslo = TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo");

    public static DateOnly Today(TimeProvider clock) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Oslo).DateTime);

    /// <summary>2026-11-20 13:05:33 +01:00: can be given back to <c>register as-of</c>.</summary>
    public static string Told(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Oslo)
        .ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>Reads a moment; one without an offset is in Norwegian time.</summary>
    public static bool TryRead(string text, out DateTimeOffset instant)
    {
        instant = default;
        if (!DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment)) return false;
        if (moment.Kind != DateTimeKind.Unspecified)
        {
            return DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
        }

        instant = new DateTimeOffset(moment, Oslo.GetUtcOffset(moment));
        return true;
    }
}
