using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Log;
using Kilde.Kernel;

namespace Kilde.Intake.Senders;

/// <summary>Which units may send which types, through which vendor, from when to when (R1.06, R1.12).</summary>
public sealed class SenderDirectory
{
    /// <summary>True when the unit is configured for the type on the day, and for the vendor that sends for it.</summary>
    public ValueTask<bool> MaySendAsync(
        Submitter submitter, MessageType type, DateOnly on, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>
    /// One error for each block whose organisation number belongs neither to the unit, its enterprise nor its sub-units.
    /// </summary>
    public ValueTask<IReadOnlyList<Finding>> CheckUnitsAsync(
        Submitter submitter, MessageContent content, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
