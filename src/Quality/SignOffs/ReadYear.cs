using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Caveats;
using Kilde.Quality.Contacts;
using Kilde.Quality.Overview;
using Npgsql;

namespace Kilde.Quality.SignOffs;

/// <summary>Where a unit stands with a year.</summary>
public enum YearState
{
    /// <summary>Nothing of the year is in the register.</summary>
    NothingSent = 1,

    /// <summary>Not signed, or taken back.</summary>
    Unsigned,

    /// <summary>Signed, and nothing has come since.</summary>
    Signed,

    /// <summary>Signed, but data have come since: to be looked over and signed anew.</summary>
    ChangedSince,
}

/// <param name="Kind"><c>signed</c> or <c>withdrawn</c>.</param>
/// <param name="Recipients">Persons with a service, as it stood then; null where that was not counted.</param>
public sealed record SignOffLine(
    string Kind, string? Said, int Submissions, long? Recipients, string SignedName, DateTimeOffset SignedAt);

/// <summary>A year of which something has been sent.</summary>
/// <param name="HasFile">A file tells that it is of the year; a message of a day is only of the day it came.</param>
public sealed record SentYear(int Year, bool HasFile)
{
    /// <summary>The year to open: the one asked for, else the newest with a file, else the newest.</summary>
    /// <param name="years">At least one, newest first.</param>
    public static int Choose(IReadOnlyList<SentYear> years, int? asked) =>
        (years.FirstOrDefault(each => each.Year == asked) ?? years.FirstOrDefault(each => each.HasFile) ?? years[0])
        .Year;
}

/// <summary>What was sent of a year, newest first.</summary>
public sealed record YearSubmission(Guid SubmissionId, string MessageType, int RecordCount, DateTimeOffset ReceivedAt);

/// <summary>One heading of the checklist.</summary>
/// <param name="Checks">What has found something, most first.</param>
/// <param name="Remarks">What else is to be looked at.</param>
/// <param name="HasAnswer">False while there is nothing to look at.</param>
public sealed record ChecklistItem(
    ChecklistHeading Heading, IReadOnlyList<(Check Check, int Findings)> Checks,
    IReadOnlyList<LocalizedText> Remarks, bool HasAnswer)
{
    public bool IsInOrder => HasAnswer && Checks.Count == 0 && Remarks.Count == 0;
}

/// <param name="Submissions">The newest of them.</param>
/// <param name="SubmissionCount">All of them.</param>
public sealed record ReportedYear(
    DataYear Year, YearState State, IReadOnlyList<ChecklistItem> Checklist, IReadOnlyList<YearSubmission> Submissions,
    int SubmissionCount, IReadOnlyList<SignOffLine> SignOffs)
{
    /// <summary>What register staff have written of the unit's year.</summary>
    public IReadOnlyList<Caveat> Caveats { get; init; } = [];
}

/// <summary>What a unit has sent of a year, what it should look at before it signs, and what it has signed.</summary>
public sealed class ReadYear(
    RegisterDatabase database, DefinitionCatalogue catalogue, ContactBook contacts, FindCaveats caveats)
{
    private const int SubmissionsMax = 30;

    /// <summary>Years of which the unit has sent something, newest first.</summary>
    public async Task<IReadOnlyList<SentYear>> YearsAsync(OrganizationNumber unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var years = await connection.QueryAsync<SentYear>(new CommandDefinition(
            $"""
            select {SignOff.Year} as year, bool_or(s.period_to is not null) as has_file
            from quality.submission s where s.unit = @unit and s.outcome = 'in_register' group by 1 order by 1 desc
            """,
            new { unit = unit.ToString() },
            cancellationToken: cancellation));
        return years.AsList();
    }

    public async Task<ReportedYear> ReadAsync(
        OrganizationNumber unit, DataYear year, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var asked = new { unit = unit.ToString(), year = year.Year, limit = SubmissionsMax };
        var sent = (await connection.QueryAsync<YearSubmission>(new CommandDefinition(
            $"""
            select s.submission_id, s.message_type, s.record_count, s.received_at
            from quality.submission s where {SignOff.OfYear}
            order by s.received_at desc limit @limit
            """,
            asked, cancellationToken: cancellation))).AsList();
        var counted = await connection.QuerySingleAsync<(int Count, DateTimeOffset? Newest)>(new CommandDefinition(
            $"select count(*)::integer, max(s.finished_at) from quality.submission s where {SignOff.OfYear}",
            asked, cancellationToken: cancellation));
        var signed = (await connection.QueryAsync<SignOffLine>(new CommandDefinition(
            """
            select kind, said, cardinality(submissions) as submissions,
              (select (f ->> 'persons')::bigint from jsonb_array_elements(figures) as f
                where f ->> 'figure' = 'recipients' and f ->> 'category' = '' limit 1) as recipients,
              signed_name, signed_at
            from quality.sign_off where unit = @unit and data_year = @year order by sign_off_no desc
            """,
            asked, cancellationToken: cancellation))).AsList();
        return new ReportedYear(
            year, StateOf(counted.Count, counted.Newest, signed),
            await ChecklistAsync(connection, unit, year, counted.Count, cancellation), sent, counted.Count, signed)
        {
            Caveats = await caveats.OfUnitAsync(unit, year, cancellation),
        };
    }

    private static YearState StateOf(int submissions, DateTimeOffset? newestAt, IReadOnlyList<SignOffLine> signed) =>
        signed switch
        {
            [{ Kind: "signed" } newest, ..] when newestAt > newest.SignedAt => YearState.ChangedSince,
            [{ Kind: "signed" }, ..] => YearState.Signed,
            _ => submissions == 0 ? YearState.NothingSent : YearState.Unsigned,
        };

    private async Task<IReadOnlyList<ChecklistItem>> ChecklistAsync(
        NpgsqlConnection connection, OrganizationNumber unit, DataYear year, int submissions,
        CancellationToken cancellation)
    {
        var asked = new { unit = unit.ToString(), year = year.Year };
        var findings = (await connection.QueryAsync<(string CheckId, int Count)>(new CommandDefinition(
            $"""
            select check_id, count(*)::integer from quality.finding
            where closed_at is null and not is_shadow and state in ('open', 'seen') and data_year = @year
              and unit = {UnitNames.AnyOfUnit}
            group by check_id
            """,
            asked, cancellationToken: cancellation))).ToDictionary(row => row.CheckId, row => row.Count);
        var dropped = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"""
            select coalesce(sum(r.count), 0) from quality.submission_rule r
            join quality.submission s on s.submission_id = r.submission_id
            where r.layer = 'content' and r.severity = 3 and {SignOff.OfYear}
            """,
            asked, cancellationToken: cancellation));
        // Who sends by the API is told all in the answer; no feedback goes to anybody, and no contact is missed.
        var isTold = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select 1 from quality.feedback where unit = @unit)", asked,
            cancellationToken: cancellation));
        IEnumerable<(ContactType, Hindrance)> unreached = !isTold ? [] : Deliverability.HindrancesOf(
            RegisterCode.Kpr, await contacts.ReadAsync(connection, asked.unit, cancellation));
        return
        [
            .. Checklist.Headings.Select(heading => new ChecklistItem(
                heading,
                [
                    .. catalogue.Checks
                        .Where(check => heading.Checks.Contains(check.Id) && findings.ContainsKey(check.Id))
                        .Select(check => (check, findings[check.Id])).OrderByDescending(each => each.Item2),
                ],
                heading.Kind switch
                {
                    ChecklistKind.Contacts => [.. unreached.Select(ChecklistRemark.Unreached)],
                    ChecklistKind.Registered when dropped > 0 => [ChecklistRemark.Dropped(dropped)],
                    _ => [],
                },
                submissions > 0)),
        ];
    }
}
