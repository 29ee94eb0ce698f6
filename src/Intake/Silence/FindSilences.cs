using Kilde.Intake.Overview;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Silence;

/// <summary>How it is known for certain that the register lacks something of a feed.</summary>
public enum LackCause
{
    /// <summary>The sender has told that it has more.</summary>
    Told = 1,

    /// <summary>There is a hole in its chain of notifications.</summary>
    Chain,
}

/// <summary>A feed that is silent now, or brings less than it should.</summary>
/// <param name="IsSilent">Nothing comes; else less than it should.</param>
/// <param name="Since">When it began.</param>
/// <param name="Expected">Records it would have sent since then.</param>
/// <param name="Got">Records it has sent.</param>
/// <param name="Chance">How likely it is that so few came by chance.</param>
public sealed record OpenSilence(
    OrganizationNumber Unit, string? UnitName, string MessageType, bool IsSilent, DateTimeOffset Since,
    DateTimeOffset FoundAt, double Expected, int Got, double Chance)
{
    /// <summary>How it is known that records are missing; null when it is the feed's rhythm that tells.</summary>
    public LackCause? Lack { get; init; }

    /// <summary>Records, or notifications of a chain, that are known to be missing.</summary>
    public int Lacking { get; init; }

    private const long OddsMax = 1_000_000_000;

    /// <summary>One in how many it is by chance, with one digit that counts; at most a thousand millions.</summary>
    public long OneIn
    {
        get
        {
            var odds = Chance * OddsMax <= 1 ? OddsMax : (long)Math.Round(1 / Chance);
            var size = 1L;
            while (size * 10 <= odds) size *= 10;
            return odds / size * size;
        }
    }
}

/// <summary>The feeds that are silent now, and those of which something is known to be missing.</summary>
public sealed class FindSilences(RegisterDatabase database)
{
    /// <summary>Those that have been silent longest first.</summary>
    /// <param name="units">Null for all.</param>
    public async Task<IReadOnlyList<OpenSilence>> FindAsync(
        IReadOnlyCollection<OrganizationNumber>? units, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            select s.unit, u.name, s.message_type, s.is_silent, s.since, s.found_at, s.expected, s.got, s.chance,
              s.cause, s.lacking
            from (
              select unit, message_type, is_silent, since, found_at, expected, got, chance, null as cause, 0 as lacking
              from intake.silence
              where closed_at is null
              union all
              select unit, message_type, false, min(since), max(found_at), 0, 0, 0, cause, sum(records)::integer
              from intake.lack
              where closed_at is null
              group by unit, message_type, cause) as s
            left join intake.sender u on u.unit = s.unit
            where @units::text[] is null or s.unit = any(@units)
            order by s.since, s.unit, s.message_type, s.cause
            """);
        command.Parameters.Add(new NpgsqlParameter("units", NpgsqlDbType.Array | NpgsqlDbType.Text)
        {
            Value = units is null ? DBNull.Value : units.Select(unit => unit.ToString()).ToArray(),
        });
        var silences = new List<OpenSilence>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            silences.Add(new OpenSilence(
                OrganizationNumber.Parse(row.GetString(0)), row.Text(1), row.GetString(2), row.GetBoolean(3),
                row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5), row.GetDouble(6),
                row.GetInt32(7), row.GetDouble(8))
            {
                Lack = row.Text(9) switch { "told" => LackCause.Told, "chain" => LackCause.Chain, _ => null },
                Lacking = row.GetInt32(10),
            });
        }

        return silences;
    }
}
