using Npgsql;

namespace Kilde.Audit;

/// <summary>
/// The append-only log. Entries are written in the caller's own transaction: the act and its entry stand or fall
/// together. Each database that holds what must be audited has its own log.
/// </summary>
public sealed class AuditLog
{
    /// <summary>Appends the entries, chained to the log's newest entry, as part of the caller's transaction.</summary>
    public Task AppendAsync(
        NpgsqlTransaction transaction, IReadOnlyList<AuditEntry> entries, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
