using Dapper;
using Kilde.Audit;
using Npgsql;

namespace Kilde.Identity.Linking;

internal readonly record struct PersonMove(long IdentifierKey, long From, long To);

/// <summary>Why identifiers move. An attachment is the platform's own: a local number's person became known.</summary>
internal sealed record MoveCause(string Cause, AccessGround Ground, string Reason)
{
    public static MoveCause Attachment { get; } = new(
        "attach", new AccessGround(Actor.System("identity"), "Kobling av lokalt nummer"),
        "En melding ga pasientnummeret sammen med et fødselsnummer eller lignende.");

    /// <summary>A later identity message says another person.</summary>
    public static MoveCause Correction { get; } = new(
        "correct", new AccessGround(Actor.System("identity"), "Retting av pasientnummer"),
        "En nyere identitetsmelding fra institusjonen gir pasientnummeret til en annen person.");

    public static MoveCause Merge(AccessGround ground, string reason) => new("merge", ground, reason);

    public static MoveCause Split(AccessGround ground, string reason) => new("split", ground, reason);
}

/// <summary>Moves identifiers from person to person and tells of each move, numbered without gaps.</summary>
internal static class PersonMoves
{
    /// <param name="changeNo">The newest change; the caller holds its lock.</param>
    /// <returns>The newest change after this.</returns>
    public static async Task<long> WriteAsync(
        IReadOnlyList<PersonMove> moves, MoveCause cause, long changeNo, DateTimeOffset now, NpgsqlTransaction writer,
        CancellationToken cancellation)
    {
        if (moves.Count == 0) return changeNo;
        await writer.Connection!.ExecuteAsync(new CommandDefinition(
            Write,
            new
            {
                identifiers = moves.Select(move => move.IdentifierKey).ToArray(),
                froms = moves.Select(move => move.From).ToArray(),
                tos = moves.Select(move => move.To).ToArray(),
                numbers = Enumerable.Range(1, moves.Count).Select(i => changeNo + i).ToArray(),
                newest = changeNo + moves.Count,
                cause.Cause,
                now,
                actorKind = cause.Ground.Actor.Kind,
                actorId = cause.Ground.Actor.Id,
                cause.Ground.Purpose,
                cause.Ground.CaseReference,
                cause.Reason,
            },
            writer,
            cancellationToken: cancellation));
        return changeNo + moves.Count;
    }

    private const string Write =
        """
        update identity.identifier
        set person_key = moved.to_key
        from unnest(@identifiers, @tos) as moved (identifier_key, to_key)
        where identifier.identifier_key = moved.identifier_key;

        insert into identity.person_change (
          change_no, identifier_key, from_person_key, to_person_key, cause, changed_at, actor_kind, actor_id, purpose,
          case_reference, reason)
        select moved.change_no, moved.identifier_key, moved.from_key, moved.to_key, @Cause, @now, @actorKind, @actorId,
          @Purpose, @CaseReference, @Reason
        from unnest(@numbers, @identifiers, @froms, @tos) as moved (change_no, identifier_key, from_key, to_key);

        update identity.change_counter set change_no = @newest where change_counter_id = 1;
        """;
}
