using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Kilde.Quality.Declaration;
using Kilde.Register.Returning;
using Microsoft.Extensions.Options;

namespace Kilde.Quality.Returning;

/// <summary>A sender's standing returns, what lies ready of them, and the areas it can get.</summary>
public sealed class FindReturns(
    RegisterDatabase database, DeclareQuality declare, IOptions<QualityOptions> options)
{
    /// <summary>Those that stand, and withdrawn ones of which something lies ready; by register and area.</summary>
    public async Task<IReadOnlyList<StandingReturn>> ReadAsync(
        OrganizationNumber unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select s.standing_return_id, s.register, s.area, s.from_year, s.due_on,
              s.withdrawn_at is not null as is_withdrawn, s.rested_at,
              p.package_id, p.records, p.bytes, p.made_at, p.fetched_at
            from quality.standing_return s
            left join quality.return_package p
              on p.standing_return_id = s.standing_return_id and p.removed_at is null
            where s.unit = @unit and (s.withdrawn_at is null or p.package_id is not null)
            order by s.register, s.area, s.ordered_at
            """,
            new { unit = unit.ToString() },
            cancellationToken: cancellation));
        return [.. rows.Select(row => row.Of(options.Value.ReturnLifetime))];
    }

    /// <summary>The areas the unit has sent something of.</summary>
    public async Task<IReadOnlyList<DeclaredArea>> AreasAsync(OrganizationNumber unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var sent = (await connection.QueryAsync<string>(new CommandDefinition(
            Sent, new { unit = unit.ToString() }, cancellationToken: cancellation)))
            .ToHashSet(StringComparer.Ordinal);
        return [.. declare.Areas.Where(area => area.Types.Any(sent.Contains))];
    }

    // From type to type in the index: one look for each, however much has been sent of it.
    internal const string Sent =
        """
        with recursive sent as (
          (select message_type from quality.submission
           where unit = @unit and outcome = 'in_register'
           order by message_type limit 1)
          union all
          (select next.message_type from sent, lateral (
             select message_type from quality.submission
             where unit = @unit and outcome = 'in_register' and message_type > sent.message_type
             order by message_type limit 1) as next)
        )
        select message_type from sent
        """;

    private sealed record Row(
        Guid StandingReturnId, string Register, string Area, int? FromYear, DateOnly DueOn, bool IsWithdrawn,
        DateTimeOffset? RestedAt, Guid? PackageId, long? Records, long? Bytes, DateTimeOffset? MadeAt,
        DateTimeOffset? FetchedAt)
    {
        public StandingReturn Of(TimeSpan lifetime) => new(
            StandingReturnId, new RegisterArea(StoredWord.All<RegisterCode>()[Register], Area),
            DataYear.TryFrom(FromYear ?? 0, out var from) ? from : null,
            IsWithdrawn || RestedAt is not null ? null : DueOn,
            !IsWithdrawn && RestedAt is { } rested ? Norwegian.Day(rested) : null,
            PackageId is { } package
                ? new ReturnPackage(
                    package, Records!.Value, Bytes!.Value, MadeAt!.Value, MadeAt.Value + lifetime, FetchedAt)
                : null);
    }
}
