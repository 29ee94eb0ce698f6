using Dapper;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Register.Chains;

/// <summary>
/// Finds what is missing in chains of notifications. Nothing is written down: a hole is told while it is there, and is
/// gone when what was missing has come.
/// </summary>
public sealed class FindChainHoles(RegisterDatabase database)
{
    /// <summary>Holes told at once; a sender with more has lost its chain.</summary>
    public const int HolesMax = 1_000;

    /// <param name="sender">Null for every sender.</param>
    /// <returns>What can still be closed first; by sender, type and number.</returns>
    public async Task<IReadOnlyList<ChainHole>> FindAsync(string? sender, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await FindAsync(
            connection, transaction: null,
            new { sender, type = (string?)null, first = 0L, last = long.MaxValue, HolesMax },
            cancellation);
    }

    /// <summary>Senders of chains to which something has come since a time.</summary>
    public async Task<IReadOnlyList<string>> FindGrownAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var senders = await connection.QueryAsync<string>(new CommandDefinition(
            "select distinct sender from register.chain_link where came_at >= @since",
            new { since = since.UtcDateTime },
            cancellationToken: cancellation));
        return senders.AsList();
    }

    /// <summary>Holes at the ends of what a submission brought, and originals it names that have not come.</summary>
    /// <param name="first">The lowest number of its links.</param>
    /// <param name="last">The highest.</param>
    internal static Task<IReadOnlyList<ChainHole>> FindAroundAsync(
        NpgsqlTransaction transaction, string sender, string type, long first, long last,
        CancellationToken cancellation) =>
        FindAsync(transaction.Connection!, transaction, new { sender, type, first, last, HolesMax }, cancellation);

    private static async Task<IReadOnlyList<ChainHole>> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, object which, CancellationToken cancellation)
    {
        var holes = await connection.QueryAsync<ChainHole>(new CommandDefinition(
            Find, which, transaction, cancellationToken: cancellation));
        return holes.AsList();
    }

    // From the neighbour below to the neighbour above: a link is held against the one before it by number.
    private const string Find =
        """
        with ordered as (
          select sender, message_type, link_id, original_id, previous_id, serial, submission_id, came_at,
            lag(link_id) over chain as before_link, lag(serial) over chain as before_serial
          from register.chain_link
          where (@sender::text is null or sender = @sender) and (@type::text is null or message_type = @type)
            and serial >= coalesce((
              select max(serial) from register.chain_link
              where sender = @sender and message_type = @type and serial < @first), 0)
            and serial <= coalesce((
              select min(serial) from register.chain_link
              where sender = @sender and message_type = @type and serial > @last), @last)
          window chain as (partition by sender, message_type order by serial, link_id)
        ), judged as (
          select *, case
            when before_link is null then case
              when previous_id <> '00000000-0000-0000-0000-000000000000' and not exists (
                select from register.chain_link lower
                where lower.sender = ordered.sender and lower.message_type = ordered.message_type
                  and lower.serial < ordered.serial)
              then 5 end
            when serial = before_serial then 4
            when previous_id = before_link and serial > before_serial + 1 then 3
            when previous_id <> before_link and serial = before_serial + 1 then 2
            when previous_id <> before_link then 1
          end as kind, previous_id as named
          from ordered
          union all
          select ordered.sender, ordered.message_type, ordered.link_id, ordered.original_id, ordered.previous_id,
            ordered.serial, ordered.submission_id, ordered.came_at, null, null,
            case when original.link_id is null then 6 else 7 end, ordered.original_id
          from ordered
          left join register.chain_link original on original.sender = ordered.sender
            and original.message_type = ordered.message_type and original.link_id = ordered.original_id
          where ordered.original_id <> ordered.link_id and (original.link_id is null or original.status <> 'N')
        )
        select judged.sender, judged.message_type, judged.kind, judged.link_id as link, judged.serial,
          judged.before_link, judged.before_serial, judged.named, judged.submission_id, judged.came_at as found_at
        from judged
        where judged.kind is not null
        order by judged.kind = 7, judged.sender, judged.message_type, judged.serial, judged.kind
        limit @HolesMax
        """;
}
