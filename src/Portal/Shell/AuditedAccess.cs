using Kilde.Audit;
using Kilde.Platform.Databases;
using Kilde.Platform.SignIn;

namespace Kilde.Portal.Shell;

/// <summary>
/// Writes to the audit log what people do at the door (sign in, sign out, try pages that are not theirs) and what an
/// auditor reads.
/// </summary>
public sealed class AuditedAccess(RegisterDatabase database, AuditLog audit)
{
    public Task RecordAsync(SignInRecord record, CancellationToken cancellation) =>
        AppendAsync(
            record.UserId, record.Action, record.Reason ?? RolesInWords(record), count: 1, cancellation);

    public Task RecordRefusalAsync(SignedInUser user, string target, CancellationToken cancellation) =>
        AppendAsync(user.Id, "access.refused", target, count: 1, cancellation);

    /// <param name="rows">How many entries the auditor was shown.</param>
    public Task RecordLogReadAsync(SignedInUser user, string log, int rows, CancellationToken cancellation) =>
        AppendAsync(user.Id, "audit.read", log, rows, cancellation);

    /// <summary>Letters hold addresses and passwords, also where nothing really goes out.</summary>
    public Task RecordLettersReadAsync(SignedInUser user, int letters, CancellationToken cancellation) =>
        AppendAsync(user.Id, "letters.read", "outbox", letters, cancellation);

    private static string RolesInWords(SignInRecord record) =>
        record.Roles.Count == 0 ? "no role" : string.Join(' ', record.Roles);

    private async Task AppendAsync(
        string userId, string action, string subject, int count, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var ground = new AccessGround(Actor.User(userId), "portal");
        await audit.AppendAsync(transaction, [new AuditEntry(ground, action, subject, count)], cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
