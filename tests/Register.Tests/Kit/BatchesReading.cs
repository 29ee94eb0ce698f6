using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;

namespace Kilde.Register.Tests.Kit;

/// <summary>A message that is read batch by batch, made by hand.</summary>
/// <param name="betweenAsync">Done before each batch, and before the end is told; gets the number of the batch.</param>
internal sealed class BatchesReading(
    MessageType type, IReadOnlyList<RecordBatch> batches, bool isAccepted = true, Func<int, Task>? betweenAsync = null)
    : MessageReading
{
    private int _identitiesGiven;

    public int Given { get; private set; }

    public IReadOnlyList<IdentityBatch> Identities { get; init; } = [];

    public override MessageType Type => type;

    public override MessageEnvelope? Envelope => null;

    public override MessageOutcome Outcome => new(isAccepted, [], 0, batches.Sum(batch => batch.Count), 0);

    public override RecordBatch? Next()
    {
        betweenAsync?.Invoke(Given).GetAwaiter().GetResult();
        return Given < batches.Count ? batches[Given++] : null;
    }

    public override IdentityBatch? NextIdentities() =>
        _identitiesGiven < Identities.Count ? Identities[_identitiesGiven++] : null;
}
