namespace Kilde.Kernel;

/// <summary>How one record names its person. Lives only between the reader and the vault.</summary>
/// <param name="Primary">The strongest one: fødselsnummer, then D-number, then the rest. Default when none.</param>
/// <param name="Others">Further identifiers of the same person in the same record.</param>
/// <param name="LocalId">The sender's own patient number, meaningful only within the sender.</param>
public readonly record struct RowPerson(
    PersonIdentifier Primary, IReadOnlyList<PersonIdentifier>? Others = null, string? LocalId = null)
{
    public bool HasIdentifier => Primary.Kind != PersonIdentifierKind.None;

    public override string ToString() => "***";
}
