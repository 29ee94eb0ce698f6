using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Sending;

namespace Kilde.Quality.Overview;

/// <summary>A feedback's document in clear text, for the one who opened it.</summary>
public sealed record OpenedDocument(string FileName, string ContentType, byte[] Content);

/// <summary>
/// Hands out a document. That it was opened stands in its history and in the audit log, in the transaction that read
/// it. What staff look at is not opened by its sender, and is told apart.
/// </summary>
public sealed class OpenFeedback(RegisterDatabase database, Sealing sealing, AuditLog audit, TimeProvider clock)
{
    /// <param name="unit">Only this unit's; null for staff.</param>
    /// <returns>Null when it is not there, is another's, or has been removed.</returns>
    public async Task<OpenedDocument?> OpenAsync(
        Guid feedbackId, OrganizationNumber? unit, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            select file_name, content_type, sealed from quality.feedback
            where feedback_id = @feedbackId and (@unit::text is null or unit = @unit) and sealed is not null
            """,
            new { feedbackId, unit = unit?.ToString() },
            transaction,
            cancellationToken: cancellation));
        if (row is null) return null;

        var kind = unit is null ? "viewed" : "opened";
        var opened = new FeedbackEvent(feedbackId, kind, Detail: null, ground.Actor.Id, clock.GetUtcNow());
        await QueueFeedback.EventAsync(transaction, opened, cancellation);
        var entry = new AuditEntry(ground, "feedback.opened", feedbackId.ToString());
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return new OpenedDocument(row.FileName, row.ContentType, sealing.Open(row.Sealed, feedbackId));
    }

    private sealed record Row(string FileName, string ContentType, byte[] Sealed);
}
