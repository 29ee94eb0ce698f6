using Kilde.Kernel;

namespace Kilde.Register.Reading;

/// <summary>One version of a record, and when the register knew it so.</summary>
/// <param name="Sender">The reporting unit as it names itself; most often an organisation number.</param>
/// <param name="Until">When it ceased to stand; null while it stands.</param>
/// <param name="EndedBy"><c>replaced</c>, <c>deleted</c>, <c>moved</c> or <c>gone</c>; null while it stands.</param>
/// <param name="Values">The columns of the definition, in table order; null where the record has none.</param>
public sealed record RecordVersion(
    Guid RecordKey, PersonKey Person, string Sender, string Unit, string LocalId, Guid SubmissionId,
    DateOnly ExtractedOn, long BatchNo, DateTimeOffset Since, DateTimeOffset? Until, string? EndedBy,
    IReadOnlyList<KeyValuePair<string, object?>> Values)
{
    /// <summary>The sensitive class that holds it apart; null when it stands in the register.</summary>
    public string? Class { get; init; }

    /// <summary>False for items that a class holds of a record that stands in the register.</summary>
    public bool IsWhole { get; init; } = true;
}
