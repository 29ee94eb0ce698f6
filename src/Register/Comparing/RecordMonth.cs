using System.Globalization;

namespace Kilde.Register.Comparing;

/// <summary>
/// The month a record belongs to: that of its event, by the clock in Norway. A record that tells no event belongs to
/// <see cref="None"/>.
/// </summary>
/// <param name="Number">Months since year 0; 0 for none.</param>
public readonly record struct RecordMonth(int Number) : IComparable<RecordMonth>
{
    private static readonly TimeZoneInfo Norway = TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo");

    public static RecordMonth None { get; }

    public static RecordMonth Max { get; } = new(int.MaxValue);

    public static RecordMonth Of(DateOnly day) => new((day.Year * 12) + day.Month - 1);

    /// <summary>What stands for a whole year: its January.</summary>
    public static RecordMonth OfYear(int year) => Of(new DateOnly(year, 1, 1));

    /// <summary>The January of its year.</summary>
    public RecordMonth Year => new(Number / 12 * 12);

    public static RecordMonth Of(DateTimeOffset time) =>
        Of(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, Norway).DateTime));

    /// <summary>Reads <c>2026-03</c>, and the empty text as none.</summary>
    public static bool TryParse(string text, out RecordMonth month)
    {
        month = None;
        if (text.Length == 0) return true;
        var isMonth = DateOnly.TryParseExact(
            text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        if (isMonth) month = Of(day);
        return isMonth;
    }

    public int CompareTo(RecordMonth other) => Number.CompareTo(other.Number);

    public override string ToString() => this == None ? "" : $"{Number / 12:D4}-{(Number % 12) + 1:D2}";

    public static bool operator <(RecordMonth one, RecordMonth other) => one.Number < other.Number;

    public static bool operator >(RecordMonth one, RecordMonth other) => one.Number > other.Number;

    public static bool operator <=(RecordMonth one, RecordMonth other) => one.Number <= other.Number;

    public static bool operator >=(RecordMonth one, RecordMonth other) => one.Number >= other.Number;
}
