using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Unicode;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Model;
using Kilde.Definitions.Rules;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Reads messages of one type: structure, codes and content in one pass over the bytes. Made once per type; safe for
/// many threads.
/// </summary>
public sealed class MessageReader
{
    /// <summary>
    /// A state that has held more records than this is let go, so that one big message does not keep its memory.
    /// </summary>
    private const int KeptRecordsMax = 16_384;

    private readonly MessagePlan _plan;
    private readonly ConcurrentBag<ReadState> _states = [];

    private readonly RuleSet? _rules;
    private readonly CodeSystemCatalogue _codeSystems;

    public MessageReader(MessageType type)
        : this(type, rules: null, CodeSystemCatalogue.Empty)
    {
    }

    internal MessageReader(MessageType type, RuleSet? rules, CodeSystemCatalogue codeSystems)
    {
        _plan = new MessagePlan(type);
        _rules = rules;
        _codeSystems = codeSystems;
    }

    public MessageType Type => _plan.Type;

    /// <summary>
    /// Everything the message holds and everything wrong with it. Any bytes at all give an answer: what is wrong is a
    /// finding, never an exception.
    /// </summary>
    public MessageContent Read(ReadOnlySpan<byte> utf8, ReadOptions options)
    {
        if (!_states.TryTake(out var state)) state = new ReadState(_plan);
        state.Begin(options);
        Walk(utf8, state);
        var content = ToContent(state);
        if (_rules is not null && options.HoldsRules) content = Ruled(content, _rules, options);
        var isSmall = state.Scopes.OfType<RecordScope>().All(scope => scope.Capacity <= KeptRecordsMax);
        state.Begin(options);
        if (isSmall) _states.Add(state);
        return content;
    }

    private void Walk(ReadOnlySpan<byte> utf8, ReadState state)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            state.Findings.Report(ReadingRules.ByteOrderMark);
            utf8 = utf8[3..];
        }

        if (!Utf8.IsValid(utf8))
        {
            state.Findings.Report(ReadingRules.NotUtf8, $"byte {FirstInvalid(utf8)}");
            return;
        }

        var walk = new MessageWalk(_plan, state, utf8);
        try
        {
            walk.Read();
        }
        catch (JsonException fault)
        {
            // The text of the exception may quote the message, so only the place is told.
            var isTooDeep = walk.Depth >= MessageWalk.DepthMax - 1;
            if (isTooDeep) state.Findings.Report(ReadingRules.TooDeep, $"{MessageWalk.DepthMax}");
            else
            {
                state.Findings.Report(
                    ReadingRules.NotJson, $"linje {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}");
            }
        }
    }

    private MessageContent ToContent(ReadState state)
    {
        var isAccepted = !state.Findings.IsRejected;
        return new MessageContent(
            Type,
            isAccepted,
            state.Findings.ToList(),
            isAccepted ? [.. state.Scopes.OfType<RecordScope>().Select(scope => scope.ToBatch())] : [])
        {
            FindingCount = state.Findings.Count,
            RecordCount = state.RecordCount,
            DroppedCount = state.DroppedCount,
            RuleCounts = state.Findings.Counts,
        };
    }

    private MessageContent Ruled(MessageContent content, RuleSet rules, ReadOptions options)
    {
        if (!content.IsAccepted) return content;
        var run = new RuleRun(rules, _codeSystems, options);
        foreach (var batch in content.Batches) run.Check(batch, envelope: null);
        run.Finish(envelope: null);
        return run.Findings.Count == 0 ? content : content with
        {
            Findings = [.. content.Findings, .. run.Findings.Findings],
            FindingCount = (int)Math.Min(int.MaxValue, content.FindingCount + run.Findings.Count),
            RuleCounts = [.. content.RuleCounts, .. run.Findings.Counts],
        };
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        Span<char> characters = stackalloc char[256];
        var at = 0;
        while (at < utf8.Length)
        {
            var status = Utf8.ToUtf16(
                utf8[at..], characters, out var read, out _, replaceInvalidSequences: false, isFinalBlock: true);
            at += read;
            if (status == System.Buffers.OperationStatus.InvalidData) break;
        }

        return at;
    }
}
