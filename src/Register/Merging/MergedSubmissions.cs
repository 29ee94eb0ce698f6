using Dapper;
using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>The submissions that have been merged, with what came of it: a submission is merged once.</summary>
internal static class MergedSubmissions
{
    public static async Task<Dictionary<Guid, MergeOutcome>> FindAsync(
        IReadOnlyCollection<Guid> submissions, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var outcomes = await connection.QueryAsync<MergeOutcome>(new CommandDefinition(
            """
            select submission_id, batch_no, inserted, updated, unchanged, deleted, is_overtaken
            from register.batch
            where submission_id = any(@ids)
            """,
            new { ids = submissions.ToArray() },
            cancellationToken: cancellation));
        return outcomes.ToDictionary(outcome => outcome.SubmissionId);
    }
}
