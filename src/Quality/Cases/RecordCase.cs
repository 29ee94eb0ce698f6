using Dapper;
using Kilde.Platform.Databases;
using Kilde.Quality.Contacts;
using Kilde.Quality.Documents;
using Kilde.Quality.Sending;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Quality.Cases;

/// <summary>
/// Records how a submission ended, writes its feedback and queues it for sending, all in one transaction. The same
/// submission again changes nothing.
/// </summary>
public sealed class RecordCase(
    RegisterDatabase database, ContactBook contacts, QueueFeedback queue, IRegisterCounts counts,
    SendSignal signal, IOptions<QualityOptions> options)
{
    /// <returns>False when the submission was recorded before.</returns>
    public async Task<bool> RecordAsync(FeedbackCase subject, CancellationToken cancellation)
    {
        var register = subject.Activity.Count > 0 ? await counts.CountAsync(subject, cancellation) : null;
        var documents = FeedbackPlan.DocumentsOf(subject, register, ReportTexts.In(options.Value.Language));

        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await InsertAsync(transaction, subject, cancellation)) return false;
        var people = await contacts.ForAsync(transaction, subject, cancellation);
        foreach (var document in documents)
            await queue.AddAsync(transaction, subject, document, people, cancellation);
        await transaction.CommitAsync(cancellation);
        if (documents.Count > 0) signal.Signal.Raise();
        return true;
    }

    private static async Task<bool> InsertAsync(
        NpgsqlTransaction transaction, FeedbackCase subject, CancellationToken cancellation)
    {
        var inserted = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            InsertSubmission,
            new
            {
                subject.SubmissionId, Unit = subject.Unit.ToString(), subject.UnitName, subject.Institution,
                subject.System.Vendor, subject.System.Product, ProductVersion = subject.System.Version,
                Register = subject.Message.Register.ToString().ToLowerInvariant(), subject.Message.Type,
                TypeVersion = subject.Message.Version, subject.Message.From, subject.Message.To,
                subject.Message.ExtractedOn, subject.Message.Records, subject.ReceivedAt, subject.FinishedAt,
                Outcome = OutcomeName(subject.Outcome), subject.Identities?.Valid, subject.Identities?.Unknown,
                subject.Identities?.Duplicates, subject.Identities?.WithoutActivity,
                subject.Identities?.ActivityWithoutIdentity,
            },
            transaction,
            cancellationToken: cancellation));
        if (inserted == 0) return false;

        var rules = subject.RuleCounts.Where(rule => rule.Count > 0).ToList();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            InsertRules,
            new
            {
                subject.SubmissionId,
                Rules = rules.Select(rule => rule.RuleId).ToArray(),
                Layers = rules.Select(rule => rule.Layer.ToString().ToLowerInvariant()).ToArray(),
                Severities = rules.Select(rule => (short)rule.Severity).ToArray(),
                Counts = rules.Select(rule => rule.Count).ToArray(),
            },
            transaction,
            cancellationToken: cancellation));
        return true;
    }

    internal static string OutcomeName(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Refused => "refused",
        CaseOutcome.InRegister => "in_register",
        _ => "only_checked",
    };

    private const string InsertSubmission =
        """
        insert into quality.submission (
          submission_id, unit, unit_name, institution, vendor, product, product_version, register, message_type,
          type_version, period_from, period_to, extracted_on, record_count, received_at, finished_at, outcome,
          identities_valid, identities_unknown, identities_duplicate, identities_without_activity,
          activity_without_identity)
        values (
          @SubmissionId, @Unit, @UnitName, @Institution, @Vendor, @Product, @ProductVersion, @Register, @Type,
          @TypeVersion, @From, @To, @ExtractedOn, @Records, @ReceivedAt, @FinishedAt, @Outcome,
          @Valid, @Unknown, @Duplicates, @WithoutActivity, @ActivityWithoutIdentity)
        on conflict (submission_id) do nothing
        """;

    private const string InsertRules =
        """
        insert into quality.submission_rule (submission_id, rule_id, layer, severity, count)
        select @SubmissionId, rule_id, layer, max(severity), sum(count)::integer
        from unnest(@Rules, @Layers, @Severities, @Counts) as broken (rule_id, layer, severity, count)
        group by rule_id, layer
        """;
}
