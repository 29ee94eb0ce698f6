namespace Kilde.Synthetic;

/// <summary>How an appointment ended.</summary>
internal enum Outcome
{
    Met = 1,
    NoShow,

    /// <summary>Taken out of the book before the day: the appointment is deleted.</summary>
    Cancelled,
}

/// <summary>One planned visit and all that happens to it later.</summary>
/// <param name="Attempt">0; 1 when the first appointment was missed.</param>
/// <param name="BookedOn">Null when the person came without an appointment.</param>
/// <param name="CorrectedOn">The day the consultation is sent again with another value.</param>
/// <param name="DeletedOn">The day the consultation is deleted: it was written on the wrong person.</param>
internal sealed record Visit(
    long Person,
    Occasion Occasion,
    int Attempt,
    DateOnly On,
    int MinuteOfDay,
    DateOnly? BookedOn,
    Outcome Outcome,
    DateOnly? EndedEarlyOn,
    DateOnly? CorrectedOn,
    DateOnly? DeletedOn)
{
    public DateTimeOffset At => OsloTime.At(On, MinuteOfDay);

    public long Id => ((long)Occasion.Id * 2) + Attempt;
}

internal enum VisitEventKind
{
    Booked = 1,
    Cancelled,
    NoShow,
    Met,
    Corrected,
    Deleted,
}

/// <summary>Something to report about a visit.</summary>
/// <param name="MinuteOfDay">When it is written in the journal.</param>
internal readonly record struct VisitEvent(Visit Visit, VisitEventKind Kind, int MinuteOfDay);
