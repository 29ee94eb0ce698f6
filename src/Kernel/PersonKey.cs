namespace Kilde.Kernel;

/// <summary>
/// The register's random 63-bit number for a person. It tells nothing about the person and changes only when
/// persons are merged or split in the vault.
/// </summary>
/// <remarks>
/// Negative keys are the reserved range of activity whose person is not known (<see cref="IsUnknownPerson"/>);
/// they are spread by the record so that they do not gather on one shard.
/// </remarks>
public readonly record struct PersonKey(long Value)
{
    public bool IsUnknownPerson => Value < 0;
}

/// <summary>
/// The key of one identifier in the vault. It never changes and stays on each record, so that a wrongly merged
/// person can be split again: the records follow the identifier they arrived with.
/// </summary>
public readonly record struct IdentifierKey(long Value);
