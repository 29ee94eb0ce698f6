using Kilde.Platform.Databases;

namespace Kilde.Audit.Verification;

/// <summary>When a log was last verified, and what came of it.</summary>
/// <param name="Findings">How much was wrong; 0 when the log was whole.</param>
public sealed record LastVerification(DateTimeOffset At, string ActorId, int Findings);

/// <summary>
/// Verifies a log for someone, and keeps who did it and what came of it: in the register's log, whichever log it was.
/// </summary>
public sealed class VerifyLog(AuditVerifier verifier, AuditLog audit, RegisterDatabase database)
{
    private const string Action = "audit.verified";
    private const string Purpose = "Kontroll av loggen";

    /// <param name="progress">Told how many entries have been read, and of about how many.</param>
    public async Task<AuditVerification> HandleAsync(
        AuditStore store, Actor actor, Action<long, long>? progress, CancellationToken cancellation)
    {
        var outcome = await verifier.VerifyAsync(store, progress, cancellation);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var ground = new AccessGround(actor, Purpose);
        await audit.AppendAsync(
            transaction, [new AuditEntry(ground, Action, store.Name, outcome.Findings.Count)], cancellation);
        await transaction.CommitAsync(cancellation);
        return outcome;
    }

    /// <returns>Null when the log has never been verified.</returns>
    public async Task<LastVerification?> FindLastAsync(AuditStore store, CancellationToken cancellation)
    {
        var register = new AuditStore(AuditStore.Register, database.Source);
        var newest = await SearchLog.HandleAsync(
            register, new LogQuery(Action: Action, Subject: store.Name, Limit: 1), cancellation);
        return newest is [var row] ? new LastVerification(row.OccurredAt, row.ActorId, row.Count) : null;
    }
}
