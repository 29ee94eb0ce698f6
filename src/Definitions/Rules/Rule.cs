using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Rules;

/// <summary>How grave it is to break a rule. None refuses the message: content is told, not turned away.</summary>
public enum RuleLevel
{
    /// <summary>Wrong: the record cannot be used as it stands, or counts wrongly.</summary>
    Error = 1,

    /// <summary>Probably wrong, or something the register needs is missing.</summary>
    Warning,

    /// <summary>Worth a look; often right.</summary>
    Notice,
}

/// <summary>
/// A content rule (R3.04): something a message of right structure may still have wrong, as data in
/// <c>definitions/rules/</c>.
/// </summary>
public sealed class Rule
{
    internal Rule(Condition check, Shape subjects)
    {
        Check = check;
        Subjects = subjects;
    }

    /// <summary><c>NPR-ORD-012</c>: register, area and number. Never reused.</summary>
    public required string Id { get; init; }

    /// <summary>What is wrong when the rule is broken, in bokmål, nynorsk and English.</summary>
    public required LocalizedText Text { get; init; }

    /// <summary>What should have stood there.</summary>
    public required LocalizedText Expected { get; init; }

    public required RuleLevel Level { get; init; }

    public required Mender Mender { get; init; }

    /// <summary>The first year whose data the rule is held against.</summary>
    public required int FirstDataYear { get; init; }

    public int? LastDataYear { get; init; }

    /// <summary>Where the rule comes from: a paragraph, a requirement, a guide.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// The record it looks at, as the message names it; null for a rule about the message itself or its reporting
    /// units.
    /// </summary>
    public string? Record { get; init; }

    /// <summary>True for a rule about the reporting units that the message names.</summary>
    public bool IsOfUnits { get; init; }

    /// <summary>What must be so for the rule to apply; all of them.</summary>
    internal IReadOnlyList<Condition> When { get; init; } = [];

    /// <summary>What must then hold.</summary>
    internal Condition Check { get; }

    /// <summary>What it is held against: the records, or each of a repeated element.</summary>
    internal Shape Subjects { get; }

    internal IReadOnlyList<RuleExample> Passing { get; init; } = [];

    internal IReadOnlyList<RuleExample> Failing { get; init; } = [];

    /// <summary>Made-up records that keep the rule, as its file writes them.</summary>
    public IEnumerable<IReadOnlyList<WrittenValue>> PassingExamples => Passing.Select(example => example.Written);

    /// <summary>Made-up records that break it.</summary>
    public IEnumerable<IReadOnlyList<WrittenValue>> FailingExamples => Failing.Select(example => example.Written);

    public Severity Severity => Level switch
    {
        RuleLevel.Error => Severity.Error,
        RuleLevel.Warning => Severity.Warning,
        _ => Severity.Information,
    };

    public bool IsOfYear(int year) => year >= FirstDataYear && !(year > LastDataYear);

    /// <summary>Leaves those that break the rule in the selection.</summary>
    /// <param name="held">Used on the way.</param>
    internal void KeepBroken(Table subjects, Selection among, Selection held)
    {
        foreach (var condition in When)
        {
            if (among.IsEmpty) return;
            condition.Keep(subjects, among);
        }

        if (among.IsEmpty) return;
        held.CopyFrom(among);
        Check.Keep(subjects, held);
        among.Remove(held);
    }
}

/// <summary>The rules of one message type, by the record they look at.</summary>
public sealed class RuleSet
{
    private readonly Dictionary<string, RecordRules> _ofTable;

    internal RuleSet(
        MessageType type, IEnumerable<RecordRules> ofRecords, RecordRules ofMessage, RecordRules ofUnits)
    {
        Type = type;
        _ofTable = ofRecords.ToDictionary(rules => rules.Record!.Table, StringComparer.Ordinal);
        OfMessage = ofMessage;
        OfUnits = ofUnits;
    }

    public MessageType Type { get; }

    public IEnumerable<Rule> All =>
        OfMessage.Rules.Concat(OfUnits.Rules).Concat(_ofTable.Values.SelectMany(rules => rules.Rules));

    /// <summary>Rules about the sending itself: its period, its contacts.</summary>
    internal RecordRules OfMessage { get; }

    /// <summary>Rules about each reporting unit that the message names, once where it is named.</summary>
    internal RecordRules OfUnits { get; }

    /// <summary>Null when nothing is asked of the record.</summary>
    internal RecordRules? Of(RecordType record) => _ofTable.GetValueOrDefault(record.Table);
}

/// <summary>The rules of one record type, and what they look at.</summary>
/// <param name="Record">Null for the message itself, and for its reporting units.</param>
/// <param name="Described">Conditions of other records' rules that refer to records of this type.</param>
internal sealed record RecordRules(
    RecordType? Record, RecordPaths Paths, IReadOnlyList<Rule> Rules, IReadOnlyList<ReferenceCondition> Described);
