using Npgsql;
using NpgsqlTypes;

namespace Kilde.Quality.Cases;

/// <summary>Writes how submissions ended, any number at once.</summary>
internal static class CaseTable
{
    /// <returns>How many were new; one that was written before is left as it is.</returns>
    public static async Task<int> InsertAsync(
        NpgsqlTransaction transaction, IReadOnlyList<FeedbackCase> cases, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand(Insert, transaction.Connection, transaction);
        AddCases(insert, cases);
        AddRules(insert, [.. cases.SelectMany(BrokenIn)]);
        return (int)(await insert.ExecuteScalarAsync(cancellation))!;
    }

    internal static string OutcomeName(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Refused => "refused",
        CaseOutcome.InRegister => "in_register",
        _ => "only_checked",
    };

    // In the order of the columns.
    private static void AddCases(NpgsqlCommand insert, IReadOnlyList<FeedbackCase> cases)
    {
        Add(NpgsqlDbType.Uuid, one => one.SubmissionId);
        Add(NpgsqlDbType.Text, one => one.Unit.ToString());
        Add(NpgsqlDbType.Text, one => one.UnitName);
        Add(NpgsqlDbType.Text, one => one.Institution);
        Add(NpgsqlDbType.Text, one => one.System.Vendor);
        Add(NpgsqlDbType.Text, one => one.System.Product);
        Add(NpgsqlDbType.Text, one => one.System.Version);
        Add(NpgsqlDbType.Text, one => one.Message.Register.ToString().ToLowerInvariant());
        Add(NpgsqlDbType.Text, one => one.Message.Type);
        Add(NpgsqlDbType.Text, one => one.Message.Version);
        Add(NpgsqlDbType.Date, one => one.Message.From);
        Add(NpgsqlDbType.Date, one => one.Message.To);
        Add(NpgsqlDbType.Date, one => one.Message.ExtractedOn);
        Add(NpgsqlDbType.Integer, one => one.Message.Records);
        Add(NpgsqlDbType.TimestampTz, one => one.ReceivedAt.ToUniversalTime());
        Add(NpgsqlDbType.TimestampTz, one => one.FinishedAt.ToUniversalTime());
        Add(NpgsqlDbType.Text, one => OutcomeName(one.Outcome));
        Add(NpgsqlDbType.Boolean, one => one.GetsReports);
        Add(NpgsqlDbType.Integer, one => one.Identities?.Valid);
        Add(NpgsqlDbType.Integer, one => one.Identities?.Unknown);
        Add(NpgsqlDbType.Integer, one => one.Identities?.Duplicates);
        Add(NpgsqlDbType.Integer, one => one.Pair?.WithoutActivity);
        Add(NpgsqlDbType.Integer, one => one.Pair?.ActivityWithoutIdentity);
        Add(NpgsqlDbType.Text, one => one.System.VendorNumber?.ToString());

        void Add<T>(NpgsqlDbType type, Func<FeedbackCase, T> column) =>
            insert.Parameters.Add(ArrayOf(type, cases, column));
    }

    private static void AddRules(NpgsqlCommand insert, Broken[] rules)
    {
        insert.Parameters.Add(ArrayOf(NpgsqlDbType.Uuid, rules, rule => rule.SubmissionId));
        insert.Parameters.Add(ArrayOf(NpgsqlDbType.Text, rules, rule => rule.RuleId));
        insert.Parameters.Add(ArrayOf(NpgsqlDbType.Text, rules, rule => rule.Layer));
        insert.Parameters.Add(ArrayOf(NpgsqlDbType.Smallint, rules, rule => rule.Severity));
        insert.Parameters.Add(ArrayOf(NpgsqlDbType.Integer, rules, rule => rule.Count));
    }

    private static NpgsqlParameter ArrayOf<TRow, T>(
        NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, T> column) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = rows.Select(column).ToArray() };

    private static IEnumerable<Broken> BrokenIn(FeedbackCase subject) =>
        from rule in subject.RuleCounts
        where rule.Count > 0
        group rule by (rule.RuleId, rule.Layer) into same
        select new Broken(
            subject.SubmissionId, same.Key.RuleId, same.Key.Layer.ToString().ToLowerInvariant(),
            (short)same.Max(rule => rule.Severity), same.Sum(rule => rule.Count));

    private sealed record Broken(Guid SubmissionId, string RuleId, string Layer, short Severity, int Count);

    private const string Insert =
        """
        with inserted as (
          insert into quality.submission (
            submission_id, unit, unit_name, institution, vendor, product, product_version, register, message_type,
            type_version, period_from, period_to, extracted_on, record_count, received_at, finished_at, outcome,
            gets_reports, identities_valid, identities_unknown, identities_duplicate, identities_without_activity,
            activity_without_identity, vendor_number)
          select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22, $23, $24)
          on conflict (submission_id) do nothing
          returning submission_id
        ), broken as (
          insert into quality.submission_rule (submission_id, rule_id, layer, severity, count)
          select *
          from unnest($25, $26, $27, $28, $29) as rule (submission_id, rule_id, layer, severity, count)
          where submission_id in (select submission_id from inserted)
        )
        select count(*)::integer from inserted
        """;
}
