using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;

namespace Kilde.Quality.FollowUps;

/// <summary>Who acts, as the identity provider vouched for them.</summary>
public sealed record FollowUpActor(AccessGround Ground, string Name);

/// <summary>What is wrong with a note.</summary>
public enum NoteMistake
{
    TooLong,

    /// <summary>There is the number of a person in it.</summary>
    NamesPerson,

    Empty,
}

/// <summary>
/// Register staff take a unit that is to be followed up, say something about it, and are done with it. Audited in the
/// same transaction.
/// </summary>
public sealed class RecordFollowUp(RegisterDatabase database, AuditLog audit, TimeProvider clock)
{
    public const int NoteCharactersMax = 500;

    /// <summary>What is wrong with a note; null when nothing is.</summary>
    public static NoteMistake? MistakeIn(FollowUpKind kind, string? note)
    {
        if (note?.Length > NoteCharactersMax) return NoteMistake.TooLong;
        if (note is not null && IdentifierInText.IsIn(note)) return NoteMistake.NamesPerson;
        return kind == FollowUpKind.Noted && string.IsNullOrWhiteSpace(note) ? NoteMistake.Empty : null;
    }

    /// <param name="note">1–500 characters without any person's number; null when nothing is said.</param>
    public async Task ActAsync(
        OrganizationNumber unit, FollowUpReason reason, FollowUpKind kind, string? note, FollowUpActor actor,
        CancellationToken cancellation)
    {
        var said = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        if (MistakeIn(kind, said) is { } mistake)
            throw new ArgumentException($"The note is refused: {mistake}.", nameof(note));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into quality.follow_up_event (unit, reason, kind, note, actor_id, actor_name, occurred_at)
            values (@unit, @reason, @kind, @said, @id, @name, @now)
            """,
            new
            {
                unit = unit.ToString(), reason = StoredWord.Of(reason), kind = StoredWord.Of(kind), said,
                id = actor.Ground.Actor.Id, name = actor.Name, now = clock.GetUtcNow(),
            },
            transaction,
            cancellationToken: cancellation));
        var entry = new AuditEntry(actor.Ground, $"follow_up.{StoredWord.Of(kind)}", $"{unit} {StoredWord.Of(reason)}");
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
