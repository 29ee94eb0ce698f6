using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Merging;

namespace Kilde.Register.Periods;

/// <summary>
/// Ends what one share of a unit, such as an urban district, has told of a year: its municipality sends one file for
/// all from now on, and no file of the district will ever end it (ADR 160). The records go as those that a file does
/// not hold any more, with their history; the feed tells of it, and it is audited in the same transaction.
/// </summary>
public sealed class EndShare(
    RegisterDatabase database, DefinitionCatalogue catalogue, AuditLog audit, TimeProvider clock)
{
    /// <summary>Longest reason, in characters.</summary>
    public const int ReasonCharactersMax = 1_000;

    /// <param name="sender">The unit as it names itself, for example the municipality 0301.</param>
    /// <param name="share">The district, for example 01; never empty: a unit's own year its file replaces.</param>
    /// <returns>How many records ended; null when there is no such year of the share.</returns>
    /// <exception cref="ArgumentException">No share, reason or purpose is given, or they are too long.</exception>
    public async Task<int?> EndAsync(
        string sender, string messageType, DataYear year, string share, string reason, AccessGround ground,
        CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ground.Purpose);
        ArgumentException.ThrowIfNullOrWhiteSpace(share);
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonCharactersMax)
            throw new ArgumentException($"A reason has 1 to {ReasonCharactersMax} characters.", nameof(reason));
        if (catalogue.MessageTypes.LastOrDefault(type => type.Name == messageType) is not { } type) return null;

        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var now = clock.GetUtcNow();
        var batches = await BatchCounter.TakeAsync(transaction, 1, now, cancellation);
        var standing = await connection.QuerySingleOrDefaultAsync<(string? Unit, DateOnly ExtractedOn)>(
            new CommandDefinition(
                """
                select b.sender, p.extracted_on
                from register.period p join register.batch b on b.batch_no = p.batch_no
                where p.sender = @sender and p.message_type = @messageType and p.data_year = @year and p.share = @share
                """,
                new { sender, messageType, year = year.Year, share }, transaction, cancellationToken: cancellation));
        if (!OrganizationNumber.TryParse(standing.Unit, out var unit)) return null;

        // What the district sent before is overtaken by this; what it extracts later is taken as any file.
        var today = Norwegian.Day(now);
        var extractedOn = standing.ExtractedOn > today ? standing.ExtractedOn : today;
        var head = new SubmissionHead(Guid.CreateVersion7(now), unit, extractedOn, type, year) { Share = share };
        var write = new MergeWrite(transaction, [head], batches);
        var merge = new PeriodMerge(write, head, submissionNo: 1);
        await merge.BeginAsync(sender, cancellation);
        await merge.FinishAsync(cancellation);
        var ended = (await write.CloseAsync(cancellation)).Single().Deleted;
        var entry = new AuditEntry(ground, "register.end_share", $"{sender} {share} {messageType} {year}", ended)
        {
            Details = reason,
        };
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return ended;
    }
}
