namespace Kilde.Intake.Log;

/// <summary>
/// The durable, encrypted log of what came in. Concurrent messages share one transaction: the log is written in
/// batches, and a message is answered when its batch is on disk.
/// </summary>
public sealed class IntakeLog
{
    public Task<StoreOutcome> StoreAsync(AcceptedMessage message, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<StoreOutcome> StoreAsync(RefusedMessage message, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
