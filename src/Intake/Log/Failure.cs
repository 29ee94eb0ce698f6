using System.Net.Sockets;
using Npgsql;

namespace Kilde.Intake.Log;

/// <summary>What an exception from the database tells about trying again.</summary>
internal enum FailureKind
{
    /// <summary>The same will fail again: the content, or a fault in our code.</summary>
    Fault = 1,

    /// <summary>Two transactions were in each other's way, or it took too long: the same may succeed.</summary>
    Contention,

    /// <summary>The database does not answer. Nothing is wrong with what we asked.</summary>
    Outage,
}

internal static class Failure
{
    public static FailureKind KindOf(Exception exception) => exception switch
    {
        // 40: rolled back for another; 55P03: lock not available; 57014: cancelled, by a statement timeout.
        PostgresException { SqlState: "55P03" or "57014" } => FailureKind.Contention,
        PostgresException { SqlState: ['4', '0', ..] } => FailureKind.Contention,

        // 08: connection; 53: out of memory, disk or connections; 57P: shut down; 58: the disk; 25006: a standby.
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] or ['5', '7', 'P', ..] or ['5', '8', ..]
            or "25006" } =>
            FailureKind.Outage,
        PostgresException => FailureKind.Fault,
        NpgsqlException { InnerException: TimeoutException } => FailureKind.Contention,
        TimeoutException or OperationCanceledException => FailureKind.Contention,
        NpgsqlException or SocketException or IOException => FailureKind.Outage,
        _ => FailureKind.Fault,
    };
}
