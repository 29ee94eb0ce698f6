using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Quality.Checks;

/// <summary>
/// What people do with findings: the sender sees and explains, register staff accept and reopen. None of it closes one:
/// data do (R7.05).
/// </summary>
public sealed class AnswerFinding(RegisterDatabase database, AuditLog audit, TimeProvider clock)
{
    public const int AnswerCharactersMax = 500;

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    public static LocalizedText? MistakeIn(string answer)
    {
        if (answer.Length is 0 or > AnswerCharactersMax)
        {
            return new LocalizedText(
                $"Skriv hvorfor, med høyst {AnswerCharactersMax} tegn.",
                $"Skriv kvifor, med høgst {AnswerCharactersMax} teikn.",
                $"Write why, in at most {AnswerCharactersMax} characters.");
        }

        return IdentifierInText.IsIn(answer)
            ? new LocalizedText(
                "Svaret holder et fødselsnummer, D-nummer eller hjelpenummer. Skriv aldri noe om en person.",
                "Svaret inneheld eit fødselsnummer, D-nummer eller hjelpenummer. Skriv aldri noko om ein person.",
                "The answer holds a national identity number, D number or help number. Never write of a person.")
            : null;
    }

    /// <summary>The sender has opened it. Only one that is open is marked.</summary>
    public Task<bool> SeeAsync(
        Guid findingId, OrganizationNumber unit, AccessGround ground, CancellationToken cancellation) =>
        ActAsync(
            new Act(findingId, unit, [FindingState.Open], FindingState.Seen, "seen"), ground, cancellation);

    /// <summary>The sender says why.</summary>
    /// <param name="answer">1–500 characters, never of a person.</param>
    /// <returns>False when it is not there, another's, or closed.</returns>
    public Task<bool> ExplainAsync(
        Guid findingId, OrganizationNumber? unit, FindingCause cause, string answer, AccessGround ground,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(answer.Length, Math.Clamp(answer.Length, 1, AnswerCharactersMax));
        return ActAsync(
            new Act(
                findingId, unit, [FindingState.Open, FindingState.Seen, FindingState.Explained],
                FindingState.Explained, "explained")
            { Cause = cause, Answer = answer },
            ground, cancellation);
    }

    /// <summary>Register staff take it as it is, with a reason.</summary>
    public Task<bool> AcceptAsync(
        Guid findingId, string reason, AccessGround ground, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(reason.Length, Math.Clamp(reason.Length, 1, AnswerCharactersMax));
        return ActAsync(
            new Act(
                findingId, null, [FindingState.Open, FindingState.Seen, FindingState.Explained],
                FindingState.Accepted, "accepted")
            { Answer = reason },
            ground, cancellation);
    }

    /// <summary>Register staff regret: what was accepted or explained is open again.</summary>
    public Task<bool> ReopenAsync(Guid findingId, AccessGround ground, CancellationToken cancellation) =>
        ActAsync(
            new Act(
                findingId, null, [FindingState.Explained, FindingState.Accepted], FindingState.Open, "reopened"),
            ground, cancellation);

    private async Task<bool> ActAsync(Act act, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await WriteAsync(act, ground, transaction, cancellation)) return false;
        var entry = new AuditEntry(ground, $"finding.{act.Event}", act.FindingId.ToString());
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task<bool> WriteAsync(
        Act act, AccessGround ground, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"""
            with changed as (
              update quality.finding f
              set state = @to, changed_at = @now, cause = coalesce(@cause, cause), answer = coalesce(@answer, answer)
              where finding_id = @findingId and state = any(@from) and {FindFindings.MayBeSeen}
              returning finding_id
            )
            insert into quality.finding_event (finding_id, kind, detail, actor, occurred_at)
            select finding_id, @event, @answer, @actor, @now from changed
            """,
            new
            {
                act.FindingId,
                unit = act.Unit?.ToString(),
                from = act.From.Select(FindingTable.NameOf).ToArray(),
                to = FindingTable.NameOf(act.To),
                cause = act.Cause is { } cause ? FindingTable.NameOf(cause) : null,
                act.Answer,
                @event = act.Event,
                actor = ground.Actor.Id,
                now = clock.GetUtcNow(),
            },
            transaction,
            cancellationToken: cancellation)) > 0;

    private sealed record Act(
        Guid FindingId, OrganizationNumber? Unit, IReadOnlyList<FindingState> From, FindingState To, string Event)
    {
        public FindingCause? Cause { get; init; }

        public string? Answer { get; init; }
    }
}
