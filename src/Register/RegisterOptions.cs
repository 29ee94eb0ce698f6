using System.ComponentModel.DataAnnotations;

namespace Kilde.Register;

/// <summary>Settings of the register; section <c>Register</c>.</summary>
public sealed class RegisterOptions
{
    /// <summary>
    /// Hash partitions of each record table and its history, counted. Read when a table is made; a table that
    /// stands keeps the number it has. 1 on Citus, where the shards divide the table already.
    /// </summary>
    [Range(1, 256)]
    public int Partitions { get; set; } = 16;

    /// <summary>Person changes taken from the vault in one batch, counted.</summary>
    [Range(1, 100_000)]
    public int PersonChangesMax { get; set; } = 20_000;

    /// <summary>
    /// Days a change stays in the feed at least, whoever has read it. One that a consumer has not passed stays longer.
    /// </summary>
    [Range(1, 3650)]
    public int FeedDaysMin { get; set; } = 90;
}
