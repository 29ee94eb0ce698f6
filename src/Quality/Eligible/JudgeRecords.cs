using System.Runtime.CompilerServices;
using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Kilde.Register.Reading;

namespace Kilde.Quality.Eligible;

/// <summary>How many records and persons of a year a rule leaves out, by itself or with others.</summary>
/// <param name="Rule">Null: those that are used.</param>
public sealed record EligibilityCount(EligibilityRule? Rule, long Records, long Persons);

/// <summary>Whether a record is used in statistics.</summary>
/// <param name="Municipality">Where the person is counted as at home.</param>
/// <param name="Code">The code it is counted under; null when it is not valid in the year.</param>
/// <param name="LeftOutBy">Empty when it is used.</param>
public sealed record JudgedRecord(
    string RecordTable, string Sender, string? LocalId, int DataYear, string? Municipality, string? Code,
    IReadOnlyList<EligibilityRule> LeftOutBy);

/// <summary>
/// Tells of each record whether it is used in statistics, and which rules leave it out (F26): worked out of what stands
/// when somebody asks, so it is never older than the records.
/// </summary>
public sealed class JudgeRecords(RegisterDatabase database, DefinitionCatalogue catalogue)
{
    public Eligibility? Find(string id) => catalogue.Eligibilities.FirstOrDefault(each => each.Id == id);

    /// <summary>How many are used, and how many each rule leaves out.</summary>
    /// <param name="unit">The sender as it calls itself in its messages; null for all.</param>
    public async Task<IReadOnlyList<EligibilityCount>> CountAsync(
        Eligibility eligibility, int dataYear, string? unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = (await connection.QueryAsync<CountRow>(new CommandDefinition(
            $"""
            select coalesce(rule, '') as rule, count(*) as records, count(distinct person_key) as persons
            from ({OfYear(eligibility)}) as judged
            left join unnest(rules) as rule on true
            where @unit::text is null or sender = @unit
            group by 1
            """,
            new { dataYear, unit }, commandTimeout: 0, cancellationToken: cancellation)))
            .ToDictionary(row => row.Rule, StringComparer.Ordinal);
        return
        [
            .. eligibility.Rules.Select(rule => (EligibilityRule?)rule).Prepend(null).Select(rule =>
                rows.TryGetValue(rule?.Id ?? "", out var row)
                    ? new EligibilityCount(rule, row.Records, row.Persons)
                    : new EligibilityCount(rule, 0, 0)),
        ];
    }

    /// <summary>Each record of a year, in a stream, by sender and local id.</summary>
    public async IAsyncEnumerable<JudgedRecord> ListAsync(
        Eligibility eligibility, int dataYear, string? unit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = connection.QueryUnbufferedAsync<JudgedRow>(
            $"""
            select record_table, sender, local_id, data_year, municipality, code, rules
            from ({OfYear(eligibility)}) as judged
            where @unit::text is null or sender = @unit
            order by sender, local_id, record_key
            """,
            new { dataYear, unit }, commandTimeout: 0);
        await foreach (var row in rows.WithCancellation(cancellation)) yield return row.Of(eligibility);
    }

    /// <summary>The rules that leave out the records of findings; findings that stand and are of one record.</summary>
    /// <param name="unit">Only this unit's findings; null for staff.</param>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<EligibilityRule>>> OfFindingsAsync(
        IReadOnlyList<Guid> findings, OrganizationNumber? unit, CancellationToken cancellation)
    {
        var told = new Dictionary<Guid, IReadOnlyList<EligibilityRule>>();
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var about = (await connection.QueryAsync<FoundRow>(new CommandDefinition(
            $"""
            select f.finding_id, f.person_key, f.record_key::text, f.local_id, f.data_year from quality.finding f
            where {FindFindings.MayBeSeen} and f.finding_id = any(@ids) and f.closed_at is null
              and f.record_key is not null and f.person_key is not null
            """,
            new { ids = findings.ToArray(), unit = unit?.ToString() },
            cancellationToken: cancellation))).AsList();
        if (about.Count == 0) return told;
        foreach (var eligibility in catalogue.Eligibilities)
        {
            var rows = await connection.QueryAsync<JudgedRow>(new CommandDefinition(
                $"""
                select record_table, record_key, sender, local_id, data_year, municipality, code, rules
                from ({EligibilitySql.Judged(eligibility, view =>
                    $"select * from {RecordViewSql.Of(view)} where person_key = any(@persons)")}) as judged
                where record_key = any(@records)
                """,
                new
                {
                    persons = about.Select(each => each.PersonKey).Distinct().ToArray(),
                    records = about.Select(each => each.RecordKey).ToArray(),
                },
                cancellationToken: cancellation));
            foreach (var row in rows)
            {
                foreach (var finding in about.Where(each => each.RecordKey == row.RecordKey
                    && each.DataYear == row.DataYear && each.LocalId == row.LocalId))
                {
                    told[finding.FindingId] = row.Of(eligibility).LeftOutBy;
                }
            }
        }

        return told;
    }

    private static string OfYear(Eligibility eligibility) => EligibilitySql.Judged(
        eligibility, view => $"select * from {RecordViewSql.Of(view)} where data_year = @dataYear");

    private sealed record CountRow(string Rule, long Records, long Persons);

    private sealed record FoundRow(Guid FindingId, long PersonKey, string RecordKey, string? LocalId, int DataYear);

    private sealed class JudgedRow
    {
        public string RecordTable { get; init; } = "";
        public string? RecordKey { get; init; }
        public string Sender { get; init; } = "";
        public string? LocalId { get; init; }
        public int DataYear { get; init; }
        public string? Municipality { get; init; }
        public string? Code { get; init; }
        public string[] Rules { get; init; } = [];

        public JudgedRecord Of(Eligibility eligibility) => new(
            RecordTable, Sender, LocalId, DataYear, Municipality, Code,
            [.. eligibility.Rules.Where(rule => Rules.Contains(rule.Id))]);
    }
}
