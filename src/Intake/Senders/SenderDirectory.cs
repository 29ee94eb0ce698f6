using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Log;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Senders;

/// <summary>Which units may send which types, through which vendor, from when to when (R1.06, R1.12).</summary>
/// <remarks>
/// The configuration is held in memory. What is allowed may be stale for a few seconds
/// (<see cref="IntakeOptions.SenderCacheSeconds"/>); before anything is refused the database is asked, so that a
/// message is accepted as soon as its sender has been configured.
/// </remarks>
public sealed class SenderDirectory(RegisterDatabase database, TimeProvider clock, IOptions<IntakeOptions> options)
    : IDisposable
{
    // A sender that is refused all the time must not become a load on the database.
    private static readonly TimeSpan RefusalTrust = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _reading = new(1);
    private Checked? _newest;

    /// <summary>
    /// True when the unit is configured for the type on the day, and for the vendor that sends for it.
    /// </summary>
    public async ValueTask<bool> MaySendAsync(
        Submitter submitter, MessageType type, DateOnly on, CancellationToken cancellation)
    {
        var snapshot = await SnapshotAsync(Trust, cancellation);
        if (snapshot.MaySend(submitter, type.Name, on)) return true;
        var newest = await SnapshotAsync(RefusalTrust, cancellation);
        return newest != snapshot && newest.MaySend(submitter, type.Name, on);
    }

    /// <summary>
    /// True when the unit is set up with the client, as the configuration stands this moment: what is given back
    /// cannot be taken back.
    /// </summary>
    public async ValueTask<bool> MayFetchAsync(Submitter submitter, CancellationToken cancellation) =>
        (await SnapshotAsync(TimeSpan.Zero, cancellation)).SpeaksFor(submitter);

    /// <summary>
    /// One error for each organisation in the message that is neither the unit, its enterprise nor one of its
    /// sub-units, wherever it stands: as the block's unit, or as the unit of a contact.
    /// </summary>
    /// <param name="takesValidationUnit">True when nothing is stored: 777 777 777 then stands for any unit.</param>
    public async ValueTask<IReadOnlyList<Finding>> CheckUnitsAsync(
        Submitter submitter, MessageContent content, bool takesValidationUnit, CancellationToken cancellation)
    {
        var told = OrganizationsIn(content);
        told.Remove(submitter.Unit);
        if (takesValidationUnit) told.Remove(OrganizationNumber.ValidationOnly);
        if (told.Count == 0) return [];

        var strangers = Strangers(await SnapshotAsync(Trust, cancellation), submitter.Unit, told);
        if (strangers.Count > 0)
            strangers = Strangers(await SnapshotAsync(RefusalTrust, cancellation), submitter.Unit, told);
        return strangers.ConvertAll(number => new Finding(
            "INT-010", Severity.Error, "/",
            $"Organisasjonsnummer {number} hører ikke til rapporteringsenheten {submitter.Unit}, virksomheten dens "
            + "eller underenhetene den er satt opp med. Rett orgNr, eller be om at underenheten settes opp."));
    }

    /// <summary>One error for each institution that the unit does not report for.</summary>
    public async ValueTask<IReadOnlyList<Finding>> CheckInstitutionsAsync(
        OrganizationNumber unit, IReadOnlyCollection<string> institutions, CancellationToken cancellation)
    {
        foreach (var trust in (TimeSpan[])[Trust, RefusalTrust])
        {
            var snapshot = await SnapshotAsync(trust, cancellation);
            if (institutions.All(institution => snapshot.MayReport(unit, institution))) return [];
        }

        var newest = await SnapshotAsync(RefusalTrust, cancellation);
        return
        [
            .. institutions.Where(institution => !newest.MayReport(unit, institution)).Select(institution =>
                new Finding(
                    "INT-011", Severity.Error, "/",
                    $"Institusjonen {Told(institution)} hører ikke til det som rapporteringsenheten {unit} er satt opp "
                    + "med. Rett id-en, eller be om at institusjonen settes opp.")),
        ];
    }

    /// <summary>The unit that reports for an institution, or null when it is not known.</summary>
    public async ValueTask<OrganizationNumber?> FindUnitOfAsync(string institution, CancellationToken cancellation) =>
        (await SnapshotAsync(Trust, cancellation)).UnitOf(institution)
        ?? (await SnapshotAsync(RefusalTrust, cancellation)).UnitOf(institution);

    // What stands as an id is the sender's own text: it may be long, or a person's number.
    private static string Told(string institution) =>
        institution.Length <= 20 && !IdentifierInText.IsIn(institution) ? institution : "(en id som ikke gjengis)";

    /// <summary>One unit's configuration, or null when it is not known.</summary>
    public async ValueTask<SenderConfiguration?> FindAsync(OrganizationNumber unit, CancellationToken cancellation) =>
        (await SnapshotAsync(TimeSpan.Zero, cancellation)).Senders.GetValueOrDefault(unit);

    public void Dispose() => _reading.Dispose();

    private TimeSpan Trust => TimeSpan.FromSeconds(options.Value.SenderCacheSeconds);

    private static List<OrganizationNumber> Strangers(
        SenderSnapshot snapshot, OrganizationNumber unit, HashSet<OrganizationNumber> told) =>
        [.. told.Where(organization => !snapshot.MayReport(unit, organization))];

    private static HashSet<OrganizationNumber> OrganizationsIn(MessageContent content)
    {
        var found = new HashSet<OrganizationNumber>();
        foreach (var batch in content.Batches)
        {
            found.UnionWith(batch.Units);
            for (var i = 0; i < batch.Columns.Count; i++)
            {
                if (batch.Type.Columns[i].Field.Role == FieldRole.ContactUnit)
                    AddColumn(found, (ColumnVector<string>)batch.Columns[i]);
            }
        }

        return found;
    }

    private static void AddColumn(HashSet<OrganizationNumber> found, ColumnVector<string> units)
    {
        string? last = null;
        for (var row = 0; row < units.Values.Length; row++)
        {
            // The same few units stand in row after row.
            if (units.IsNull(row) || units[row] == last) continue;
            last = units[row];
            if (OrganizationNumber.TryParseForValidation(last, out var number)) found.Add(number);
        }
    }

    private async ValueTask<SenderSnapshot> SnapshotAsync(TimeSpan trust, CancellationToken cancellation)
    {
        if (Trusted(trust) is { } trusted) return trusted;

        await _reading.WaitAsync(cancellation);
        try
        {
            return Trusted(trust) ?? await RefreshAsync(cancellation);
        }
        finally
        {
            _reading.Release();
        }
    }

    private SenderSnapshot? Trusted(TimeSpan trust) =>
        _newest is { } newest && clock.GetElapsedTime(newest.At) < trust ? newest.Snapshot : null;

    private async Task<SenderSnapshot> RefreshAsync(CancellationToken cancellation)
    {
        var at = clock.GetTimestamp();
        var snapshot = _newest is { Snapshot: var held } && held.Version == await VersionAsync(cancellation)
            ? held
            : await SenderSnapshot.ReadAsync(database.Source, cancellation);
        _newest = new Checked(snapshot, at);
        return snapshot;
    }

    private async Task<long> VersionAsync(CancellationToken cancellation)
    {
        await using var select = database.Source.CreateCommand("select version from intake.sender_version");
        return (long)(await select.ExecuteScalarAsync(cancellation))!;
    }

    private sealed record Checked(SenderSnapshot Snapshot, long At);
}
