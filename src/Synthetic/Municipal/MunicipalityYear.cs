using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>What a municipality sends about a year.</summary>
public enum MunicipalityFileKind
{
    /// <summary>IPLOS 3.7: one file for the whole year, for 2019.</summary>
    AnnualCare = 1,

    /// <summary>Module ipl 56.0.0: a chain of events, from 2021.</summary>
    CareEvents,

    /// <summary>Module hst 56.0.0: consultations, from 2021.</summary>
    ChildHealth,
}

/// <summary>Which year of which municipality, how much of it, and what its files look like.</summary>
public sealed record MunicipalityYearOrder
{
    /// <summary>By the codes of the year.</summary>
    public required MunicipalityCode Municipality { get; init; }

    public long Seed { get; init; } = 1;

    /// <summary>The last day told of; the annual file always tells the whole year.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Share of the inhabitants that there are, above 0 and up to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>How many days a message of events covers, at least 1; days without events give none.</summary>
    public int DaysPerMessage { get; init; } = 30;

    public FaultMix Faults { get; init; } = FaultMix.None;

    public FileEncoding Encoding { get; init; } = FileEncoding.Utf8;

    /// <summary>Put each message into a MsgHead 1.2, as on the message bus.</summary>
    public bool IsWrapped { get; init; }
}

/// <summary>
/// Writes a municipality's year. A pure function of the order; the persons are those of the hospitals' files for the
/// same seed. The annual file streams; for a chain its events are kept while it is written.
/// </summary>
public static class MunicipalityYear
{
    private const string EventVersion = "56.0.0";
    private const int EnterpriseNumbers = 36_000_000;
    private const int HealthCentreNumbers = 36_300_000;
    private const int HerNumbers = 8_160_000;
    private const int UnitHerNumbers = 8_170_000;
    private const int Register = 134197;
    private const int AnnualYear = 2019;
    private const int FirstEventYear = 2021;

    /// <summary>The kinds that are sent about a year; none when no known form is for it.</summary>
    public static IReadOnlyList<MunicipalityFileKind> KindsOf(int year) => year switch
    {
        AnnualYear => [MunicipalityFileKind.AnnualCare],
        >= FirstEventYear => [MunicipalityFileKind.CareEvents, MunicipalityFileKind.ChildHealth],
        _ => [],
    };

    /// <summary>The organisation number of the municipality itself.</summary>
    public static OrganizationNumber NumberOf(MunicipalityCode municipality) =>
        UnitDirectory.OrganizationNumberAt(EnterpriseNumbers, municipality.Number);

    public static OrganizationNumber HealthCentreOf(MunicipalityCode municipality) =>
        UnitDirectory.OrganizationNumberAt(HealthCentreNumbers, municipality.Number);

    /// <summary>One of those that give the municipality's services.</summary>
    public static OrganizationNumber ProviderOf(MunicipalityCode municipality, int place) =>
        CareWorld.ProviderOf(municipality, place);

    public static HerId HerIdOf(MunicipalityCode municipality) =>
        HerId.TryFromNumber(HerNumbers + municipality.Number, out var her) ? her : default;

    /// <summary>The unit of the municipality that sends its messages: level 2 in their headers.</summary>
    public static HerId ReportingHerIdOf(MunicipalityCode municipality) =>
        HerId.TryFromNumber(UnitHerNumbers + municipality.Number, out var her) ? her : default;

    /// <summary>Writes files one after the other, each to a stream that is opened by name and closed again.</summary>
    /// <param name="progress">Told how much is done, 0–1, now and then.</param>
    /// <returns>The faults that were put in.</returns>
    public static IReadOnlyList<SeededFault> Write(
        MunicipalityYearOrder order, IReadOnlyList<MunicipalityFileKind> kinds, Func<string, Stream> open,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order.Share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order.Share, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(order.DaysPerMessage, 1);
        if (!order.Municipality.IsInUse(order.AsOf.Year))
            throw new ArgumentException("The municipality was not there that year.", nameof(order));
        if (kinds.Except(KindsOf(order.AsOf.Year)).Any())
            throw new ArgumentException("That is not sent about the year.", nameof(kinds));
        var faults = new FaultLog(order.Faults);
        for (var at = 0; at < kinds.Count; at++)
        {
            var world = new CareWorld(order, new Part(progress, at, kinds.Count), cancellation);
            if (kinds[at] == MunicipalityFileKind.AnnualCare) WriteAnnual(order, world, faults, open);
            else if (kinds[at] == MunicipalityFileKind.CareEvents) WriteEvents(order, world, faults, open);
            else WriteChildHealth(order, world, faults, open);
        }

        progress?.Report(1);
        return faults.Seeded;
    }

    private static void WriteAnnual(
        MunicipalityYearOrder order, CareWorld world, FaultLog faults, Func<string, Stream> open)
    {
        using var stream = open($"iplos_3.7_{order.Municipality}_{order.AsOf.Year}.xml");
        var file = new AnnualCareFile(
            new XmlOut(stream, order.Encoding), order, faults, EnvelopeOf(order, "KPR_IPLOS", order.AsOf));
        file.Begin();
        foreach (var user in world.Users()) file.Write(user);
        file.End();
    }

    private static void WriteEvents(
        MunicipalityYearOrder order, CareWorld world, FaultLog faults, Func<string, Stream> open)
    {
        var all = CareEvents.Of(order, world.Users());
        var file = new EventFile(unchecked((ulong)order.Seed), faults);
        foreach (var (from, to) in Periods(order))
        {
            var events = all.Where(told => IsWithin(told.ToldAt, from, to)).ToList();
            if (events.Count == 0) continue;
            using var stream = open(FileName(order, "ipl", to));
            file.Write(new XmlOut(stream, order.Encoding), FrameOf(order, "ipl", from, to), order, events);
        }
    }

    private static void WriteChildHealth(
        MunicipalityYearOrder order, CareWorld world, FaultLog faults, Func<string, Stream> open)
    {
        var file = new ChildHealthFile(unchecked((ulong)order.Seed), faults);
        var all = file.Consultations(world.People(), order.AsOf);
        foreach (var (from, to) in Periods(order))
        {
            var consultations = all.Where(met => IsWithin(met.At, from, to)).ToList();
            if (consultations.Count == 0) continue;
            using var stream = open(FileName(order, "hst", to));
            file.Write(new XmlOut(stream, order.Encoding), FrameOf(order, "hst", from, to), order, consultations);
        }
    }

    private static string FileName(MunicipalityYearOrder order, string module, DateOnly to) =>
        $"{module}_{EventVersion}_{order.Municipality}_{to:yyyy-MM-dd}.xml";

    private static bool IsWithin(DateTime at, DateOnly from, DateOnly to) =>
        DateOnly.FromDateTime(at) is var day && from <= day && day <= to;

    private static IEnumerable<(DateOnly From, DateOnly To)> Periods(MunicipalityYearOrder order)
    {
        for (var from = new DateOnly(order.AsOf.Year, 1, 1); from <= order.AsOf;)
        {
            var to = from.AddDays(order.DaysPerMessage - 1);
            if (to > order.AsOf) to = order.AsOf;
            yield return (from, to);
            from = to.AddDays(1);
        }
    }

    private static MessageFrame FrameOf(MunicipalityYearOrder order, string module, DateOnly from, DateOnly to) => new()
    {
        Module = module,
        Version = EventVersion,
        Kind = "K",
        IsEvents = module == "ipl",
        From = from,
        To = to,
        Serial = to.DayOfYear,
        Sender = NumberOf(order.Municipality),
        Journal = JournalSystem.Of(order.Municipality.Number, order.AsOf.Year),
        Contacts = order.Faults.ContactsOf([1, 15, 16, 17]),
        Envelope = EnvelopeOf(order, $"KPR_{module.ToUpperInvariant()}", to),
    };

    private static Envelope? EnvelopeOf(MunicipalityYearOrder order, string function, DateOnly day)
    {
        if (!order.IsWrapped) return null;
        var chance = Chance.Of(
            unchecked((ulong)order.Seed), Topic.Envelope, order.Municipality.Number, day.DayNumber, function.Length);
        return new Envelope(
            function, chance.Guid(), ($"{order.Municipality.Name} kommune", HerIdOf(order.Municipality)),
            ("Helse og omsorg", ReportingHerIdOf(order.Municipality)),
            HerId.TryFromNumber(Register, out var register) ? register : default);
    }

    // One kind of several, told as a part of the whole.
    private sealed class Part(IProgress<double>? whole, int number, int of) : IProgress<double>
    {
        public void Report(double value) => whole?.Report((number + value) / of);
    }
}
