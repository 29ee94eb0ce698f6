using System.Text.Json;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Intake.Senders;
using Kilde.Intake.Silence;
using Kilde.Kernel;
using Kilde.Register.Comparing;

namespace Kilde.Portal.Comparing;

/// <summary>Records of one kind that a sender and the register can compare.</summary>
public sealed record ComparedFeed(MessageType Type, RecordType Record)
{
    /// <summary>True when each message holds all of a year.</summary>
    public bool IsOfYears => RecordDigests.IsOfYears(Type);

    /// <summary>As it stands in an address.</summary>
    public string Key => $"{Type.Name}/{Type.Version}/{Record.WireName}";
}

/// <summary>What a sender can compare, and the messages it sends that cannot be.</summary>
public sealed record ComparedFeeds(IReadOnlyList<ComparedFeed> Feeds, IReadOnlyList<MessageType> Others);

/// <summary>A unit's month at both sides.</summary>
/// <param name="Own">Null when the sender has not told.</param>
public sealed record ComparedMonth(DigestPlace Place, DigestSum? Own, DigestSum Register)
{
    public bool IsAlike => Own == Register;
}

/// <param name="Differences">Null when the sender told sums only.</param>
public sealed record Comparison(
    IReadOnlyList<ComparedMonth> Months, IReadOnlyList<RecordDifference>? Differences)
{
    public int Count(DifferenceKind kind) => Differences?.Count(one => one.Kind == kind) ?? 0;
}

/// <summary>
/// Tells a sender whether the register has what it has, from a file of its own digests (docs/compare.md). The unit is
/// the one the user speaks for, so nobody learns of another's records.
/// </summary>
public sealed class CompareOwnRecords(
    CompareRecords compare, DefinitionCatalogue catalogue, SenderDirectory senders, HearOwnCounts hear) : IDisposable
{
    /// <summary>Largest file, in bytes: some 400 000 records.</summary>
    public const int FileBytesMax = 20_000_000;

    /// <summary>Files compared at once; each is held in memory.</summary>
    private const int AtOnceMax = 2;

    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _places = new(AtOnceMax);

    public async Task<ComparedFeeds> FindFeedsAsync(OrganizationNumber unit, CancellationToken cancellation)
    {
        var sent = (await senders.FindAsync(unit, cancellation))?.Obligations
            .Select(obligation => obligation.MessageType).ToHashSet(StringComparer.Ordinal) ?? [];
        var types = catalogue.MessageTypes.Where(type => sent.Contains(type.Name)).ToList();
        return new ComparedFeeds(
            [
                .. from type in types
                   from record in RecordDigests.CoveredOf(type)
                   select new ComparedFeed(type, record),
            ],
            [.. types.Where(type => RecordDigests.CoveredOf(type).Count == 0)]);
    }

    /// <summary>What the register has of each month.</summary>
    public async Task<IReadOnlyList<ComparedMonth>> ReadMonthsAsync(
        ComparedFeed feed, OrganizationNumber unit, RecordMonth from, RecordMonth to, Actor actor,
        CancellationToken cancellation)
    {
        var sums = await SideOf(feed, unit, actor).SumPlacesAsync(from, to, cancellation);
        return InOrder(sums.Select(sum => new ComparedMonth(sum.Key, Own: null, sum.Value)));
    }

    /// <summary>The sender's own key for digests, as text.</summary>
    public async Task<byte[]> ReadKeyAsync(OrganizationNumber unit, CancellationToken cancellation) =>
        await compare.ReadKeyAsync(unit.ToString(), cancellation);

    /// <returns>Null when others compare and the wait is over.</returns>
    /// <exception cref="DigestFileException">The file cannot be used.</exception>
    public async Task<Comparison?> CompareAsync(
        ComparedFeed feed, OrganizationNumber unit, RecordMonth from, RecordMonth to, Stream file, Actor actor,
        CancellationToken cancellation)
    {
        if (!await _places.WaitAsync(WaitMax, cancellation)) return null;
        try
        {
            var own = (await ReadAsync(file, feed, cancellation))
                .Read(feed.Type, new RecordDigests(await ReadKeyAsync(unit, cancellation)), from, to);
            var register = SideOf(feed, unit, actor);
            var sums = await register.SumPlacesAsync(from, to, cancellation);
            var months = InOrder(own.Sums.Keys.Union(sums.Keys).Select(place =>
                new ComparedMonth(place, own.Sums.GetValueOrDefault(place), sums.GetValueOrDefault(place))));
            var differences = own.Records is { } records
                ? await FindDifferences.FindAsync(records, register, from, to, progress: null, cancellation)
                : null;
            await HearAsync(feed, unit, own, sums, differences, cancellation);
            return new Comparison(months, differences);
        }
        finally
        {
            _places.Release();
        }
    }

    // A file may be of some months only: what it does not tell of, it tells nothing of.
    private async Task HearAsync(
        ComparedFeed feed, OrganizationNumber unit, OwnDigests own, IReadOnlyDictionary<DigestPlace, DigestSum> sums,
        IReadOnlyList<RecordDifference>? differences, CancellationToken cancellation)
    {
        if (own.Sums.Count == 0) return;
        await hear.HearAsync(
            unit, feed.Type, feed.Record, own.Sums.Keys.Min(place => place.Month),
            own.Sums.Keys.Max(place => place.Month),
            HeardPlace.Of(OwnMonth.Of(own.Sums, differences), sums, RecordMonth.None, RecordMonth.Max),
            cancellation);
    }

    public void Dispose() => _places.Dispose();

    private static async Task<DigestFile> ReadAsync(Stream file, ComparedFeed feed, CancellationToken cancellation)
    {
        DigestFile? read;
        try
        {
            read = await JsonSerializer.DeserializeAsync<DigestFile>(file, DigestFile.Json, cancellation);
        }
        catch (JsonException)
        {
            read = null;
        }

        if (read is null) throw new DigestFileException(DigestFileFault.NotRead, "");
        var isOther = (read.MessageType ?? feed.Type.Name) != feed.Type.Name
            || (read.MessageVersion ?? feed.Type.Version) != feed.Type.Version
            || (read.Record ?? feed.Record.WireName) != feed.Record.WireName;
        return isOther ? throw new DigestFileException(DigestFileFault.OtherFeed, "messageType") : read;
    }

    private IRecordSide SideOf(ComparedFeed feed, OrganizationNumber unit, Actor actor) => compare.SideOf(
        ComparedRecords.Of(feed.Type, feed.Record, unit.ToString(), new AccessGround(actor, "comparison")));

    private static List<ComparedMonth> InOrder(IEnumerable<ComparedMonth> months) =>
        [.. months.OrderBy(month => month.Place.Month).ThenBy(month => month.Place.Unit, StringComparer.Ordinal)];
}
