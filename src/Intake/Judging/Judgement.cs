using Kilde.Definitions.Reading;

namespace Kilde.Intake.Judging;

/// <summary>What a message says of itself, and what it holds, as far as it could be read.</summary>
/// <param name="Institution">The first institution, as written.</param>
/// <param name="From">First day of the period.</param>
/// <param name="To">Last day of the period.</param>
/// <param name="Identities">Null for messages without identities.</param>
/// <param name="Tally">What the host had counted.</param>
internal sealed record Judgement(
    string? Institution, DateOnly? From, DateOnly? To, IReadOnlyList<ContactPerson> Contacts,
    IdentityFigures? Identities, string? Tally)
{
    /// <summary>The sender's own id of the message (lokalident); null when it has none.</summary>
    public string? LocalId { get; init; }

    /// <summary>What the next message of the queue may know of its parts; null for nothing new.</summary>
    public PartsMemory? Parts { get; init; }
}

/// <summary>How the identities of a message fared, as far as the message tells. Patient numbers, counted.</summary>
/// <param name="Valid">With a number of the right form.</param>
/// <param name="Unknown">Without.</param>
/// <param name="Duplicates">With a number that another patient number of the institution has too.</param>
public sealed record IdentityFigures(int Valid, int Unknown, int Duplicates);
