using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Kilde.Quality.Overview;

namespace Kilde.Quality.Caveats;

/// <summary>The caveats that stand, and those that have been undone.</summary>
public sealed class FindCaveats(RegisterDatabase database)
{
    /// <param name="year">Null for all years.</param>
    /// <param name="units">As they call themselves in their messages; null for all.</param>
    public async Task<IReadOnlyList<Caveat>> ReadAsync(
        int? year, IReadOnlyCollection<string>? units, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<CaveatRow>(new CommandDefinition(
            """
            select caveat_id, unit, data_year, kind, reason, recorded_by, recorded_at from quality.caveat
            where undone_at is null and (@year::integer is null or data_year = @year)
              and (@units::text[] is null or unit = any(@units))
            order by data_year desc, unit, recorded_at
            """,
            new { year, units = units?.ToArray() },
            cancellationToken: cancellation));
        return [.. rows.Select(row => row.Of())];
    }

    /// <summary>Those that stand of a reporting unit's data year, whatever it calls itself in its messages.</summary>
    public async Task<IReadOnlyList<Caveat>> OfUnitAsync(
        OrganizationNumber unit, DataYear year, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var names = await connection.QueryAsync<string>(new CommandDefinition(
            UnitNames.OfUnit, new { unit = unit.ToString() }, cancellationToken: cancellation));
        return await ReadAsync(year.Year, [.. names], cancellation);
    }

    /// <summary>Those that no longer stand, the last undone first.</summary>
    public async Task<IReadOnlyList<UndoneCaveat>> UndoneAsync(int rowsMax, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<UndoneRow>(new CommandDefinition(
            """
            select caveat_id, unit, data_year, kind, reason, recorded_by, recorded_at, undone_reason, undone_by,
              undone_at
            from quality.caveat where undone_at is not null
            order by undone_at desc
            limit @rowsMax
            """,
            new { rowsMax },
            cancellationToken: cancellation));
        return
        [
            .. rows.Select(row => new UndoneCaveat(
                new CaveatRow(
                    row.CaveatId, row.Unit, row.DataYear, row.Kind, row.Reason, row.RecordedBy, row.RecordedAt).Of(),
                row.UndoneReason, row.UndoneBy, row.UndoneAt)),
        ];
    }

    private sealed record UndoneRow(
        Guid CaveatId, string Unit, int DataYear, string Kind, string Reason, string RecordedBy,
        DateTimeOffset RecordedAt, string UndoneReason, string UndoneBy, DateTimeOffset UndoneAt);

    private sealed record CaveatRow(
        Guid CaveatId, string Unit, int DataYear, string Kind, string Reason, string RecordedBy,
        DateTimeOffset RecordedAt)
    {
        public Caveat Of() => new(
            CaveatId, Unit, DataYear, StoredWord.All<CaveatKind>()[Kind], Reason, RecordedBy, RecordedAt);
    }
}
