using Kilde.Register.Feed;

namespace Kilde.Register.Tests.Model;

/// <summary>The register as one would explain it: a list of versions, one submission at a time, no SQL.</summary>
/// <param name="hold">What is held here of an entry; null when nothing is.</param>
internal sealed class ModelRegister(Func<ModelEntry, long?> hold)
{
    private readonly Dictionary<(string Sender, int Year), (DateOnly Newest, DateOnly NewestWhole)> _years = [];

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
            if (Standing.SingleOrDefault(version => version.Key == key) is not { } old) continue;
            EndAndTell(old, submission.IsWhole ? "gone" : "deleted");
        }

        if (submission.IsWhole) EndWhatIsGone(submission);
    }

    private void EndWhatIsGone(ModelSubmission submission)
    {
        var came = submission.Entries.Select(entry => submission.KeyOf(entry.LocalId)).ToHashSet();
        foreach (var old in Standing.Where(version =>
            version.Sender == submission.Sender && version.Year == submission.Year && !came.Contains(version.Key))
            .ToArray())
        {
            EndAndTell(old, "gone");
        }
    }

    // What is newer than the submission has been merged: for a whole year anything, for changes a whole year.
    private bool IsOvertaken(ModelSubmission submission)
    {
        if (submission.Year is not { } year) return false;
        var (newest, newestWhole) = _years.GetValueOrDefault((submission.Sender, year));
        var on = submission.ExtractedOn;
        if (on < (submission.IsWhole ? newest : newestWhole)) return true;

        _years[(submission.Sender, year)] = (
            on > newest ? on : newest, submission.IsWhole && on > newestWhole ? on : newestWhole);
        return false;
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
