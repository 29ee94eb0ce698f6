using Kilde.Kernel;

namespace Kilde.Quality.Calendar;

/// <summary>How an expected submission stands.</summary>
public enum ExpectationState
{
    /// <summary>The deadline is not passed.</summary>
    Awaited = 1,

    /// <summary>It came in time.</summary>
    Received = 2,

    /// <summary>It came after the deadline.</summary>
    ReceivedLate = 3,

    /// <summary>The deadline has passed, and it can still come.</summary>
    Late = 4,

    /// <summary>It has not come, and the last day is over.</summary>
    Missing = 5,

    /// <summary>It has not come, so long ago that nobody asks for it any more. It is still taken in.</summary>
    Closed = 6,
}

/// <summary>A unit that has to send a message type.</summary>
/// <param name="ToOn">Last day of the obligation; null while it lasts.</param>
public sealed record ReportingObligation(
    OrganizationNumber Unit, string Name, string MessageType, DateOnly FromOn, DateOnly? ToOn)
{
    /// <summary>What the unit calls itself in its messages beside its own number: a municipality number.</summary>
    public IReadOnlyList<string> Institutions { get; init; } = [];
}

/// <summary>Who has to send what. The host wires it to intake's configuration of senders.</summary>
public interface IReportingObligations
{
    Task<IReadOnlyList<ReportingObligation>> ReadAsync(CancellationToken cancellation);
}

/// <summary>The accepted submissions of one unit and type that reach to the same day.</summary>
public sealed record ReceivedFiles(
    OrganizationNumber Unit, string MessageType, DateOnly To, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Count);

/// <summary>One expected submission and how it stands today.</summary>
/// <param name="FirstAt">When the first file that covers the period came.</param>
/// <param name="Files">Files that cover it, counted: corrections before the deadline are welcome (R2.12).</param>
/// <param name="DaysLate">
/// Days after the deadline, of the file or until today; 0 in time, and when it is closed: nobody counts any more.
/// </param>
public sealed record Expectation(
    ReportingObligation Obligation, ReportingPeriod Period, ExpectationState State, DateTimeOffset? FirstAt, int Files,
    int DaysLate)
{
    // Where a calendar has no second submission, this long is late, and then it is missing.
    private const int GraceDays = 14;

    // What was due this long ago is no longer chased: a year, and the time it takes to close the next.
    private const int ChasedDaysMax = 400;

    /// <summary>
    /// Pure: what is expected of an obligation for a period; null when the obligation does not cover it.
    /// </summary>
    /// <param name="received">The unit's files of the type.</param>
    public static Expectation? Of(
        ReportingObligation obligation, ReportingPeriod period, IEnumerable<ReceivedFiles> received, DateOnly today)
    {
        if (obligation.FromOn > period.To || obligation.ToOn < period.To) return null;

        // A file that reaches further covers the period too, as long as it is of the same year.
        var covering = received.Where(file => file.To >= period.To && period.Year.Includes(file.To)).ToList();
        if (covering.Count > 0)
        {
            var first = covering.Min(file => file.FirstAt);
            var late = Math.Max(0, Norwegian.Day(first).DayNumber - period.DeadlineOn.DayNumber);
            return new Expectation(
                obligation, period, late > 0 ? ExpectationState.ReceivedLate : ExpectationState.Received, first,
                covering.Sum(file => file.Count), late);
        }

        var state = StateWithout(period, today);
        return new Expectation(
            obligation, period, state, FirstAt: null, Files: 0,
            state == ExpectationState.Closed ? 0 : Math.Max(0, today.DayNumber - period.DeadlineOn.DayNumber));
    }

    private static ExpectationState StateWithout(ReportingPeriod period, DateOnly today)
    {
        if (today <= period.DeadlineOn) return ExpectationState.Awaited;
        if (today <= (period.SecondOn ?? period.DeadlineOn.AddDays(GraceDays))) return ExpectationState.Late;
        return today <= period.DeadlineOn.AddDays(ChasedDaysMax) ? ExpectationState.Missing : ExpectationState.Closed;
    }
}
