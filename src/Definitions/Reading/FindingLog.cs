using System.Runtime.InteropServices;
using System.Text;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>Collects what is wrong in one message, and knows where in it the reader stands.</summary>
internal sealed class FindingLog
{
    /// <summary>
    /// More findings than this are counted, not kept: nobody reads them, and a hostile message could make millions.
    /// </summary>
    public const int FindingsMax = 100;

    private const int DepthMax = 16;
    private const int UnknownNameCharactersMax = 40;

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<(string RuleId, Severity Severity), long> _counts = [];
    private readonly (string? Name, int Index)[] _path = new (string?, int)[DepthMax];
    private int _depth;

    public int Count { get; private set; }

    public bool IsRejected { get; private set; }

    /// <summary>Set when the record being read is to be left out.</summary>
    public bool IsRowDropped { get; set; }

    public void Enter(string name) => _path[_depth++] = (name, 0);

    public void Enter(int index) => _path[_depth++] = (null, index);

    public void Leave() => _depth--;

    public FaultAction Report(ReadingRule rule, Field field, string? expected = null) =>
        ReportAt(Pointer(), rule, field, expected);

    public FaultAction ReportBelow(string name, ReadingRule rule, Field field, string? expected = null) =>
        ReportAt($"{Pointer()}/{Escaped(name)}", rule, field, expected);

    /// <param name="value">What stands there; empty when nothing does or it must not be told.</param>
    public FaultAction ReportAt(
        string pointer, ReadingRule rule, Field field, string? expected = null, ReadOnlySpan<char> value = default)
    {
        var action = rule.Fault is { } fault ? field.OnFault.Of(fault) : ActionOf(rule.Severity);
        if (action == FaultAction.DropRow) IsRowDropped = true;
        var severity = rule.Fault is null ? rule.Severity : SeverityOf(action);
        Add(rule, severity, pointer, field.Titles.Nb, expected, OutcomeOf(rule, action), value);
        return action;
    }

    /// <summary>
    /// A finding about the message as a whole, or about something that is no field of the definition.
    /// </summary>
    public void Report(ReadingRule rule, string? expected = null) =>
        Add(rule, rule.Severity, Pointer(), "", expected, "");

    /// <summary>A finding at a place the caller knows, about something that is no field of its own.</summary>
    public void ReportAt(
        string place, ReadingRule rule, string title, string? expected = null, ReadOnlySpan<char> value = default) =>
        Add(rule, rule.Severity, place, title, expected, "", value);

    /// <summary>True when findings that do not refuse the message are only counted from here on.</summary>
    public bool IsFull => _findings.Count >= FindingsMax;

    /// <summary>Counts one finding that is not kept.</summary>
    /// <param name="action">What is done, where the field says it; null where the rule does.</param>
    public void CountOnly(ReadingRule rule, FaultAction? action = null) =>
        CountOne(rule.Id, action is { } done ? SeverityOf(done) : rule.Severity);

    /// <summary>How often each rule was broken, all counted.</summary>
    public IReadOnlyList<RuleCount> Counts =>
    [
        .. _counts.Select(count => new RuleCount(count.Key.RuleId, count.Key.Severity, count.Value))
            .OrderBy(count => count.RuleId, StringComparer.Ordinal).ThenByDescending(count => count.Severity),
    ];

    /// <summary>A finding about an object or list that is not a field: the unit's block or a list of records.</summary>
    public void ReportObject(ReadingRule rule, string title, string expected) =>
        Add(rule, Severity.Error, Pointer(), title, expected, "");

    public void ReportUnknown(ReadingRule rule, ReadOnlySpan<byte> name, string? advice) =>
        Add(rule, rule.Severity, $"{Pointer()}/{Escaped(Harmless(name))}", "", advice, "");

    /// <summary>Where the reader stands, as a JSON Pointer (RFC 6901).</summary>
    public string Pointer()
    {
        var pointer = new StringBuilder();
        for (var i = 0; i < _depth; i++)
        {
            pointer.Append('/');
            if (_path[i].Name is { } name) pointer.Append(Escaped(name));
            else pointer.Append(_path[i].Index);
        }

        return pointer.ToString();
    }

    public IReadOnlyList<Finding> ToList() => [.. _findings];

    public void Clear()
    {
        _findings.Clear();
        _counts.Clear();
        _depth = 0;
        Count = 0;
        IsRejected = false;
        IsRowDropped = false;
    }

    private void Add(
        ReadingRule rule, Severity severity, string pointer, string title, string? expected, string outcome,
        ReadOnlySpan<char> value = default)
    {
        CountOne(rule.Id, severity);
        IsRejected |= severity == Severity.Error;
        var at = _findings.Count;
        if (at == FindingsMax)
        {
            // What refuses the message must be among those kept.
            if (severity != Severity.Error) return;
            at = _findings.FindLastIndex(kept => kept.Severity != Severity.Error);
            if (at < 0) return;
            _findings.RemoveAt(at);
        }

        var text = string.Format(rule.Text, title, expected).TrimEnd() + outcome;
        _findings.Add(new Finding(rule.Id, severity, pointer, text)
        {
            Detail = DetailOf(rule, title, expected, value),
        });
    }

    private static FindingDetail? DetailOf(
        ReadingRule rule, string title, string? expected, ReadOnlySpan<char> value)
    {
        if (rule.Expected is null && value.IsEmpty) return null;
        var should = rule.Expected is { } words ? string.Format(words, title, expected) : null;
        return new FindingDetail(ShownText.Of(value.ToString()), should, Mender: null);
    }

    private void CountOne(string ruleId, Severity severity)
    {
        Count++;
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, (ruleId, severity), out _)++;
    }

    private static FaultAction ActionOf(Severity severity) =>
        severity == Severity.Error ? FaultAction.RejectMessage : FaultAction.Log;

    private static Severity SeverityOf(FaultAction action) => action switch
    {
        FaultAction.RejectMessage => Severity.Error,
        FaultAction.Log => Severity.Information,
        _ => Severity.Warning,
    };

    private static string OutcomeOf(ReadingRule rule, FaultAction action) => action switch
    {
        _ when rule.Fault is null => "",
        FaultAction.DropRow => " Posten er ikke tatt inn.",
        FaultAction.DropRowOnly => " Verdiene i elementet er utelatt.",
        FaultAction.SetMinusOne => " Verdien er satt til −1.",
        FaultAction.SetZero => " Verdien er satt til 0.",
        FaultAction.SetNull => " Verdien er utelatt.",
        _ => "",
    };

    private static string Escaped(string name) =>
        name.Contains('~') || name.Contains('/') ? name.Replace("~", "~0").Replace("/", "~1") : name;

    // The name of an unknown field is the sender's own bytes: it may be long, unprintable or hold an identifier.
    private static string Harmless(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name[..Math.Min(name.Length, UnknownNameCharactersMax)]);
        var harmless = new StringBuilder(text.Length + 1);
        var digits = 0;
        foreach (var letter in text)
        {
            digits = char.IsDigit(letter) ? digits + 1 : 0;
            harmless.Append(digits > 4 ? '*' : char.IsControl(letter) || letter == '\uFFFD' ? '?' : letter);
        }

        if (name.Length > UnknownNameCharactersMax) harmless.Append('…');
        return harmless.ToString();
    }
}
