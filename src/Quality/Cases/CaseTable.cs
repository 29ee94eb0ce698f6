using System.Text.Json;
using Dapper;
using Npgsql;

namespace Kilde.Quality.Cases;

/// <summary>Writes how submissions ended, any number at once.</summary>
internal static class CaseTable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <returns>How many were new; one that was written before is left as it is.</returns>
    public static Task<int> InsertAsync(
        NpgsqlTransaction transaction, IReadOnlyList<FeedbackCase> cases, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            Insert,
            new
            {
                cases = JsonSerializer.Serialize(cases.Select(RowOf), Json),
                rules = JsonSerializer.Serialize(cases.SelectMany(RulesOf), Json),
            },
            transaction,
            cancellationToken: cancellation));

    internal static string OutcomeName(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Refused => "refused",
        CaseOutcome.InRegister => "in_register",
        _ => "only_checked",
    };

    private static object RowOf(FeedbackCase subject) => new
    {
        subject.SubmissionId,
        Unit = subject.Unit.ToString(),
        subject.UnitName,
        subject.Institution,
        subject.System.Vendor,
        subject.System.Product,
        ProductVersion = subject.System.Version,
        Register = subject.Message.Register.ToString().ToLowerInvariant(),
        MessageType = subject.Message.Type,
        TypeVersion = subject.Message.Version,
        PeriodFrom = subject.Message.From,
        PeriodTo = subject.Message.To,
        subject.Message.ExtractedOn,
        RecordCount = subject.Message.Records,
        subject.ReceivedAt,
        subject.FinishedAt,
        Outcome = OutcomeName(subject.Outcome),
        subject.GetsReports,
        IdentitiesValid = subject.Identities?.Valid,
        IdentitiesUnknown = subject.Identities?.Unknown,
        IdentitiesDuplicate = subject.Identities?.Duplicates,
        IdentitiesWithoutActivity = subject.Pair?.WithoutActivity,
        subject.Pair?.ActivityWithoutIdentity,
    };

    private static IEnumerable<object> RulesOf(FeedbackCase subject) =>
        from rule in subject.RuleCounts
        where rule.Count > 0
        group rule by (rule.RuleId, rule.Layer) into same
        select new
        {
            subject.SubmissionId,
            same.Key.RuleId,
            Layer = same.Key.Layer.ToString().ToLowerInvariant(),
            Severity = (short)same.Max(rule => rule.Severity),
            Count = same.Sum(rule => rule.Count),
        };

    private const string Insert =
        """
        with inserted as (
          insert into quality.submission (
            submission_id, unit, unit_name, institution, vendor, product, product_version, register, message_type,
            type_version, period_from, period_to, extracted_on, record_count, received_at, finished_at, outcome,
            gets_reports, identities_valid, identities_unknown, identities_duplicate, identities_without_activity,
            activity_without_identity)
          select submission_id, unit, unit_name, institution, vendor, product, product_version, register, message_type,
            type_version, period_from, period_to, extracted_on, record_count, received_at, finished_at, outcome,
            gets_reports, identities_valid, identities_unknown, identities_duplicate, identities_without_activity,
            activity_without_identity
          from jsonb_populate_recordset(null::quality.submission, @cases::jsonb)
          on conflict (submission_id) do nothing
          returning submission_id
        ), broken as (
          insert into quality.submission_rule (submission_id, rule_id, layer, severity, count)
          select submission_id, rule_id, layer, severity, count
          from jsonb_populate_recordset(null::quality.submission_rule, @rules::jsonb)
          where submission_id in (select submission_id from inserted)
        )
        select count(*)::integer from inserted
        """;
}
