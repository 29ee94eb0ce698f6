using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>The files a trust sends about a year.</summary>
public enum TrustFileKind
{
    /// <summary>Module ord 53.1.3: patients, referrals, episodes.</summary>
    Activity = 1,

    /// <summary>Module ide 53.1.3: which person each patient number is.</summary>
    Identity,

    /// <summary>Module kpp: costs; version 58.0.1 from 2024 on, 53.1.3 before.</summary>
    Cost,

    /// <summary>Module pak 53.1.3: package pathways.</summary>
    Pathway,
}

/// <summary>Which year of which trust, how much of it, and what its files look like.</summary>
public sealed record TrustYearOrder
{
    public required HospitalTrust Trust { get; init; }

    public long Seed { get; init; } = 1;

    /// <summary>
    /// The last day the files tell of: they begin on 1 January, and what happens later has not happened. The file of
    /// February holds January as the file of January does, except what has gone on since.
    /// </summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Share of the trust's inhabitants that there are, above 0 and up to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>
    /// A resend of the same day in which this share of the episodes differ, 0–1; see <see cref="Resend"/>.
    /// </summary>
    public double ChangedShare { get; init; }

    /// <summary>What to make wrong on purpose.</summary>
    public FaultMix Faults { get; init; } = FaultMix.None;

    public FileEncoding Encoding { get; init; } = FileEncoding.Utf8;

    /// <summary>Put each message into a MsgHead 1.2, as on the message bus.</summary>
    public bool IsWrapped { get; init; }
}

/// <summary>
/// Writes a hospital trust's year: all its institutions in one message of each kind. A pure function of the order; it
/// streams, so memory stays the same for any size.
/// </summary>
public static class TrustYear
{
    private const string Version = "53.1.3";
    private const string NewCostVersion = "58.0.1";
    private const int NewCostYear = 2024;
    private const int ReceiverUnit = 94378;
    private const int SampleShare = 60;

    public static IReadOnlyList<TrustFileKind> Kinds { get; } = Enum.GetValues<TrustFileKind>();

    /// <summary>A name that tells module, version, organisation number and last day.</summary>
    public static string FileName(TrustYearOrder order, TrustFileKind kind) =>
        $"{ModuleOf(kind)}_{VersionOf(order, kind)}_{order.Trust.Number}_{order.AsOf:yyyy-MM-dd}.xml";

    /// <summary>Writes the files asked for in one pass over the patients.</summary>
    /// <param name="progress">Told the share of patients written, 0–1, now and then.</param>
    /// <returns>The faults that were put in, file by file; few, so they are kept.</returns>
    public static IReadOnlyList<SeededFault> Write(
        TrustYearOrder order, IReadOnlyDictionary<TrustFileKind, Stream> streams, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order.Share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order.Share, 1);
        var faults = new FaultLog(order.Faults);
        var files = streams.OrderBy(pair => pair.Key).Select(pair => FileOf(order, pair.Key, pair.Value, faults))
            .ToList();
        foreach (var file in files) file.Begin();
        var world = new TrustWorld(order);
        var institutions = order.Trust.Institutions;
        for (var at = 0; at < institutions.Count; at++)
        {
            var done = 0;
            foreach (var patient in world.PatientsOf(institutions[at]))
            {
                foreach (var file in files) file.Write(institutions[at], patient);
                if (++done % 1_000 != 0) continue;
                cancellation.ThrowIfCancellationRequested();
                progress?.Report((at + patient.Progress) / institutions.Count);
            }
        }

        foreach (var file in files) file.End();
        progress?.Report(1);
        return faults.Seeded;
    }

    /// <summary>
    /// The share of a trust's inhabitants that makes the activity file of the whole year about so large; above 1 when
    /// the trust is too small for it.
    /// </summary>
    public static double ShareFor(TrustYearOrder order, long bytes)
    {
        var sample = order with
        {
            Share = 1.0 / SampleShare, AsOf = new DateOnly(order.AsOf.Year, 12, 31), Faults = FaultMix.None,
        };
        var counter = new CountingStream();
        Write(sample, new Dictionary<TrustFileKind, Stream> { [TrustFileKind.Activity] = counter });
        return (double)bytes / counter.BytesWritten / SampleShare;
    }

    private static TrustFile FileOf(TrustYearOrder order, TrustFileKind kind, Stream stream, FaultLog faults)
    {
        var xml = new XmlOut(stream, order.Encoding);
        var seed = unchecked((ulong)order.Seed);
        var frame = new MessageFrame
        {
            Module = ModuleOf(kind),
            Version = VersionOf(order, kind),
            From = new DateOnly(order.AsOf.Year, 1, 1),
            To = order.AsOf,
            Serial = (order.AsOf.DayOfYear * 10) + (int)kind,
            Sender = order.Trust.Number,
            Journal = JournalSystem.Of(order.Trust.Index, order.AsOf.Year),
            Contacts = kind == TrustFileKind.Cost ? [] : faults.Mix.ContactsOf([1, 2, 3, 4, 5, 8, 15]),
            Envelope = order.IsWrapped ? EnvelopeOf(order, kind) : null,
        };
        return kind switch
        {
            TrustFileKind.Activity => new ActivityFile(xml, frame, faults),
            TrustFileKind.Identity => new IdentityFile(xml, frame, faults),
            TrustFileKind.Cost => new CostFile(xml, frame, faults, seed),
            _ => new PathwayFile(xml, frame, faults, seed),
        };
    }

    private static string VersionOf(TrustYearOrder order, TrustFileKind kind) =>
        kind == TrustFileKind.Cost && order.AsOf.Year >= NewCostYear ? NewCostVersion : Version;

    private static string ModuleOf(TrustFileKind kind) => kind switch
    {
        TrustFileKind.Activity => "ord",
        TrustFileKind.Identity => "ide",
        TrustFileKind.Cost => "kpp",
        _ => "pak",
    };

    private static Envelope EnvelopeOf(TrustYearOrder order, TrustFileKind kind)
    {
        var chance = Chance.Of(
            unchecked((ulong)order.Seed), Topic.Envelope, order.Trust.Index, order.AsOf.DayNumber, (int)kind);
        return new Envelope(
            $"NPR_{ModuleOf(kind).ToUpperInvariant()}", chance.Guid(),
            (order.Trust.Name, order.Trust.HerId), ("Rapportering", order.Trust.ReportingHerId),
            HerId.TryFromNumber(ReceiverUnit, out var receiver) ? receiver : default);
    }
}
