namespace Kilde.Kernel;

/// <summary>
/// Which identifiers an environment takes: a register of real people refuses synthetic numbers, and a test register
/// refuses real ones, so that neither ever holds the other's.
/// </summary>
/// <remarks>
/// There is no synthetic range for H-, FH- and DUF-numbers, so <see cref="Test"/> refuses them all; reading them is
/// tested with <see cref="Everything"/>.
/// </remarks>
public sealed record PersonIdentifierPolicy
{
    private PersonIdentifierPolicy(bool takesReal, bool takesSynthetic)
    {
        TakesReal = takesReal;
        TakesSynthetic = takesSynthetic;
    }

    /// <summary>
    /// Real people only. Month + 40 is read as an H-number, since NAV's test persons have no place here.
    /// </summary>
    public static PersonIdentifierPolicy Production { get; } = new(takesReal: true, takesSynthetic: false);

    /// <summary>Numbers with a synthetic marker only.</summary>
    public static PersonIdentifierPolicy Test { get; } = new(takesReal: false, takesSynthetic: true);

    /// <summary>Any well-formed identifier. For tools that store nothing; never for a register.</summary>
    public static PersonIdentifierPolicy Everything { get; } = new(takesReal: true, takesSynthetic: true);

    public bool TakesReal { get; }

    public bool TakesSynthetic { get; }

    /// <summary>
    /// The identifier as this environment reads it. False when the environment refuses it; then
    /// <paramref name="admitted"/> is not set.
    /// </summary>
    public bool TryAdmit(PersonIdentifier identifier, out PersonIdentifier admitted)
    {
        admitted = identifier;
        if (!TakesSynthetic && IsReadAsHelpNumber(identifier)) admitted = identifier.AsHelpNumber();
        var isTaken = admitted.Kind != PersonIdentifierKind.None && (admitted.IsSynthetic ? TakesSynthetic : TakesReal);
        if (!isTaken) admitted = default;
        return isTaken;
    }

    private static bool IsReadAsHelpNumber(PersonIdentifier identifier) => identifier is
        { Kind: PersonIdentifierKind.NationalIdentityNumber, Marker: SyntheticMarker.Dolly40 };
}
