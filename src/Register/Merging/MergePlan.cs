using System.Runtime.InteropServices;
using Kilde.Register.Feed;

namespace Kilde.Register.Merging;

/// <summary>A version that stood before the merge and stands no longer.</summary>
internal readonly record struct EndedVersion(Guid RecordKey, long PersonKey, int SubmissionNo, string EndedBy);

/// <summary>A version that came with one submission of the merge and was ended by a later one.</summary>
internal readonly record struct PassingVersion(int Row, int SubmissionNo, string EndedBy);

/// <summary>A line of the change feed.</summary>
internal readonly record struct PlannedChange(
    int SubmissionNo, Guid RecordKey, long PersonKey, long? FormerPersonKey, ChangeKind Kind);

/// <summary>What one submission does to one table.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct MergeCounts(int Inserted, int Updated, int Unchanged, int Deleted)
{
    public void Add(RowOutcome outcome)
    {
        switch (outcome)
        {
            case RowOutcome.Inserted: Inserted++; break;
            case RowOutcome.Updated: Updated++; break;
            case RowOutcome.Unchanged: Unchanged++; break;
            case RowOutcome.Deleted: Deleted++; break;
            case RowOutcome.Nothing: break;
            default: throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No such outcome.");
        }
    }

    public static MergeCounts operator +(MergeCounts a, MergeCounts b) =>
        new(a.Inserted + b.Inserted, a.Updated + b.Updated, a.Unchanged + b.Unchanged, a.Deleted + b.Deleted);
}

/// <summary>What becomes of one staged row.</summary>
internal enum RowOutcome : byte
{
    /// <summary>It ends what did not stand.</summary>
    Nothing,
    Inserted,
    Updated,
    Unchanged,
    Deleted,
}

/// <summary>
/// What a merge will do to one table, decided before anything is written: the staged rows are taken one by one in the
/// order of their submissions, against the records that stand. That is why many submissions in one transaction leave
/// exactly what they would have left one by one.
/// </summary>
internal sealed class MergePlan
{
    private const int NotStaged = -1;

    private readonly Dictionary<Guid, Place> _places;
    private readonly StagedTable _table;

    private MergePlan(StagedTable table, Dictionary<Guid, Place> places, int submissions) =>
        (_table, _places, Counts, Outcomes) =
            (table, places, new MergeCounts[submissions], new RowOutcome[table.Rows.Count]);

    /// <summary>Versions to move from the table to its history.</summary>
    public List<EndedVersion> Ended { get; } = [];

    /// <summary>Staged rows that go straight to the history.</summary>
    public List<PassingVersion> Passing { get; } = [];

    /// <summary>Staged rows that stand when the merge is done.</summary>
    public List<int> Written { get; } = [];

    public List<PlannedChange> Changes { get; } = [];

    /// <summary>By submission, in order.</summary>
    public MergeCounts[] Counts { get; }

    /// <summary>By staged row, in order.</summary>
    public RowOutcome[] Outcomes { get; }

    /// <param name="standing">The records that stand now, of those the staged rows speak of.</param>
    /// <param name="submissions">How many submissions the merge has.</param>
    public static MergePlan Of(StagedTable table, IReadOnlyDictionary<Guid, RowState> standing, int submissions)
    {
        var places = new Dictionary<Guid, Place>(table.Rows.Count);
        foreach (var (key, state) in standing) places.Add(key, new Place(Stands: true, state, NotStaged));

        var plan = new MergePlan(table, places, submissions);
        for (var i = 0; i < table.Rows.Count; i++) plan.Take(i);
        foreach (var place in places.Values)
            if (place is { Stands: true, Row: not NotStaged }) plan.Written.Add(place.Row);
        return plan;
    }

    // Where a record is while the plan is made: in the table, in a staged row, or nowhere.
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(bool Stands, RowState State, int Row);

    private void Take(int i)
    {
        var row = _table.Rows[i];
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, row.RecordKey, out _);
        if (row.Kind != StagedKind.Record)
        {
            if (!place.Stands) return;
            End(row, place, row.Kind == StagedKind.Gone ? "gone" : "deleted");
            Tell(row, place.State.PersonKey, null, ChangeKind.Delete);
            place = default;
            Conclude(i, RowOutcome.Deleted);
            return;
        }

        var state = _table.StateOf(i);
        if (place.Stands && place.State == state)
        {
            Conclude(i, RowOutcome.Unchanged);
            return;
        }

        if (!place.Stands)
        {
            Tell(row, state.PersonKey, null, ChangeKind.Insert);
            Conclude(i, RowOutcome.Inserted);
        }
        else
        {
            var moves = place.State.PersonKey != state.PersonKey;
            var former = moves ? place.State.PersonKey : (long?)null;
            End(row, place, moves ? "moved" : "replaced");
            Tell(row, state.PersonKey, former, moves ? ChangeKind.Move : ChangeKind.Update);
            Conclude(i, RowOutcome.Updated);
        }

        place = new Place(Stands: true, state, i);
    }

    private void Conclude(int i, RowOutcome outcome)
    {
        Outcomes[i] = outcome;
        Counts[_table.Rows[i].SubmissionNo - 1].Add(outcome);
    }

    private void End(StagedRow by, Place place, string why)
    {
        if (place.Row == NotStaged) Ended.Add(new(by.RecordKey, place.State.PersonKey, by.SubmissionNo, why));
        else Passing.Add(new(place.Row, by.SubmissionNo, why));
    }

    private void Tell(StagedRow row, long person, long? former, ChangeKind kind) =>
        Changes.Add(new(row.SubmissionNo, row.RecordKey, person, former, kind));
}
