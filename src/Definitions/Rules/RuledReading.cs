using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>
/// A reading whose rows pass the content rules on their way. The rules change nothing and refuse nothing: what they
/// find stands among the findings of the outcome.
/// </summary>
internal sealed class RuledReading(
    MessageReading inner, RuleSet rules, CodeSystemCatalogue codeSystems, ReadOptions options) : MessageReading
{
    private readonly RuleRun _run = new(rules, codeSystems, options);
    private MessageOutcome? _outcome;

    public override MessageType Type => inner.Type;

    public override MessageEnvelope? Envelope => inner.Envelope;

    public override bool IsBroken => inner.IsBroken;

    // A part with a breach is read each time, so that the breach is told each time.
    public override MessageParts? Parts
    {
        get
        {
            _run.Parts = inner.Parts;
            if (_run.Parts is { } parts) parts.Counts = _run.Unchecked;
            return _run.Parts;
        }
    }

    public override MessageOutcome Outcome => _outcome ??= Conclude(inner.Outcome);

    public override RecordBatch? Next()
    {
        var batch = inner.Next();
        if (batch is { Count: > 0 }) _run.Check(batch, inner.Envelope);
        return batch;
    }

    public override IdentityBatch? NextIdentities() => inner.NextIdentities();

    protected override void Dispose(bool isDisposing)
    {
        if (isDisposing) inner.Dispose();
        base.Dispose(isDisposing);
    }

    private MessageOutcome Conclude(MessageOutcome outcome)
    {
        // What could not be read as its type is not judged by the type's rules.
        if (!outcome.IsAccepted) return outcome;
        _run.Finish(inner.Envelope);
        return outcome with
        {
            Findings = [.. outcome.Findings, .. _run.Findings.Findings],
            FindingCount = (int)Math.Min(int.MaxValue, outcome.FindingCount + _run.Findings.Count),
            RuleCounts = [.. outcome.RuleCounts, .. _run.Findings.Counts],
            UncheckedSystems = _run.Unchecked.All,
        };
    }
}
