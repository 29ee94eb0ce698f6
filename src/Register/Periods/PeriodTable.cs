using Dapper;
using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Register.Periods;

/// <summary>A period as a merge finds it. Numbers are never used again.</summary>
/// <param name="IsNew">Nothing has come of it before.</param>
/// <param name="OvertakenBy">
/// The day of a newer whole year that has come: this submission changes nothing in the period. Null when none has.
/// </param>
/// <param name="NewerOn">
/// The newest day of extraction, when it is after this one's: this submission does not touch what newer changes
/// told of.
/// </param>
internal readonly record struct OpenPeriod(long No, bool IsNew, DateOnly? OvertakenBy, DateOnly? NewerOn)
{
    public bool IsOvertaken => OvertakenBy is not null;

    public bool HasNewer => NewerOn is not null;
}

/// <summary>The periods there are, and how new what they hold is. Runs under the lock of the batch counter.</summary>
internal static class PeriodTable
{
    /// <summary>The number that records outside any period have.</summary>
    public const long None = 0;

    public static async Task<OpenPeriod> OpenAsync(
        PeriodName name, DateOnly extractedOn, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var found = (await transaction.Connection!.QueryAsync<(long No, DateOnly Newest, DateOnly? NewestWhole)>(
            new CommandDefinition(
                """
                select period_no, extracted_on, whole_extracted_on
                from register.period
                where sender = @Sender and share = @Share and message_type = @MessageType and data_year = @Year
                """,
                new { name.Sender, name.Share, name.MessageType, name.Year.Year }, transaction,
                cancellationToken: cancellation))).AsList();
        if (found is [var (no, newest, newestWhole)])
        {
            return new OpenPeriod(
                no, IsNew: false, OvertakenBy: newestWhole > extractedOn ? newestWhole : null,
                NewerOn: newest > extractedOn ? newest : null);
        }

        return new OpenPeriod(
            await transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
                "select coalesce(max(period_no), 0) + 1 from register.period", transaction: transaction,
                cancellationToken: cancellation)),
            IsNew: true, OvertakenBy: null, NewerOn: null);
    }

    /// <summary>Remembers that the submission has changed the period.</summary>
    public static Task WriteAsync(
        PeriodName name, long no, PeriodChange change, NpgsqlTransaction transaction,
        CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into register.period as period (
              period_no, sender, share, message_type, data_year, submission_id, extracted_on, whole_extracted_on,
              batch_no)
            values (@no, @Sender, @Share, @MessageType, @Year, @SubmissionId, @ExtractedOn, @whole, @BatchNo)
            on conflict (period_no) do update
            set submission_id = excluded.submission_id, batch_no = excluded.batch_no,
              extracted_on = greatest(period.extracted_on, excluded.extracted_on),
              whole_extracted_on = greatest(period.whole_extracted_on, excluded.whole_extracted_on)
            """,
            new
            {
                no,
                name.Sender,
                name.Share,
                name.MessageType,
                name.Year.Year,
                change.SubmissionId,
                change.ExtractedOn,
                whole = change.IsWhole ? change.ExtractedOn : (DateOnly?)null,
                change.BatchNo,
            },
            transaction,
            cancellationToken: cancellation));

    /// <summary>Every table that some version of the message type fills.</summary>
    public static async Task<IReadOnlyList<SqlName>> TablesOfAsync(
        string messageType, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var tables = await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            """
            select record_table from register.record_table
            where exists (select from unnest(message_types) as type where split_part(type, ' ', 1) = @messageType)
            order by record_table
            """,
            new { messageType }, transaction,
            cancellationToken: cancellation));
        return [.. tables.Select(SqlName.Parse)];
    }
}

/// <summary>What a submission does to a period.</summary>
internal readonly record struct PeriodChange(Guid SubmissionId, DateOnly ExtractedOn, bool IsWhole, long BatchNo);
