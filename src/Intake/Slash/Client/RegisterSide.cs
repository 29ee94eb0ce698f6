using System.Text.Json;
using Kilde.Intake.Silence;
using Kilde.Intake.Slash.Comparing;
using Kilde.Register.Comparing;

namespace Kilde.Intake.Slash.Client;

/// <summary>
/// The register behind its API, as a sender compares with it. Made by <see cref="SlashClient.Compare"/>.
/// </summary>
public sealed class RegisterSide : IRecordSide
{
    private readonly Asking _asking;
    private readonly CompareRequest _question;
    private IReadOnlyDictionary<DigestPlace, OwnRecord[]>? _own;

    internal RegisterSide(SlashClient client, string type, string version, string? record, DateOnly today)
    {
        _asking = new Asking(client, "compare", CompareWire.Json, today);
        _question = new CompareRequest(type, version, record, Ask: null);
    }

    /// <summary>Questions asked so far.</summary>
    public int Questions => _asking.Questions;

    /// <summary>Bytes of the bodies of questions and answers so far.</summary>
    public long Bytes => _asking.Bytes;

    /// <summary>The sender's own key for digests.</summary>
    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public async Task<byte[]> ReadKeyAsync(CancellationToken cancellation)
    {
        // No record is of that month: what comes is the key alone.
        const string nothing = "0001-01";
        var answer = await AskAsync<CompareMonths>(
            _question with { Ask = "months", From = nothing, To = nothing }, cancellation);
        return answer.Key;
    }

    public async Task<IReadOnlyDictionary<DigestPlace, DigestSum>> SumPlacesAsync(
        RecordMonth from, RecordMonth to, CancellationToken cancellation)
    {
        var answer = await AskAsync<CompareMonths>(
            _question with
            {
                Ask = "months", From = TextOf(from), To = TextOf(to), Own = ToldOf(_own, differences: null),
            },
            cancellation);
        return answer.Months.ToDictionary(
            month => PlaceOf(month.Unit, month.Month), month => new DigestSum(month.Count, DigestOf(month.Digest)));
    }

    /// <summary>
    /// Finds the differences from what the sender has. What it has is told with the question of what the register has,
    /// and then how much of it is missing: so the register knows when something does not come.
    /// </summary>
    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public async Task<IReadOnlyList<RecordDifference>> CompareAsync(
        IReadOnlyDictionary<DigestPlace, OwnRecord[]> own, RecordMonth from, RecordMonth to,
        Action<long, long>? progress, CancellationToken cancellation)
    {
        _own = own;
        var differences = await FindDifferences.FindAsync(own, this, from, to, progress, cancellation);
        await TellAsync(differences, from, to, cancellation);
        return differences;
    }

    private async Task TellAsync(
        IReadOnlyList<RecordDifference> differences, RecordMonth from, RecordMonth to, CancellationToken cancellation)
    {
        if (differences.Count == 0 || ToldOf(_own, differences) is not { } told) return;
        await AskAsync<CompareMonths>(
            _question with { Ask = "months", From = TextOf(from), To = TextOf(to), Own = told }, cancellation);
    }

    public async Task<IReadOnlyList<DigestSum[]>> SumChildrenAsync(
        IReadOnlyList<DigestNode> nodes, int split, CancellationToken cancellation)
    {
        var answer = await AskAsync<CompareParts>(
            _question with { Ask = "parts", Split = split, Nodes = CompareWire.Group(nodes) }, cancellation);
        return [.. answer.Parts.Select(part => CompareWire.UnpackSums(part, 1 << split))];
    }

    public async Task<IReadOnlyList<IReadOnlyList<RecordDigest>>> ListAsync(
        IReadOnlyList<DigestNode> nodes, CancellationToken cancellation)
    {
        var answer = await AskAsync<CompareParts>(
            _question with { Ask = "records", Nodes = CompareWire.Group(nodes) }, cancellation);
        return [.. answer.Parts.Select(CompareWire.UnpackRecords)];
    }

    public async Task<IReadOnlyList<string?>> NameAsync(
        IReadOnlyList<(DigestPlace Place, ulong Id)> records, CancellationToken cancellation)
    {
        var groups = new List<CompareIds>();
        for (var from = 0; from < records.Count;)
        {
            var (place, to) = (records[from].Place, from);
            while (to < records.Count && records[to].Place == place) to++;
            var ids = records.Skip(from).Take(to - from).Select(record => record.Id).ToList();
            groups.Add(new CompareIds(place.Unit, place.Month.ToString(), CompareWire.PackIds(ids)));
            from = to;
        }

        return (await AskAsync<CompareNames>(_question with { Ask = "names", Names = groups }, cancellation)).LocalIds;
    }

    private Task<T> AskAsync<T>(CompareRequest question, CancellationToken cancellation) =>
        _asking.AskAsync<CompareRequest, T>(question, cancellation);

    private static List<CompareMonth>? ToldOf(
        IReadOnlyDictionary<DigestPlace, OwnRecord[]>? own, IReadOnlyList<RecordDifference>? differences)
    {
        if (own is not { Count: <= HearOwnCounts.PlacesMax }) return null;
        var sums = own.ToDictionary(place => place.Key, place => OwnRecord.SumOf(place.Value));
        return
        [
            .. OwnMonth.Of(sums, differences).Select(told => new CompareMonth(
                told.Key.Unit, told.Key.Month.ToString(), told.Value.Sum.Count, DigestText.Of(told.Value.Sum.Sum),
                told.Value.Missing)),
        ];
    }

    private static string? TextOf(RecordMonth month) =>
        month == RecordMonth.None || month == RecordMonth.Max ? null : month.ToString();

    private static DigestPlace PlaceOf(string unit, string month) => RecordMonth.TryParse(month, out var of)
        ? new DigestPlace(unit, of)
        : throw new JsonException("A month cannot be read.");

    private static ulong DigestOf(string text) =>
        DigestText.TryParse(text, out var digest)
            ? digest
            : throw new JsonException("A digest cannot be read.");
}
