using System.Text.Json;
using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Intake.Overview;

/// <summary>One message that the validation service was asked about.</summary>
/// <param name="CorrelationId">As the answer gave it.</param>
/// <param name="ErrorCode">Why it would be refused; null when it would be accepted.</param>
/// <param name="BrokenRules">The gravest first.</param>
public sealed record Trial(
    Guid TrialId, Guid CorrelationId, DateTimeOffset TriedAt, string ClientId, OrganizationNumber? Unit,
    string? UnitName, OrganizationNumber? Vendor, string? VendorName, string? SoftwareName, string? SoftwareVersion,
    string MessageType, string TypeVersion, bool IsAccepted, int? ErrorCode, int RecordCount, int FindingCount,
    IReadOnlyList<BrokenRule> BrokenRules);

/// <summary>Whose trials, and before which.</summary>
/// <param name="Unit">Only of this unit; null for all.</param>
/// <param name="Vendor">Only of this vendor; null for all.</param>
/// <param name="Before">Older than this one; null for the newest.</param>
public sealed record TrialFilter(
    OrganizationNumber? Unit, OrganizationNumber? Vendor, string? MessageType, bool OnlyRefused, Guid? Before);

/// <summary>What the validation service has been asked, the newest first (R3.06).</summary>
public sealed class FindTrials(RegisterDatabase database)
{
    public async Task<IReadOnlyList<Trial>> FindAsync(
        TrialFilter filter, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 1_000));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select t.trial_id, t.correlation_id, t.tried_at, t.client_id, t.unit, u.name as unit_name, t.vendor,
              t.vendor_name, t.software_name, t.software_version, t.message_type, t.type_version, t.is_accepted,
              t.error_code, t.record_count, t.finding_count, t.broken_rules::text as broken_rules
            from intake.trial t
            left join intake.sender u on u.unit = t.unit
            where (@unit::text is null or t.unit = @unit) and (@vendor::text is null or t.vendor = @vendor)
              and (@type::text is null or t.message_type = @type) and not (@refused and t.is_accepted)
              and (@before::uuid is null or t.trial_id < @before)
            order by t.trial_id desc
            limit @limit
            """,
            new
            {
                unit = filter.Unit?.ToString(), vendor = filter.Vendor?.ToString(), type = filter.MessageType,
                refused = filter.OnlyRefused, before = filter.Before, limit,
            },
            cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToTrial())];
    }

    private sealed record Row(
        Guid TrialId, Guid CorrelationId, DateTimeOffset TriedAt, string ClientId, string? Unit, string? UnitName,
        string? Vendor, string? VendorName, string? SoftwareName, string? SoftwareVersion, string MessageType,
        string TypeVersion, bool IsAccepted, int? ErrorCode, int RecordCount, int FindingCount, string BrokenRules)
    {
        public Trial ToTrial() => new(
            TrialId, CorrelationId, TriedAt, ClientId, Number(Unit), UnitName, Number(Vendor), VendorName, SoftwareName,
            SoftwareVersion, MessageType, TypeVersion, IsAccepted, ErrorCode, RecordCount, FindingCount,
            JsonSerializer.Deserialize<List<BrokenRule>>(BrokenRules) ?? []);

        private static OrganizationNumber? Number(string? text) =>
            text is null ? null : OrganizationNumber.Parse(text);
    }
}
