using System.Globalization;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Intake.Overview;

/// <summary>Which submissions; what is null does not narrow.</summary>
public sealed record SubmissionFilter(
    SubmissionState? State = null, OrganizationNumber? Unit = null, OrganizationNumber? Vendor = null,
    string? MessageType = null, DateTimeOffset? ReceivedFrom = null, DateTimeOffset? ReceivedBefore = null);

/// <param name="Next">Hand it in to read on; null on the last page.</param>
public sealed record SubmissionPage(IReadOnlyList<SubmissionSummary> Submissions, string? Next);

/// <summary>Submissions, newest first, page by page.</summary>
public sealed class FindSubmissions(RegisterDatabase database)
{
    private const int PageSizeMax = 500;

    /// <param name="after"><see cref="SubmissionPage.Next"/> of the page before; null for the first.</param>
    /// <param name="pageSize">1 to 500.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is not from a page.</exception>
    public async Task<SubmissionPage> FindAsync(
        SubmissionFilter filter, string? after, int pageSize, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pageSize, Math.Clamp(pageSize, 1, PageSizeMax));
        var (afterTime, afterId) = ParsePlace(after);

        await using var command = database.Source.CreateCommand(
            $"""
            select {SubmissionSummary.Columns}
            from intake.submission s
            left join intake.sender u on u.unit = s.unit
            where (@unit::text is null or s.unit = @unit)
              and (@vendor::text is null or s.vendor = @vendor)
              and (@type::text is null or s.message_type = @type)
              and (@from::timestamptz is null or s.received_at >= @from)
              and (@before::timestamptz is null or s.received_at < @before)
              and (@after_time::timestamptz is null or (s.received_at, s.submission_id) < (@after_time, @after_id))
              and {OfState(filter.State)}
            order by s.received_at desc, s.submission_id desc
            limit @limit
            """);
        command.Parameters.Add(new NpgsqlParameter<string?>("unit", filter.Unit?.ToString()));
        command.Parameters.Add(new NpgsqlParameter<string?>("vendor", filter.Vendor?.ToString()));
        command.Parameters.Add(new NpgsqlParameter<string?>("type", filter.MessageType));
        command.Parameters.AddWithValue("from", (object?)filter.ReceivedFrom?.ToUniversalTime() ?? DBNull.Value);
        command.Parameters.AddWithValue("before", (object?)filter.ReceivedBefore?.ToUniversalTime() ?? DBNull.Value);
        command.Parameters.AddWithValue("after_time", (object?)afterTime ?? DBNull.Value);
        command.Parameters.AddWithValue("after_id", (object?)afterId ?? DBNull.Value);
        command.Parameters.AddWithValue("limit", pageSize + 1);

        var found = new List<SubmissionSummary>(pageSize + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) found.Add(SubmissionSummary.Read(reader));

        if (found.Count <= pageSize) return new SubmissionPage(found, Next: null);
        found.RemoveAt(pageSize);
        return new SubmissionPage(found, PlaceOf(found[^1]));
    }

    // Each state has a table or an index of its own: the state column is in none, so that it changes cheaply.
    private static string OfState(SubmissionState? state) => state switch
    {
        null => "true",
        SubmissionState.Rejected => "s.error_code is not null",
        SubmissionState.SetAside =>
            """
            s.submission_id in (select submission_id from intake.set_aside where replayed_at is null)
            """,
        SubmissionState.Accepted => "s.submission_id in (select submission_id from intake.waiting where is_judged)",
        SubmissionState.Merged => "s.state = 'merged'",
        _ => "s.submission_id in (select submission_id from intake.waiting where not is_judged)",
    };

    private static string PlaceOf(SubmissionSummary last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.ReceivedAt.UtcTicks}_{last.SubmissionId:N}");

    private static (DateTimeOffset? Time, Guid? Id) ParsePlace(string? place)
    {
        if (place is null) return (null, null);
        var parts = place.Split('_');
        if (parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(parts[1], "N", out var id))
        {
            return (new DateTimeOffset(ticks, TimeSpan.Zero), id);
        }

        throw new FormatException("Not a place in the list of submissions.");
    }
}
