using Kilde.Kernel;
using Npgsql;

namespace Kilde.Intake.Overview;

/// <summary>One line of the list of submissions.</summary>
/// <param name="ExtractedOn">The day the sender says the data were extracted.</param>
/// <param name="ChangedAt">When the submission came to its present state.</param>
/// <param name="ErrorCode">Code of the refusal (1001–2010); null unless rejected.</param>
public sealed record SubmissionSummary(
    Guid SubmissionId, Guid CorrelationId, SubmissionState State, string Channel, OrganizationNumber? Unit,
    string? UnitName, OrganizationNumber? Vendor, string? VendorName, string? SoftwareName, string? SoftwareVersion,
    string MessageType, string TypeVersion, DateOnly? ExtractedOn, DateTimeOffset ReceivedAt, DateTimeOffset ChangedAt,
    int RecordCount, long PayloadBytes, int? ErrorCode, int FindingCount)
{
    internal const string Columns =
        """
        s.submission_id, s.correlation_id, s.state, s.channel, s.unit, u.name, s.vendor, s.vendor_name, s.software_name,
        s.software_version, s.message_type, s.type_version, s.extracted_on, s.received_at, s.changed_at,
        s.record_count, s.payload_bytes, s.error_code, s.finding_count
        """;

    internal const int ColumnCount = 19;

    internal static SubmissionSummary Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        SubmissionStateText.Parse(row.GetString(2)),
        row.GetString(3),
        row.Organization(4),
        row.Text(5),
        row.Organization(6),
        row.Text(7),
        row.Text(8),
        row.Text(9),
        row.GetString(10),
        row.GetString(11),
        row.Value<DateOnly>(12),
        row.GetFieldValue<DateTimeOffset>(13),
        row.GetFieldValue<DateTimeOffset>(14),
        row.GetInt32(15),
        row.GetInt64(16),
        row.Value<int>(17),
        row.GetInt32(18));
}

/// <summary>Columns that may be null, read without ceremony.</summary>
internal static class NullableColumns
{
    extension(NpgsqlDataReader row)
    {
        public string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        public T? Value<T>(int column)
            where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

        public OrganizationNumber? Organization(int column) =>
            row.IsDBNull(column) ? null : OrganizationNumber.Parse(row.GetString(column));
    }
}
