using Kilde.Platform.Databases;
using Kilde.Quality.Contacts;
using Kilde.Quality.Sending;

namespace Kilde.Quality.Cases;

/// <summary>
/// Records how a submission ended, writes its feedback and queues it for sending, all in one transaction. The same
/// submission again changes nothing.
/// </summary>
public sealed class RecordCase(
    RegisterDatabase database, ContactBook contacts, QueueFeedback queue, WriteDocuments documents, SendSignal signal)
{
    /// <returns>False when the submission was recorded before.</returns>
    public async Task<bool> RecordAsync(FeedbackCase subject, CancellationToken cancellation)
    {
        (subject, var written) = await documents.WriteAsync(subject, cancellation);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await CaseTable.InsertAsync(transaction, [subject], cancellation) == 0) return false;
        var people = await contacts.ForAsync(transaction, subject, cancellation);
        foreach (var document in written)
            await queue.AddAsync(transaction, subject, document, people, cancellation);
        await transaction.CommitAsync(cancellation);
        if (written.Count > 0) signal.Signal.Raise();
        return true;
    }

    /// <summary>
    /// Records submissions whose senders were told everything in the answer: they count in the statistics, and there is
    /// nothing to send. Many at once, since they are many.
    /// </summary>
    public async Task RecordAnsweredAsync(IReadOnlyList<FeedbackCase> cases, CancellationToken cancellation)
    {
        if (cases.Any(subject => subject.GetsReports))
            throw new ArgumentException("A case that gets reports is recorded by itself.", nameof(cases));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await CaseTable.InsertAsync(transaction, cases, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
