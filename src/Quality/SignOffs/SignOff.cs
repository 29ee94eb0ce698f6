using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Overview;

namespace Kilde.Quality.SignOffs;

/// <summary>Who signs, as the identity provider vouched for them.</summary>
public sealed record Signer(AccessGround Ground, string Name);

/// <summary>
/// A unit says that what it has reported of a year is right, or takes that back (R15.12). Kept with it: who and when,
/// which submissions were in the register, and the unit's figures as they stood. Audited in the same transaction.
/// </summary>
public sealed class SignOff(RegisterDatabase database, AuditLog audit, TimeProvider clock)
{
    public const int SaidCharactersMax = 500;

    /// <returns>False when nothing of the year is in the register: there is nothing to sign.</returns>
    public Task<bool> SignAsync(
        OrganizationNumber unit, DataYear year, string? said, Signer signer, CancellationToken cancellation) =>
        WriteAsync(unit, year, "signed", said, signer, Sign, cancellation);

    /// <param name="said">Why, 1–500 characters, never of a person.</param>
    /// <returns>False when the year is not signed.</returns>
    public Task<bool> WithdrawAsync(
        OrganizationNumber unit, DataYear year, string said, Signer signer, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(said);
        return WriteAsync(unit, year, "withdrawn", said, signer, Withdraw, cancellation);
    }

    private async Task<bool> WriteAsync(
        OrganizationNumber unit, DataYear year, string kind, string? said, Signer signer, string sql,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(said?.Length ?? 0, SaidCharactersMax);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var written = await connection.ExecuteAsync(new CommandDefinition(
            sql,
            new
            {
                unit = unit.ToString(),
                year = year.Year,
                kind,
                said = string.IsNullOrWhiteSpace(said) ? null : said.Trim(),
                by = signer.Ground.Actor.Id,
                name = signer.Name,
                now = clock.GetUtcNow(),
            },
            transaction,
            cancellationToken: cancellation));
        if (written == 0) return false;
        var entry = new AuditEntry(signer.Ground, $"year.{kind}", $"{unit} {year.Year}");
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The year a submission is of; that of the Norwegian day it came when it tells none.</summary>
    internal const string Year =
        "extract(year from coalesce(s.period_to, s.extracted_on, s.received_at at time zone 'Europe/Oslo'))::integer";

    /// <summary>Submissions of the unit and the year that are in the register.</summary>
    internal const string OfYear = $"s.unit = @unit and s.outcome = 'in_register' and {Year} = @year";

    private const string Sign =
        $"""
        insert into quality.sign_off (
          unit, data_year, kind, said, submissions, figures, signed_by, signed_name, signed_at)
        select @unit, @year, @kind, @said, told.submissions, coalesce(counted.figures, '[]'), @by, @name, @now
        from (
          select array_agg(s.submission_id order by s.received_at) as submissions
          from quality.submission s where {OfYear}
        ) as told
        cross join (
          select jsonb_agg(jsonb_build_object('figure', f.figure_id, 'category', f.category, 'persons', f.persons,
            'basis', f.basis, 'amount', f.amount) order by f.figure_id, f.category) as figures
          from quality.figure_count f
          where f.part = '' and f.data_year = @year and f.unit = {UnitNames.AnyOfUnit}
        ) as counted
        where told.submissions is not null
        """;

    private const string Withdraw =
        """
        insert into quality.sign_off (
          unit, data_year, kind, said, submissions, figures, signed_by, signed_name, signed_at)
        select unit, data_year, @kind, @said, submissions, figures, @by, @name, @now
        from (
          select * from quality.sign_off where unit = @unit and data_year = @year order by sign_off_no desc limit 1
        ) as newest
        where newest.kind = 'signed'
        """;
}
