using Dapper;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;

namespace Kilde.Quality.Caveats;

/// <summary>The caveats that stand.</summary>
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

    private sealed record CaveatRow(
        Guid CaveatId, string Unit, int DataYear, string Kind, string Reason, string RecordedBy,
        DateTimeOffset RecordedAt)
    {
        public Caveat Of() => new(
            CaveatId, Unit, DataYear, StoredWord.All<CaveatKind>()[Kind], Reason, RecordedBy, RecordedAt);
    }
}
