namespace Kilde.Synthetic;

/// <summary>
/// What is written about a person's visits on a day. A pure function of seed, person, occasion and day: appointments
/// become consultations, some are missed and made again, some are corrected or deleted afterwards.
/// </summary>
internal sealed class VisitPlan(ulong seed)
{
    /// <summary>The widest distance in days from when a visit is due to anything written about it.</summary>
    public const int DaysAround = 55;

    private const int OpensAt = 8 * 60;
    private const int Slots = 24;
    private const int SlotMinutes = 15;
    private const int ConsultationMinutes = 25;

    private const double WithoutAppointment = 0.1;
    private const double Missed = 0.05;
    private const double CalledOff = 0.03;
    private const double Corrected = 0.03;
    private const double Deleted = 0.006;

    public void AddEvents(
        UnitKind kind, long person, DateOnly bornOn, Occasion occasion, DateOnly day, List<VisitEvent> events)
    {
        var chance = Chance.Of(seed, Topic.Visit, (long)kind, person, occasion.Id);
        if (!chance.Happens(occasion.Share)) return;

        var first = Draw(ref chance, person, occasion, attempt: 0, occasion.DueOn.AddDays(chance.Between(-4, 6)));
        if (first.BookedOn < bornOn) first = first with { BookedOn = null, Outcome = Outcome.Met, EndedEarlyOn = null };
        Add(first, day, ref chance, events);
        if (first.Outcome == Outcome.Met) return;

        var second = Draw(ref chance, person, occasion, attempt: 1, first.On.AddDays(chance.Between(5, 12)));
        if (second.Outcome != Outcome.Met) second = second with { Outcome = Outcome.NoShow, EndedEarlyOn = null };
        Add(second with { BookedOn = first.EndedEarlyOn ?? first.On }, day, ref chance, events);
    }

    private static Visit Draw(ref Chance chance, long person, Occasion occasion, int attempt, DateOnly near)
    {
        var on = OsloTime.WorkDayNear(near, ref chance);
        var bookedOn = OsloTime.WorkDayNear(on.AddDays(-chance.Between(10, 30)), ref chance);
        var minute = OpensAt + (SlotMinutes * chance.Below(Slots));
        var fraction = chance.Fraction();
        var isDropIn = attempt == 0 && chance.Happens(WithoutAppointment);
        var outcome = fraction switch
        {
            _ when isDropIn => Outcome.Met,
            < Missed => Outcome.NoShow,
            < Missed + CalledOff => Outcome.Cancelled,
            _ => Outcome.Met,
        };
        var isMet = outcome == Outcome.Met;
        var endedEarlyOn = OsloTime.WorkDayOnOrAfter(bookedOn.AddDays(1));
        var correctedOn = OsloTime.WorkDayNear(on.AddDays(chance.Between(1, 5)), ref chance);
        var deletedOn = OsloTime.WorkDayNear(on.AddDays(chance.Between(12, 16)), ref chance);
        return new Visit(
            person, occasion, attempt, on, minute,
            isDropIn ? null : bookedOn,
            outcome,
            outcome == Outcome.Cancelled ? endedEarlyOn : null,
            isMet && chance.Happens(Corrected) ? correctedOn : null,
            isMet && chance.Happens(Deleted) ? deletedOn : null);
    }

    private static void Add(Visit visit, DateOnly day, ref Chance chance, List<VisitEvent> events)
    {
        var officeMinute = OpensAt + chance.Below(Slots * SlotMinutes);
        if (visit.BookedOn == day) events.Add(new VisitEvent(visit, VisitEventKind.Booked, officeMinute));
        if (visit.EndedEarlyOn == day) events.Add(new VisitEvent(visit, VisitEventKind.Cancelled, officeMinute));
        if (visit.CorrectedOn == day) events.Add(new VisitEvent(visit, VisitEventKind.Corrected, officeMinute));
        if (visit.DeletedOn == day) events.Add(new VisitEvent(visit, VisitEventKind.Deleted, officeMinute));
        if (visit.On != day || visit.Outcome == Outcome.Cancelled) return;
        var kind = visit.Outcome == Outcome.Met ? VisitEventKind.Met : VisitEventKind.NoShow;
        events.Add(new VisitEvent(visit, kind, visit.MinuteOfDay + ConsultationMinutes));
    }
}
