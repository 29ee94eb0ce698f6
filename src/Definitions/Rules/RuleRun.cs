using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>
/// Holds the rules of a type against one message, batch by batch as it is read. Not safe for many threads; one for each
/// message.
/// </summary>
internal sealed class RuleRun(RuleSet rules, CodeSystemCatalogue codeSystems, ReadOptions options)
{
    private readonly Dictionary<RecordType, RecordRun> _records = [];
    private readonly ReferenceLog _references = new();
    private readonly Selection _among = new();
    private readonly Selection _held = new();
    private bool _hangTogether;

    public RuleFindings Findings { get; } = new();

    public UncheckedCodes Unchecked { get; } = new(codeSystems);

    /// <summary>Set when somebody wants to know which parts of the message broke no rule.</summary>
    public MessageParts? Parts { get; set; }

    /// <param name="envelope">What the message tells about itself, as far as it is read.</param>
    public void Check(RecordBatch batch, MessageEnvelope? envelope)
    {
        if (rules.Of(batch.Type) is not { } own) return;
        if (!_records.TryGetValue(batch.Type, out var run))
            _records.Add(batch.Type, run = new RecordRun(own, rules.Type, _references, Unchecked, codeSystems));
        run.Scene.MoveTo(batch, MessageFacts.Of(envelope, options));
        foreach (var described in own.Described) _references.Describe(described, run.Scene.Records);

        foreach (var rule in own.Rules) Check(rule, run);

        // What one part describes or has done may be what another is held against: then none can be judged alone.
        var isToldToOthers = own.Described.Any(described => !described.IsOfPerson);
        if ((isToldToOthers || run.Scene.HasMemories) && batch.Parts?.Any(part => part > 0) == true)
            _hangTogether = true;
    }

    /// <summary>To be called when all is read.</summary>
    public void Finish(MessageEnvelope? envelope)
    {
        foreach (var own in (RecordRules[])[rules.OfMessage, rules.OfUnits])
        {
            if (own.Rules.Count == 0) continue;
            var run = new RecordRun(own, rules.Type, _references, Unchecked, codeSystems);
            run.Scene.MoveTo(batch: null, MessageFacts.Of(envelope, options));
            foreach (var rule in own.Rules) Check(rule, run);
        }

        if (_hangTogether) Parts?.SpoilAll();
        var byCondition = rules.All.Where(rule => rule.Check is ReferenceCondition).ToDictionary(rule => rule.Check);
        foreach (var unmet in _references.Unmets())
        {
            var rule = byCondition[unmet.Condition];
            foreach (var part in unmet.Parts) Parts?.Spoil(part);
            if (Findings.IsTold(rule)) Findings.Tell(rule, unmet.Place, ShownText.Of(unmet.Value), unmet.Count);
            else Findings.CountOnly(rule, unmet.Count);
        }
    }

    private void Check(Rule rule, RecordRun run)
    {
        var (first, last) = run.Years();
        if (rule.FirstDataYear > last || rule.LastDataYear < first) return;
        var subjects = run.Scene.TableOf(rule.Subjects);
        _among.SelectAll(subjects.Count);
        if (!rule.IsOfYear(first) || !rule.IsOfYear(last)) run.KeepYears(rule, subjects, _among);
        var asked = run.Scene.LaterDaysAsked;
        rule.KeepBroken(subjects, _among, _held);
        if (run.Scene.Batch is not null && run.Scene.LaterDaysAsked > asked && !HoldsForLaterMessages(rule))
            _hangTogether = true;
        if (_among.IsEmpty) return;
        foreach (var subject in _among) Tell(rule, subjects, subject);
    }

    // A part is known in a message of a later day too, if only later days can be no breach.
    private static bool HoldsForLaterMessages(Rule rule) =>
        rule is { When.Count: 0, Check: OrderCondition { HoldsForLaterMessages: true } };

    private void Tell(Rule rule, Table subjects, int subject)
    {
        Parts?.Spoil(subjects.PartOf(subject));
        if (!Findings.IsTold(rule))
        {
            Findings.CountOnly(rule);
            return;
        }

        var place = subjects.Scene.Places.Of(subjects, subject, rule.Check.PlaceOf(subjects, subject));
        Findings.Tell(rule, place, rule.Check.Shown(subjects, subject));
    }

    /// <summary>One record type, or the message itself, in this message.</summary>
    private sealed class RecordRun(
        RecordRules rules, MessageType type, ReferenceLog references, UncheckedCodes uncheckedCodes,
        CodeSystemCatalogue codeSystems)
    {
        private readonly Operand? _event = rules.Paths.Event;

        public Scene Scene { get; } = new(rules.Paths, new Places(type, rules.Record), references, codeSystems)
        {
            Unchecked = uncheckedCodes,
        };

        /// <summary>
        /// The first and the last year of the batch's data: the period's, or else by the day of each event. All years
        /// when neither is told.
        /// </summary>
        public (int First, int Last) Years()
        {
            if (Scene.Message.Year is { } year) return (year, year);
            if (_event is null || Scene.Batch is null) return (int.MinValue, int.MaxValue);
            var (first, last) = (int.MaxValue, int.MinValue);
            foreach (var moment in Scene.MomentsOf(_event.Item))
            {
                if (!moment.IsPresent) continue;
                first = Math.Min(first, moment.DayNumber);
                last = Math.Max(last, moment.DayNumber);
            }

            return first > last
                ? (int.MinValue, int.MaxValue)
                : (DateOnly.FromDayNumber(first).Year, DateOnly.FromDayNumber(last).Year);
        }

        public void KeepYears(Rule rule, Table subjects, Selection among)
        {
            if (_event is null) return;
            var moments = subjects.Moments(_event);
            foreach (var subject in among)
            {
                if (moments[subject].IsPresent && !rule.IsOfYear(moments[subject].Day.Year)) among.Remove(subject);
            }
        }
    }
}
