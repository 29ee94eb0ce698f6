using Kilde.Definitions.Model;
using Kilde.Identity;
using Kilde.Platform.Databases;
using Kilde.Register.Chains;
using Kilde.Register.Periods;
using Kilde.Register.Persons;
using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>Turns submissions into records with history, in one transaction, and tells the change feed.</summary>
public sealed class RegisterMerge
{
    private readonly RegisterDatabase _database;
    private readonly VaultView _vault;
    private readonly FollowPersonChanges _follow;
    private readonly TimeProvider _clock;

    public RegisterMerge(
        RegisterDatabase database, IdentityVault vault, FollowPersonChanges follow, TimeProvider clock)
        : this(database, VaultView.Of(vault), follow, clock)
    {
    }

    internal RegisterMerge(
        RegisterDatabase database, VaultView vault, FollowPersonChanges follow, TimeProvider clock) =>
        (_database, _vault, _follow, _clock) = (database, vault, follow, clock);

    /// <summary>
    /// Resolves the persons in the vault and merges the submissions in their order, each as a batch of its own in the
    /// change feed: the register and its history become exactly as if they had been merged one by one. A submission
    /// that was merged before changes nothing and gets its earlier outcome. <paramref name="completeAsync"/> runs in
    /// the same transaction, before commit: there the caller marks its submissions as merged, so that a crash leaves
    /// either both or neither.
    /// </summary>
    /// <returns>One outcome for each submission, in their order.</returns>
    /// <exception cref="ArgumentException">The same submission is given twice, or one was not accepted.</exception>
    public async Task<IReadOnlyList<MergeOutcome>> MergeAsync(
        IReadOnlyList<SubmissionContent> submissions,
        Func<NpgsqlTransaction, IReadOnlyList<MergeOutcome>, Task> completeAsync,
        CancellationToken cancellation)
    {
        if (submissions.Any(submission => !submission.Content.IsAccepted))
            throw new ArgumentException("A refused message cannot become records.", nameof(submissions));
        if (submissions.DistinctBy(submission => submission.SubmissionId).Count() != submissions.Count)
            throw new ArgumentException("The same submission is given twice.", nameof(submissions));

        while (true)
        {
            var outcomes = await TryMergeAsync(submissions, completeAsync, cancellation);
            if (outcomes is not null) return outcomes;
        }
    }

    // Null when another node merged one of the submissions while this one prepared: then what is left is merged anew.
    private async Task<IReadOnlyList<MergeOutcome>?> TryMergeAsync(
        IReadOnlyList<SubmissionContent> submissions,
        Func<NpgsqlTransaction, IReadOnlyList<MergeOutcome>, Task> completeAsync,
        CancellationToken cancellation)
    {
        var merged = await FindMergedAsync([.. submissions.Select(one => one.SubmissionId)], cancellation);
        var fresh = submissions.Where(submission => !merged.ContainsKey(submission.SubmissionId)).ToArray();

        // All that can be done beside other merges is done before the transaction, which takes the one writer's place.
        var prepared = PreparedSubmission.AllOf(fresh);
        var resolved = await ResolvePersons.SetAsync(
            [.. prepared.SelectMany(one => one.Batches)], _vault, cancellation);
        var tables = new StagedTables();
        foreach (var one in prepared.Where(one => one is { BelongsToYear: false, IsOfChain: false }))
            tables.Add(one.Batches);
        await FollowUntilAsync(resolved.Newest, cancellation);

        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (fresh.Length > 0)
        {
            var batches = await BatchCounter.TakeAsync(transaction, fresh.Length, _clock.GetUtcNow(), cancellation);
            var raced = await MergedSubmissions.FindAsync(
                [.. fresh.Select(one => one.SubmissionId)], connection, cancellation);
            if (raced.Count > 0) return null;

            var write = new MergeWrite(transaction, [.. prepared.Select(one => one.Head)], batches);
            foreach (var table in tables.All)
                await write.WriteOutsidePeriodsAsync(table, resolved.Oldest, cancellation);
            foreach (var one in prepared.Where(one => one.BelongsToYear))
                await MergeYearAsync(one, resolved, write, cancellation);
            var holes = new Dictionary<Guid, IReadOnlyList<ChainHole>>();
            foreach (var one in prepared.Where(one => one.IsOfChain))
            {
                holes[one.Head.SubmissionId] = await new ChainMerge(write, one.Head, one.No)
                    .MergeAsync(one.Batches, resolved.Oldest, cancellation);
            }

            foreach (var outcome in await write.CloseAsync(cancellation))
            {
                merged[outcome.SubmissionId] = outcome with
                {
                    Holes = holes.GetValueOrDefault(outcome.SubmissionId, []),
                };
            }
        }

        MergeOutcome[] outcomes = [.. submissions.Select(submission => merged[submission.SubmissionId])];
        await completeAsync(transaction, outcomes);
        await transaction.CommitAsync(cancellation);
        return outcomes;
    }

    private static async Task MergeYearAsync(
        PreparedSubmission submission, ResolvedChanges resolved, MergeWrite write, CancellationToken cancellation)
    {
        if (resolved.Oldest < write.Batches.PersonChangeNo)
        {
            foreach (var batch in submission.Batches)
                ResolvePersons.Follow(batch.Persons, await write.ReadMovesAsync(batch.Persons, cancellation));
        }

        var merge = new PeriodMerge(write, submission.Head, submission.No);
        if (submission.IsWhole) await merge.ReplaceAsync(submission.Batches, cancellation);
        else await merge.ChangeAsync(submission.Batches, cancellation);
    }

    private async Task<Dictionary<Guid, MergeOutcome>> FindMergedAsync(
        IReadOnlyCollection<Guid> submissions, CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        return await MergedSubmissions.FindAsync(submissions, connection, cancellation);
    }

    // The vault knew person changes that the register has not applied: apply them first, so that the rows already
    // there and the rows on their way agree on who is who.
    private async Task FollowUntilAsync(long changeNo, CancellationToken cancellation)
    {
        while (await BatchCounter.ReadPersonChangeNoAsync(_database.Source, cancellation) < changeNo)
            await _follow.FollowAsync(cancellation);
    }

    /// <summary>A submission that has been read as a whole, with room for its persons.</summary>
    private sealed record PreparedSubmission(int No, SubmissionHead Head, bool IsWhole, ResolvedBatch[] Batches)
    {
        public bool BelongsToYear => Head.Type.Replacement == Replacement.CumulativePerPeriod;

        public bool IsOfChain { get; } = Head.Type.RecordTypes.Any(type => type.ChainLink is not null);

        public static PreparedSubmission[] AllOf(IReadOnlyList<SubmissionContent> submissions) =>
        [
            .. submissions.Select((submission, i) =>
            {
                var head = SubmissionHead.Of(submission);
                return new PreparedSubmission(
                    i + 1, head, submission.IsWhole,
                    [.. submission.Content.Batches.Select(batch => ResolvedBatch.Of(i + 1, head, batch))]);
            }),
        ];
    }
}
