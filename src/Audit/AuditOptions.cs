using System.ComponentModel.DataAnnotations;

namespace Kilde.Audit;

/// <summary>Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>The name of this node's chains. Nodes with the same name wait for each other, but do no harm.</summary>
    [Required, RegularExpression("^[a-z0-9][a-z0-9.-]{0,59}$")]
    public string Writer { get; init; } = "node";

    /// <summary>How many transactions of this node can append at the same time.</summary>
    [Range(1, 64)]
    public int Stripes { get; init; } = 4;

    /// <summary>Seconds between signed checkpoints. What is cut off the end since the last is not seen.</summary>
    [Range(1, 3600)]
    public int CheckpointSeconds { get; init; } = 60;

    /// <summary>
    /// A file outside the database to which each checkpoint is also appended; best on a medium that cannot be
    /// rewritten. Empty keeps checkpoints in the database only, and then whoever can delete there can cut off both the
    /// newest entries and the checkpoints over them.
    /// </summary>
    public string AnchorFile { get; init; } = "";
}
