using System.Security.Cryptography;
using Npgsql;

namespace Kilde.Intake.Merging;

/// <summary>
/// Why a submission was set aside: a code that never changes, and the kind of fault. No text of an exception.
/// </summary>
/// <param name="Code"><c>INT-1nn</c>.</param>
/// <param name="Type">Type of the exception, and the database's own code where it has one.</param>
internal sealed record MergeCause(string Code, string Type)
{
    /// <summary>The payload is gone.</summary>
    public static MergeCause PayloadMissing { get; } = new("INT-101", "Payload");

    /// <summary>The definition it was accepted under is no longer in the catalogue.</summary>
    public static MergeCause DefinitionMissing { get; } = new("INT-103", "Definition");

    /// <summary>The definition has changed so that it no longer accepts the message.</summary>
    public static MergeCause NoLongerAccepted { get; } = new("INT-104", "Definition");

    /// <summary>
    /// It was replayed, and a later submission of its queue cannot be read any more, or replaces it as a whole.
    /// </summary>
    public static MergeCause OvertakenWhole { get; } = new("INT-105", "Overtaken");

    /// <summary>It was received, and judging it failed.</summary>
    public static MergeCause NotJudged(Exception exception) => Of(exception) with { Code = "INT-106" };

    public static MergeCause Of(Exception exception) => exception switch
    {
        // The payload does not open: wrong bytes, or its key is gone.
        CryptographicException => new("INT-102", exception.GetType().Name),
        PostgresException postgres => new("INT-110", $"{nameof(PostgresException)} {postgres.SqlState}"),
        _ => new("INT-110", exception.GetType().Name),
    };
}
