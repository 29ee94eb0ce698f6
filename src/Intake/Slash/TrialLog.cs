using System.Text.Json;
using Kilde.Intake.Overview;
using Kilde.Platform.Databases;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Slash;

/// <summary>
/// Remembers what the validation service was asked and how it answered (R3.06): who, which type, and which rules were
/// broken how often. Nothing of the message is kept.
/// </summary>
internal sealed class TrialLog(RegisterDatabase database)
{
    private const int RulesMax = 200;
    private const int TypeCharactersMax = 100;

    /// <summary>Writes nothing of a request whose sender is not known: anyone could fill the table.</summary>
    public async Task WriteAsync(SlashExchange exchange, Refusal? refusal, CancellationToken cancellation)
    {
        if (exchange.Token is not { } token || exchange.Envelope is not { } envelope) return;
        var submitter = exchange.Submitter;
        await using var insert = database.Source.CreateCommand(
            """
            insert into intake.trial (
              trial_id, correlation_id, tried_at, client_id, unit, vendor, vendor_name, software_name, software_version,
              message_type, type_version, is_accepted, error_code, record_count, finding_count, broken_rules)
            values (@id, @correlation, @at, @client, @unit, @vendor, @vendor_name, @software_name, @software_version,
              @type, @version, @accepted, @code, @records, @findings, @rules)
            on conflict (trial_id) do nothing
            """);
        insert.Parameters.AddWithValue("id", Guid.CreateVersion7(exchange.ReceivedAt));
        insert.Parameters.AddWithValue("correlation", exchange.CorrelationId);
        insert.Parameters.AddWithValue("at", exchange.ReceivedAt);
        insert.Parameters.AddWithValue("client", token.ClientId);
        insert.Parameters.Add(new NpgsqlParameter<string?>("unit", submitter?.Unit.ToString()));
        insert.Parameters.Add(new NpgsqlParameter<string?>("vendor", submitter?.Vendor?.ToString()));
        insert.Parameters.Add(new NpgsqlParameter<string?>("vendor_name", submitter?.VendorName));
        insert.Parameters.Add(new NpgsqlParameter<string?>("software_name", submitter?.SoftwareName));
        insert.Parameters.Add(new NpgsqlParameter<string?>("software_version", submitter?.SoftwareVersion));
        insert.Parameters.AddWithValue("type", Short(exchange.Type?.Name ?? envelope.TypeName));
        insert.Parameters.AddWithValue("version", Short(exchange.Type?.Version ?? envelope.TypeVersion));
        insert.Parameters.AddWithValue("accepted", refusal is null);
        insert.Parameters.Add(new NpgsqlParameter<int?>("code", refusal is null ? null : (int)refusal.Code));
        insert.Parameters.AddWithValue("records", exchange.Content?.RecordCount ?? 0);
        insert.Parameters.AddWithValue("findings", exchange.Content?.FindingCount ?? 0);
        insert.Parameters.Add(new NpgsqlParameter("rules", NpgsqlDbType.Jsonb)
        {
            Value = JsonSerializer.Serialize(RulesOf(exchange)),
        });
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    private static IEnumerable<BrokenRule> RulesOf(SlashExchange exchange)
    {
        var counts = exchange.Content?.RuleCounts ?? [];
        return counts
            .Select(rule => new BrokenRule(rule.RuleId, rule.Severity, (int)Math.Min(rule.Count, int.MaxValue)))
            .Concat(exchange.Findings.Where(finding => counts.All(rule => rule.RuleId != finding.RuleId))
                .CountBy(finding => (finding.RuleId, finding.Severity))
                .Select(rule => new BrokenRule(rule.Key.RuleId, rule.Key.Severity, rule.Value)))
            .OrderByDescending(rule => rule.Severity).ThenBy(rule => rule.RuleId, StringComparer.Ordinal)
            .Take(RulesMax);
    }

    private static string Short(string text) => text.Length <= TypeCharactersMax ? text : text[..TypeCharactersMax];
}
