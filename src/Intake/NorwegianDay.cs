namespace Kilde.Intake;

/// <summary>Which day it is in Norway, where senders count their days.</summary>
internal static class NorwegianDay
{
    private static readonly TimeZoneInfo Norway = TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo");

    public static DateOnly Of(DateTimeOffset time) => DateOnly.FromDateTime(ClockOf(time).DateTime);

    /// <summary>The same moment, with Norway's offset from UTC.</summary>
    public static DateTimeOffset ClockOf(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Norway);
}
