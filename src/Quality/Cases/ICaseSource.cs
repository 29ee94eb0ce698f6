using Kilde.Quality.Documents;

namespace Kilde.Quality.Cases;

/// <summary>Some cases in the order they ended, and where to go on.</summary>
/// <param name="Position">The source's own mark; null when nothing is new.</param>
/// <param name="HasMore">There is more to read at once.</param>
public sealed record CaseBatch(IReadOnlyList<FeedbackCase> Cases, string? Position, bool HasMore);

/// <summary>
/// Where cases come from. The host wires it to intake; a case may come twice, and is recorded once.
/// </summary>
public interface ICaseSource
{
    /// <summary>A short name that never changes: the position is kept under it.</summary>
    string Name { get; }

    /// <param name="position">Where the last batch ended; null from the beginning.</param>
    Task<CaseBatch> ReadAsync(string? position, int casesMax, CancellationToken cancellation);
}

/// <summary>The register's own counts, to hold a file against.</summary>
public interface IRegisterCounts
{
    /// <returns>Null when the register does not count this type of message.</returns>
    Task<RegisterCounts?> CountAsync(FeedbackCase subject, CancellationToken cancellation);

    /// <returns>Null until both halves of the year stand in the register.</returns>
    Task<PairCounts?> CountPairAsync(FeedbackCase subject, CancellationToken cancellation);
}
