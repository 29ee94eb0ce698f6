using Kilde.Audit;
using Kilde.Definitions.Model;

namespace Kilde.Register.Comparing;

/// <summary>Whose records of which kind are compared. The one who asks must be the sender.</summary>
/// <param name="Sender">The reporting unit as the records have it.</param>
/// <param name="Ground">On what ground local ids are told; each time is in the audit log.</param>
public sealed record ComparedRecords(RecordType Type, string Sender, AccessGround Ground)
{
    /// <summary>The message type whose whole years are compared; null where messages hold changes.</summary>
    public string? YearsOf { get; init; }

    public static ComparedRecords Of(MessageType message, RecordType type, string sender, AccessGround ground) =>
        new(type, sender, ground) { YearsOf = RecordDigests.IsOfYears(message) ? message.Name : null };
}
