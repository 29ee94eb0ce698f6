using Kilde.Definitions.Model;
using Kilde.Intake.Log;

namespace Kilde.Intake.Senders;

/// <summary>Which units may send which types, through which vendor, from when to when (R1.06, R1.12).</summary>
public sealed class SenderDirectory
{
    /// <summary>True when the unit is configured for the type on the day, and for the vendor that sends for it.</summary>
    public Task<bool> MaySendAsync(
        Submitter submitter, MessageType type, DateOnly on, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
