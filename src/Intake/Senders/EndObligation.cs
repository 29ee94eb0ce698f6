using Kilde.Audit;
using Kilde.Kernel;

namespace Kilde.Intake.Senders;

/// <summary>Ends a unit's reporting of a message type after a day.</summary>
public sealed class EndObligation
{
    /// <summary>False when the unit has no obligation for the type that is open on the day.</summary>
    public Task<bool> EndAsync(
        OrganizationNumber unit, string messageType, DateOnly lastDay, AccessGround ground,
        CancellationToken cancellation) => throw new NotSupportedException();
}
