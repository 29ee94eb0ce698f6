namespace Kilde.Synthetic;

/// <summary>
/// The events of a municipality's year in the order they are told: what is active on 1 January first, then what
/// happens, with corrections and annulments. Kept as a list, since a chain is in time order and people are not; a few
/// hundred bytes for each event.
/// </summary>
internal static class CareEvents
{
    private const double CorrectedShare = 0.04;
    private const double AnnulledShare = 0.4;

    public static List<CareEvent> Of(MunicipalityYearOrder order, IEnumerable<CareUser> users)
    {
        var events = new List<CareEvent>();
        var newYear = new DateOnly(order.AsOf.Year, 1, 1);
        foreach (var user in users)
            foreach (var service in user.Services)
                if (service.IsToldByEvents) Add(unchecked((ulong)order.Seed), user, service, newYear, events);
        events.RemoveAll(told => DateOnly.FromDateTime(told.ToldAt) > order.AsOf);
        events.Sort(static (one, other) => (one.ToldAt, one.Id).CompareTo((other.ToldAt, other.Id)));
        return events;
    }

    private static void Add(
        ulong seed, CareUser user, CareService service, DateOnly newYear, List<CareEvent> events)
    {
        Tell(CareEventKind.Start, service.FromOn, null);
        foreach (var (from, to) in service.Pauses)
        {
            var id = $"S{user.Person.Index}-{service.Kind}-{from:yyyyMMdd}";
            if (to < newYear) continue;
            Tell(CareEventKind.PauseFrom, from, id);
            Tell(CareEventKind.PauseTo, to, id);
        }

        if (service.MovedOn >= newYear) Tell(CareEventKind.Moved, service.MovedOn.Value, null);
        if (service.ToOn >= newYear) Tell(CareEventKind.End, service.ToOn.Value, null);

        void Tell(CareEventKind kind, DateOnly on, string? pause)
        {
            var chance = Chance.Of(
                seed, Topic.Care, user.Person.Index, (service.Number * 10) + (int)kind, on.DayNumber);
            var told = Told(on < newYear ? newYear : on, ref chance);
            var original = new CareEvent(
                user, service, kind, on, told, 'N', chance.Guid(), chance.Guid(), null, pause);
            events.Add(original);
            var later = told.AddDays(chance.Between(1, 6));
            if (kind == CareEventKind.Moved && chance.Happens(AnnulledShare))
            {
                events.Add(original with
                {
                    Status = 'C', ToldAt = later, Id = chance.Guid(), Original = original.Id,
                });
            }
            else if (chance.Happens(CorrectedShare))
            {
                events.Add(original with
                {
                    Status = 'M', ToldAt = later, Id = chance.Guid(), EventId = chance.Guid(),
                    Original = original.Id, On = on.AddDays(-1),
                });
            }
        }
    }

    private static DateTime Told(DateOnly day, ref Chance chance) =>
        day.ToDateTime(new TimeOnly(8, 0)).AddSeconds(chance.Below(10 * 60 * 60));
}
