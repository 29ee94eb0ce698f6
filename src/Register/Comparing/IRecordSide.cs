namespace Kilde.Register.Comparing;

/// <summary>
/// The other side of a comparison, as <see cref="FindDifferences"/> asks it: the register itself, or the register
/// behind its API.
/// </summary>
public interface IRecordSide
{
    /// <summary>All its records in the months, place by place.</summary>
    /// <exception cref="DigestsBeingMadeException">Whole years are large, and are asked for again.</exception>
    Task<IReadOnlyDictionary<DigestPlace, DigestSum>> SumPlacesAsync(
        RecordMonth from, RecordMonth to, CancellationToken cancellation);

    /// <summary>The 2 to the <paramref name="split"/> children of each part, in order.</summary>
    Task<IReadOnlyList<DigestSum[]>> SumChildrenAsync(
        IReadOnlyList<DigestNode> nodes, int split, CancellationToken cancellation);

    /// <summary>The records of each part.</summary>
    Task<IReadOnlyList<IReadOnlyList<RecordDigest>>> ListAsync(
        IReadOnlyList<DigestNode> nodes, CancellationToken cancellation);

    /// <summary>The local ids of records, in their order; null for one that is no longer there.</summary>
    Task<IReadOnlyList<string?>> NameAsync(
        IReadOnlyList<(DigestPlace Place, ulong Id)> records, CancellationToken cancellation);
}

/// <summary>Digests of a year take longer to make than a question waits: some are made, and the next goes on.</summary>
public sealed class DigestsBeingMadeException() : Exception("Digests of a year are being made. Ask again.");
