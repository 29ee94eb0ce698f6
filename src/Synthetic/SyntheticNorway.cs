namespace Kilde.Synthetic;

/// <summary>
/// A Norway that does not exist: units, people and the messages that what happens between them gives rise to.
/// </summary>
/// <remarks>
/// The same seed and size give the same units, people and messages, byte for byte, on any machine. A day is made
/// without the days before it, and nothing is kept: memory stays the same however many days or people there are. People
/// carry numbers that hold the control digits and the synthetic marker, month + 80; real places, no real unit, vendor
/// or person. Working days are Monday to Friday; nothing is sent on other days. Safe for many threads.
/// </remarks>
public sealed class SyntheticNorway
{
    private readonly ulong _seed;
    private readonly Population _population;
    private readonly VisitPlan _plan;
    private readonly IReadOnlyList<ServiceFeed> _feeds;

    private SyntheticNorway(ulong seed, NorwaySize size, ErrorMix errors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Units, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(size.PersonsPerUnit, 1, nameof(size));
        (_seed, Size, Errors) = (seed, size, errors);
        _population = new Population(seed);
        _plan = new VisitPlan(seed);
        Units = UnitDirectory.Create(seed, size);
        ServiceUnits = [.. Synthetic.ServiceUnits.Of(Units)];
        _feeds =
        [
            new CareFeed(seed), new DentalFeed(seed), new ClaimFeed(seed), new ClaimExtractFeed(seed),
            new InjuryFeed(seed), new AcuteBedFeed(seed), new PopulationFeed(seed),
            new ReservationFeed(seed),
        ];
    }

    public NorwaySize Size { get; }

    public ErrorMix Errors { get; }

    public IReadOnlyList<SyntheticUnit> Units { get; }

    /// <summary>
    /// The municipalities' other units, and the national ones: who sends what <see cref="ServiceMessagesOf"/> gives.
    /// </summary>
    public IReadOnlyList<SyntheticUnit> ServiceUnits { get; }

    public static IReadOnlyList<EhrProduct> Products => UnitDirectory.Products;

    public static SyntheticNorway Create(long seed, NorwaySize size, ErrorMix? errors = null) =>
        new(unchecked((ulong)seed), size, errors ?? ErrorMix.None);

    /// <summary>The working day on or before a day.</summary>
    public static DateOnly WorkDayOnOrBefore(DateOnly day)
    {
        while (!OsloTime.IsWorkDay(day)) day = day.AddDays(-1);
        return day;
    }

    /// <summary>The people who belong to a unit on a day.</summary>
    public IEnumerable<SyntheticPerson> PersonsOf(SyntheticUnit unit, DateOnly day)
    {
        for (var index = unit.Persons.First; index < unit.Persons.First + unit.Persons.Count; index++)
            if (Population.Belongs(unit.Kind, Population.BornOn(unit.Kind, index), day))
                yield return _population.Get(unit.Kind, index);
    }

    /// <summary>All messages of a day, unit by unit, each unit's in the order it sends them.</summary>
    public IEnumerable<SyntheticMessage> MessagesOf(DateOnly day) => Units.SelectMany(unit => MessagesOf(unit, day));

    /// <summary>
    /// The messages one unit sends on a day, in order: what was written in each hour, as soon as it ends.
    /// </summary>
    public IEnumerable<SyntheticMessage> MessagesOf(SyntheticUnit unit, DateOnly day)
    {
        if (!OsloTime.IsWorkDay(day)) yield break;
        var sequence = 0;
        var writer = new MessageWriter(_seed);
        var people = new Dictionary<long, SyntheticPerson>();
        foreach (var hour in EventsOf(unit, day).GroupBy(happened => happened.MinuteOfDay / 60))
        {
            var events = hour.ToList();
            foreach (var shape in ShapesOf(unit))
            {
                if (writer.Write(shape, unit, events, PersonOf, day) is not var (json, records)) continue;
                var chance = Chance.Of(_seed, Topic.Message, unit.Index, day.DayNumber, sequence);
                var sendAt = OsloTime.At(day, ((hour.Key + 1) * 60) + chance.Below(30));
                var (sent, seeded) = ErrorSeeding.Apply(json, shape, Errors, ref chance);
                yield return new SyntheticMessage(
                    shape.Type, shape.Version, unit, day, sequence++, sendAt, records, sent, seeded);
            }
        }

        SyntheticPerson PersonOf(long index) =>
            people.TryGetValue(index, out var person) ? person : people[index] = _population.Get(unit.Kind, index);
    }

    /// <summary>
    /// What the other units tell of a day: municipal care, dental treatment and more. Always sound.
    /// </summary>
    public IEnumerable<SyntheticMessage> ServiceMessagesOf(DateOnly day) =>
        ServiceUnits.SelectMany(unit => ServiceMessagesOf(unit, day));

    /// <summary>What one of <see cref="ServiceUnits"/> tells of a day, one message of each type it sends.</summary>
    public IEnumerable<SyntheticMessage> ServiceMessagesOf(SyntheticUnit unit, DateOnly day) =>
        from feed in _feeds
        where unit.Kind == feed.Sender
        select feed.MessageOf(unit, day) into message
        where message is not null
        select message;

    /// <summary>The types of messages a unit sends, of <see cref="Units"/> or <see cref="ServiceUnits"/>.</summary>
    public IEnumerable<string> TypesOf(SyntheticUnit unit) => unit.Kind >= UnitKind.CareOffice
        ? _feeds.Where(feed => feed.Sender == unit.Kind).Select(feed => feed.Type)
        : ShapesOf(unit).Select(shape => shape.Type);

    private List<VisitEvent> EventsOf(SyntheticUnit unit, DateOnly day)
    {
        var events = new List<VisitEvent>();
        var occasions = new List<Occasion>();
        for (var index = unit.Persons.First; index < unit.Persons.First + unit.Persons.Count; index++)
        {
            var bornOn = Population.BornOn(unit.Kind, index);
            if (bornOn.DayNumber > day.DayNumber + VisitPlan.DaysAround) continue;
            VisitProgramme.Collect(unit.Kind, bornOn, day, VisitPlan.DaysAround, occasions);
            foreach (var occasion in occasions)
                if (Population.Belongs(unit.Kind, bornOn, occasion.DueOn))
                    _plan.AddEvents(unit.Kind, index, bornOn, occasion, day, events);
        }

        events.Sort(static (one, other) =>
            (one.MinuteOfDay, one.Visit.Person, one.Visit.Id, one.Kind)
            .CompareTo((other.MinuteOfDay, other.Visit.Person, other.Visit.Id, other.Kind)));
        return events;
    }

    private static Shape[] ShapesOf(SyntheticUnit unit) => unit.Kind == UnitKind.Physiotherapy
        ? [Shape.Contact]
        : [Shape.Appointment, Shape.Consultation, Shape.Contact];
}
