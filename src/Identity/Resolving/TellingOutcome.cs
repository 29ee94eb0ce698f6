namespace Kilde.Identity.Resolving;

/// <summary>What came of one line of an identity message.</summary>
internal enum TellingOutcome
{
    /// <summary>The patient number is known to be that person's.</summary>
    Known = 1,

    /// <summary>The patient number had no known person, and has one now.</summary>
    Linked,

    /// <summary>The patient number stood for another person.</summary>
    Corrected,

    /// <summary>It says another person than a newer message has said, and changes nothing.</summary>
    Overtaken,

    /// <summary>It tells no number that a person can be known by.</summary>
    NoNumber,
}
