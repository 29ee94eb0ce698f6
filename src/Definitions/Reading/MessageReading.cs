using System.Globalization;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>
/// One message being read, batch by batch, in memory that does not grow with its size. Rows come before the verdict: a
/// fault that refuses the message may stand at its very end, so rows are kept only when the outcome is that it was
/// accepted.
/// </summary>
public abstract class MessageReading : IDisposable
{
    public abstract MessageType Type { get; }

    /// <summary>
    /// What the message tells about itself; null for formats where it stands outside. Period and serial are there with
    /// the first batch, contact persons when all is read.
    /// </summary>
    public abstract MessageEnvelope? Envelope { get; }

    /// <summary>
    /// The parts of the message, for who asks before the first batch; null when it has none that stand for themselves.
    /// </summary>
    public virtual MessageParts? Parts => null;

    /// <summary>
    /// True when nobody can read the message beyond where it is; the verdict is then that it is refused, and why.
    /// </summary>
    public virtual bool IsBroken => false;

    /// <summary>The verdict. Throws <see cref="InvalidOperationException"/> before all batches are read.</summary>
    public abstract MessageOutcome Outcome { get; }

    /// <summary>The next rows, all of one record type; null when there are no more.</summary>
    public abstract RecordBatch? Next();

    /// <summary>
    /// The next identities of a type that has them (<see cref="MessageType.HasIdentities"/>); null when there are no
    /// more.
    /// </summary>
    public abstract IdentityBatch? NextIdentities();

    /// <summary>Reads what is left and keeps nothing of it but the verdict.</summary>
    public MessageOutcome ReadToEnd()
    {
        while (Next() is not null || NextIdentities() is not null)
        {
        }

        return Outcome;
    }

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
    }

    /// <summary>A message that was read as a whole, taken in the same way as one that is read in batches.</summary>
    public static MessageReading Of(MessageContent content) => new WholeMessage(content);

    private sealed class WholeMessage(MessageContent content) : MessageReading
    {
        private int _next;

        public override MessageType Type => content.Type;

        public override MessageEnvelope? Envelope => null;

        public override MessageOutcome Outcome => new(
            content.IsAccepted, content.Findings, content.FindingCount, content.RecordCount, content.DroppedCount)
        {
            RuleCounts = content.RuleCounts,
        };

        public override RecordBatch? Next() => _next < content.Batches.Count ? content.Batches[_next++] : null;

        public override IdentityBatch? NextIdentities() => null;
    }
}

/// <summary>The verdict on a message, when all of it has been read.</summary>
/// <param name="IsAccepted">False when a finding refuses the whole message: its rows are thrown away.</param>
/// <param name="Findings">The findings that are kept; those that refuse the message among them.</param>
/// <param name="FindingCount">All findings.</param>
/// <param name="RecordCount">Records in the message, dropped ones included.</param>
/// <param name="DroppedCount">Records left out because of a fault the definition answers so.</param>
public sealed record MessageOutcome(
    bool IsAccepted, IReadOnlyList<Finding> Findings, int FindingCount, int RecordCount, int DroppedCount)
{
    /// <summary>
    /// How often each rule was broken, by rule id; empty when none was. Of each rule only the first breaches stand
    /// among the findings.
    /// </summary>
    public IReadOnlyList<RuleCount> RuleCounts { get; init; } = [];

    /// <summary>Code systems of years that the installation does not have: no code of them was checked.</summary>
    public IReadOnlyList<UncheckedSystem> UncheckedSystems { get; init; } = [];

    /// <summary>The same as findings: they refuse nothing, and say that silence is not correctness.</summary>
    public IReadOnlyList<Finding> Remarks =>
        [.. UncheckedSystems.Select(system => system.Tell())];
}

/// <summary>Codes of one code system and year that nobody checked.</summary>
/// <param name="Letter">Of Volven 8410.</param>
public sealed record UncheckedSystem(string Letter, string Title, int Year, long Codes)
{
    public Finding Tell() => new(
        ReadingRules.NotChecked.Id, ReadingRules.NotChecked.Severity, "/",
        string.Format(
            CultureInfo.InvariantCulture, ReadingRules.NotChecked.Text, $"Koder i {Title} ({Letter}) for {Year}",
            Codes));
}

/// <summary>How often a rule was broken in a message; the same fault is graver in some fields.</summary>
public sealed record RuleCount(string RuleId, Severity Severity, long Count);
