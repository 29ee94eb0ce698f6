namespace Kilde.Host.Composition;

/// <summary>What one process does. Any set of roles can run together; <c>kilde up</c> runs them all.</summary>
[Flags]
public enum KildeRoles
{
    None = 0,

    /// <summary>Receives messages over HTTP. Holds no state: as many nodes as needed, behind a load balancer.</summary>
    Intake = 1,

    /// <summary>
    /// Merges accepted submissions, follows person changes, rotates keys, removes what has had its time.
    /// </summary>
    Worker = 2,

    /// <summary>Serves the pages.</summary>
    Portal = 4,

    All = Intake | Worker | Portal,
}
