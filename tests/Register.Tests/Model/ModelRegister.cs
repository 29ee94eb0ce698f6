using Kilde.Register.Feed;

namespace Kilde.Register.Tests.Model;

/// <summary>The register as one would explain it: a list of versions, one submission at a time, no SQL.</summary>
/// <param name="hold">What is held here of an entry; null when nothing is.</param>
internal sealed class ModelRegister(Func<ModelEntry, long?> hold)
{
    private readonly Dictionary<(string Sender, int Year), DateOnly> _wholeYears = [];

    // Which day a change message that told of a record was extracted, its end included.
    private readonly Dictionary<Guid, DateOnly> _told = [];

    public List<ModelVersion> Standing { get; } = [];

    public List<ModelVersion> Ended { get; } = [];

    public List<(long BatchNo, Guid Key, ChangeKind Kind, long Person, long? Former)> Feed { get; } = [];

    public long BatchNo { get; private set; }

    public long PersonChangeNo { get; private set; }

    public HashSet<Guid> Merged { get; } = [];

    /// <param name="personOf">Who the vault says each identifier is.</param>
    public void Merge(ModelSubmission submission, Func<string, long> personOf)
    {
        if (!Merged.Add(submission.Id)) return;
        BatchNo++;
        if (IsOvertaken(submission)) return;
        foreach (var entry in submission.Entries.Where(entry => !submission.Deleted.Contains(entry.LocalId)))
        {
            var key = submission.KeyOf(entry.LocalId);
            if (IsToldNewer(submission, key)) continue;
            var person = entry.Name is null ? ModelSubmission.NobodyAt(key) : personOf(entry.Name);
            var old = Standing.SingleOrDefault(version => version.Key == key);
            if (hold(entry) is not { } held)
            {
                if (old is not null) EndAndTell(old, "deleted");
                continue;
            }

            if (old is not null && old.Person == person && old.Name == entry.Name && old.Value == held) continue;

            var moves = old is not null && old.Person != person;
            if (old is not null) End(old, moves ? "moved" : "replaced");
            Standing.Add(new(key, entry.LocalId, submission.Sender, entry.Name, person, held, BatchNo)
            {
                Year = submission.Year,
            });
            Feed.Add((BatchNo, key, old is null ? ChangeKind.Insert : moves ? ChangeKind.Move : ChangeKind.Update,
                person, moves ? old!.Person : null));
        }

        foreach (var key in submission.Deleted.Select(submission.KeyOf))
        {
            if (IsToldNewer(submission, key)) continue;
            if (Standing.SingleOrDefault(version => version.Key == key) is not { } old) continue;
            EndAndTell(old, submission.IsWhole ? "gone" : "deleted");
        }

        if (submission.IsWhole) EndWhatIsGone(submission);
        else if (submission.Year is not null) NoteTold(submission);
    }

    private void EndWhatIsGone(ModelSubmission submission)
    {
        var came = submission.Entries.Select(entry => submission.KeyOf(entry.LocalId)).ToHashSet();
        foreach (var old in Standing.Where(version =>
            version.Sender == submission.Sender && version.Year == submission.Year && !came.Contains(version.Key)
            && !IsToldNewer(submission, version.Key)).ToArray())
        {
            EndAndTell(old, "gone");
        }
    }

    // A whole year that is newer than the submission has been merged.
    private bool IsOvertaken(ModelSubmission submission)
    {
        if (submission.Year is not { } year) return false;
        if (submission.ExtractedOn < _wholeYears.GetValueOrDefault((submission.Sender, year))) return true;

        if (submission.IsWhole) _wholeYears[(submission.Sender, year)] = submission.ExtractedOn;
        return false;
    }

    private bool IsToldNewer(ModelSubmission submission, Guid key) =>
        submission.Year is not null && submission.ExtractedOn < _told.GetValueOrDefault(key);

    private void NoteTold(ModelSubmission submission)
    {
        var told = submission.Entries.Select(entry => entry.LocalId).Concat(submission.Deleted);
        foreach (var key in told.Select(submission.KeyOf))
            if (!IsToldNewer(submission, key)) _told[key] = submission.ExtractedOn;
    }

    /// <summary>Applies the vault's changes after those it has applied, as one batch.</summary>
    public void Follow(IReadOnlyList<(string Name, long From, long To)> allChanges)
    {
        var changes = allChanges.Skip((int)PersonChangeNo).ToArray();
        if (changes.Length == 0) return;

        BatchNo++;
        PersonChangeNo = allChanges.Count;
        foreach (var group in changes.GroupBy(change => change.Name))
        {
            var (from, to) = (group.First().From, group.Last().To);
            if (from == to) continue;
            foreach (var old in Standing.Where(record => record.Name == group.Key && record.Person == from).ToArray())
            {
                End(old, "moved");
                Standing.Add(old with { Person = to, Since = BatchNo });
                Feed.Add((BatchNo, old.Key, ChangeKind.Move, to, from));
            }
        }
    }

    public IEnumerable<ModelVersion> AsOf(long batchNo) =>
        Standing.Concat(Ended).Where(version => version.Since <= batchNo && batchNo < (version.Until ?? long.MaxValue));

    private void EndAndTell(ModelVersion version, string endedBy)
    {
        End(version, endedBy);
        Feed.Add((BatchNo, version.Key, ChangeKind.Delete, version.Person, null));
    }

    private void End(ModelVersion version, string endedBy)
    {
        Standing.Remove(version);
        Ended.Add(version with { Until = BatchNo, EndedBy = endedBy });
    }
}

internal sealed record ModelVersion(
    Guid Key, string LocalId, string Sender, string? Name, long Person, long Value, long Since, long? Until = null,
    string? EndedBy = null)
{
    public int? Year { get; init; }
}
