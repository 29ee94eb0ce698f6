using System.Globalization;

namespace Kilde.Kernel;

/// <summary>Numbers, days and times the way Norwegians write them, in Norwegian time.</summary>
public static class Norwegian
{
    private static readonly TimeZoneInfo Oslo = TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo");

    private static readonly NumberFormatInfo Numbers = new()
    {
        NumberGroupSeparator = "\u00a0",
        NumberDecimalSeparator = ",",
        NegativeSign = "\u2212",
    };

    /// <summary>12&#160;345</summary>
    public static string Number(long value) => value.ToString("N0", Numbers);

    /// <summary>12,3</summary>
    public static string Decimal(double value) => value.ToString("N1", Numbers);

    /// <summary>12&#160;345 · 168,1: as many decimals as there are, two at most.</summary>
    public static string Number(decimal value) => value.ToString("#,##0.##", Numbers);

    public static DateOnly Day(DateTimeOffset instant) =>
        DateOnly.FromDateTime(Clock(instant));

    /// <summary>What a clock in Norway shows.</summary>
    public static DateTime Clock(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Oslo).DateTime;

    /// <summary>Midnight at the start of the instant's Norwegian day.</summary>
    public static DateTimeOffset StartOfDay(DateTimeOffset instant) => StartOf(Day(instant));

    /// <summary>Midnight at the start of a Norwegian day, in UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, Oslo.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>07.03.2026</summary>
    public static string Date(DateOnly day) => day.ToString("dd.MM.yyyy");

    public static string Date(DateTimeOffset instant) => Date(Day(instant));

    /// <summary>07.03.2026 kl. 14.05</summary>
    public static string Time(DateTimeOffset instant) =>
        Clock(instant).ToString("dd.MM.yyyy 'kl.' HH.mm");

    /// <summary>07.03.2026 kl. 14.05.33,120</summary>
    public static string ExactTime(DateTimeOffset instant) =>
        Clock(instant).ToString("dd.MM.yyyy 'kl.' HH.mm.ss','fff");

    /// <summary>What the <c>datetime</c> attribute of <c>time</c> wants.</summary>
    public static string Machine(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    /// <summary>nå · 5 min · 3 t · 12 dager</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 5 } => "nå",
        { TotalSeconds: < 60 } => $"{(int)age.TotalSeconds}\u00a0s",
        { TotalMinutes: < 60 } => $"{(int)age.TotalMinutes}\u00a0min",
        { TotalHours: < 24 } => $"{(int)age.TotalHours}\u00a0t",
        { TotalDays: < 2 } => "1\u00a0dag",
        _ => $"{Number((long)age.TotalDays)}\u00a0dager",
    };

    /// <summary>830 ms · 1,4 s · 3 min</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1000 } => $"{(long)time.TotalMilliseconds}\u00a0ms",
        { TotalSeconds: < 60 } => $"{Decimal(time.TotalSeconds)}\u00a0s",
        _ => Age(time),
    };

    /// <summary>An organisation number in the groups people read: 987 654 321.</summary>
    public static string Grouped(string digits) => digits.Length == 9
        ? $"{digits[..3]}\u00a0{digits[3..6]}\u00a0{digits[6..]}"
        : digits;
}
