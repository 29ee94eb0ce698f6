using System.Globalization;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Portal.Shell;
using Microsoft.AspNetCore.WebUtilities;

namespace Kilde.Portal.AuditTrail;

/// <summary>What an auditor asks of a log, as it stands in the address.</summary>
/// <param name="From">First day, <c>yyyy-MM-dd</c> as a date field sends it.</param>
/// <param name="To">Last day, included.</param>
/// <param name="After">The last entry of the page before: ticks, number and chain.</param>
public sealed record LogSearch(
    string Log, string? From, string? To, string? Actor, string? Action, string? Subject, string? After)
{
    public const string Path = "/revisjon";

    public bool IsNarrowed =>
        From is not null || To is not null || Actor is not null || Action is not null || Subject is not null;

    /// <summary>Keys of what is wrong with the first day and with the last; null where nothing is.</summary>
    public (string? From, string? To) Mistakes => (
        From is not null && DayOf(From) is null ? "log.mistake.day" : null,
        To is not null && DayOf(To) is null ? "log.mistake.day"
            : DayOf(To) < DayOf(From) ? "log.mistake.order" : null);

    public LogQuery ToQuery(int rows) => new(
        StartOf(DayOf(From)), StartOf(DayOf(To)?.AddDays(1)), Actor, Action, Subject, ReadPlace(After), rows);

    public string Url() => QueryHelpers.AddQueryString(Path, new[]
    {
        ("logg", Log), ("fra", From), ("til", To), ("hvem", Actor), ("handling", Action), ("gjelder", Subject),
        ("etter", After),
    }.Where(part => part.Item2 is not null).Select(part => KeyValuePair.Create(part.Item1, (string?)part.Item2)));

    public static string PlaceOf(LogRow last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.OccurredAt.UtcTicks}_{last.SequenceNo}_{last.Chain}");

    /// <summary>The place, or null when the text is none: then the list starts from the newest.</summary>
    public static LogPosition? ReadPlace(string? text)
    {
        if (text?.Split('_', 3) is not [var ticksText, var numberText, var chain]) return null;
        return long.TryParse(ticksText, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && long.TryParse(numberText, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new LogPosition(new DateTimeOffset(ticks, TimeSpan.Zero), chain, number)
            : null;
    }

    // The last day there is has no day after it.
    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day < DateOnly.MaxValue
            ? day
            : null;

    // A day means a Norwegian day.
    private static DateTimeOffset? StartOf(DateOnly? day) => day is { } known ? Norwegian.StartOf(known) : null;
}
