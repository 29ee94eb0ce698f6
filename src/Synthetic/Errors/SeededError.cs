namespace Kilde.Synthetic;

/// <summary>What can be made wrong on purpose in a message.</summary>
public enum ErrorKind
{
    /// <summary>A fødselsnummer with one digit changed, so that its control digits do not hold.</summary>
    WrongIdentifier = 1,

    /// <summary>A code that is on no list.</summary>
    UnknownCode,

    /// <summary>A record without its own id.</summary>
    MissingRequired,

    /// <summary>A date in the year 3015.</summary>
    ImpossibleYear,

    /// <summary>Two records with the same id.</summary>
    DuplicateKey,

    /// <summary>The message ends in the middle.</summary>
    Truncated,

    /// <summary>Only the unit's own word for the kind of consultation, not mapped to the national code.</summary>
    UnmappedLocalCode,

    /// <summary>A word where a number belongs.</summary>
    WrongType,

    /// <summary>A unit whose organisation number has a wrong control digit.</summary>
    WrongUnit,
}

/// <summary>An error that was put into a message, for tests to find again.</summary>
/// <param name="Path">Where: a JSON Pointer; empty for the whole message.</param>
public sealed record SeededError(ErrorKind Kind, string Path);
