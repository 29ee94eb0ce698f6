namespace Kilde.Synthetic;

/// <summary>How many messages get an error put in, and which.</summary>
/// <param name="Share">Share of messages with an error, 0–1.</param>
/// <param name="Weights">How often each kind among them; kinds that are left out do not occur.</param>
public sealed record ErrorMix(double Share, IReadOnlyDictionary<ErrorKind, int> Weights)
{
    public static ErrorMix None { get; } = new(0, new Dictionary<ErrorKind, int>());

    /// <summary>All kinds, those most often that the registers meet most often.</summary>
    public static ErrorMix Common(double share) => new(share, new Dictionary<ErrorKind, int>
    {
        [ErrorKind.WrongIdentifier] = 5,
        [ErrorKind.UnknownCode] = 5,
        [ErrorKind.UnmappedLocalCode] = 4,
        [ErrorKind.MissingRequired] = 3,
        [ErrorKind.DuplicateKey] = 2,
        [ErrorKind.ImpossibleYear] = 2,
        [ErrorKind.WrongType] = 2,
        [ErrorKind.Truncated] = 1,
        [ErrorKind.WrongUnit] = 1,
    });

    /// <summary>One kind only.</summary>
    public static ErrorMix Only(ErrorKind kind, double share) =>
        new(share, new Dictionary<ErrorKind, int> { [kind] = 1 });
}
