using Kilde.Host.Commands;
using Kilde.Intake.Files;
using Kilde.Kernel;
using Kilde.Synthetic;

namespace Kilde.Host.Up;

/// <summary>
/// The files that some synthetic trusts and a municipality hand in: a year so far and the whole of it, with errors; one
/// trust whose identities never came, and a file that cannot be read as what it is; care and child health.
/// </summary>
internal sealed class LocalFiles(string folder)
{
    private const double TrustShare = 0.01;
    private const double MunicipalityShare = 0.03;
    private const double ErrorShare = 0.1;
    private const int MessageDays = 183;

    // Version 53.1.3 and IPLOS 3.7 are for 2019; events have been told since 2021.
    private static readonly DateOnly Summer = new(2019, 8, 31);
    private static readonly DateOnly YearEnd = new(2019, 12, 31);
    private static readonly DateOnly EventsEnd = new(2022, 12, 31);

    // A file whose first institution is unknown is nobody's, and is not received.
    private static readonly FaultMix Errors = Without(FileFault.WrongInstitution);

    // Without contacts nothing can be delivered: one sender's files show that, the others' show what is sent.
    private static readonly FaultMix ReachableErrors = Without(
        FileFault.WrongInstitution, FileFault.TechnicalContactMissing, FileFault.VendorContactMissing);

    private readonly List<string> _paths = [];

    /// <summary>Reports activity and identity, cost and pathways.</summary>
    public static HospitalTrust Trust { get; } = TrustDirectory.Find("Troms")!;

    /// <summary>Sends activity and never identities; its second file is refused.</summary>
    public static HospitalTrust HalfTrust { get; } = TrustDirectory.Find("Nordland")!;

    public static MunicipalityCode Municipality { get; } = MunicipalityCode.Parse("1103");

    /// <summary>Writes the files into the folder, where they stay to be looked at.</summary>
    public IReadOnlyList<string> Write(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var trust = new TrustYearOrder
        {
            Trust = Trust, AsOf = YearEnd, Seed = LocalSite.Seed, Share = TrustShare,
            Faults = ReachableErrors,
        };
        Write(trust with { AsOf = Summer }, [TrustFileKind.Identity, TrustFileKind.Activity], cancellation);
        Write(trust, TrustYear.Kinds, cancellation);
        var half = trust with { Trust = HalfTrust, AsOf = Summer, Faults = Errors };
        Write(half, [TrustFileKind.Activity], cancellation);
        var unreadable = trust with { Trust = HalfTrust, Faults = FaultMix.Only(FileFault.UnknownElement, ErrorShare) };
        Write(unreadable, [TrustFileKind.Activity], cancellation);
        foreach (var day in (DateOnly[])[YearEnd, EventsEnd])
        {
            var municipality = new MunicipalityYearOrder
            {
                Municipality = Municipality, AsOf = day, Seed = LocalSite.Seed, Share = MunicipalityShare,
                DaysPerMessage = MessageDays, Faults = ReachableErrors,
            };
            MunicipalityYear.Write(
                municipality, MunicipalityYear.KindsOf(day.Year), Open, progress: null, cancellation);
        }

        return _paths;
    }

    /// <summary>Sets the senders up and hands the files in; workers judge and merge them by themselves.</summary>
    /// <returns>How many were received.</returns>
    public async Task<int> HandInAsync(IServiceProvider services, Action done, CancellationToken cancellation)
    {
        await LocalReporters.ConfigureAsync(services, Trust, cancellation);
        await LocalReporters.ConfigurePairAsync(services, HalfTrust, cancellation);
        await LocalReporters.ConfigureAsync(services, Municipality, cancellation);
        await LocalReporters.AcceptSyntheticUnitsAsync(services, cancellation);
        var receive = services.GetRequiredService<ReceiveFile>();
        var received = 0;
        foreach (var path in _paths)
        {
            var outcomes = await receive.ReceiveAsync(
                path, unit: null, CommandActor.Current.Id, progress: null, cancellation);
            received += outcomes.Count(one => one.Outcome is FileOutcome.Received);
            done();
        }

        return received;
    }

    private void Write(TrustYearOrder order, IReadOnlyList<TrustFileKind> kinds, CancellationToken cancellation)
    {
        var streams = kinds.ToDictionary(kind => kind, kind => (Stream)Open(TrustYear.FileName(order, kind)));
        try
        {
            TrustYear.Write(order, streams, progress: null, cancellation);
        }
        finally
        {
            foreach (var stream in streams.Values) stream.Dispose();
        }
    }

    private FileStream Open(string name)
    {
        _paths.Add(Path.Combine(folder, name));
        return File.Create(_paths[^1]);
    }

    private static FaultMix Without(params FileFault[] kinds) =>
        new(ErrorShare, [.. FaultMix.Content(ErrorShare).Kinds.Except(kinds)]);
}
