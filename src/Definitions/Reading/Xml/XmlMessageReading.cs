using System.Xml;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>One XML message being read.</summary>
internal sealed class XmlMessageReading : MessageReading
{
    private readonly XmlInput _input;
    private readonly XmlReadState _state;
    private readonly RowKeeper _rows;
    private readonly XmlWalk? _walk;
    private readonly List<Finding> _fatal = [];
    private readonly byte[] _fingerprint;
    private MessageParts? _parts;
    private bool _isDone;
    private bool _isPeriodChecked;
    private bool _isExtractionChecked;

    /// <param name="fingerprint">Changes whenever definitions or reading do.</param>
    /// <param name="refusal">Why not even the root could be read; null when the reader stands on it.</param>
    public XmlMessageReading(
        XmlPlan plan, byte[] fingerprint, XmlInput input, ReadOptions options, Finding? refusal)
    {
        _input = input;
        _fingerprint = fingerprint;
        _state = new XmlReadState(plan, options) { Line = LineOf(input.Xml) };
        _rows = new RowKeeper(_state);
        if (refusal is null && !IsRoot(plan, input.Xml))
        {
            var rule = ReadingRules.UnknownMessage;
            refusal = new Finding(rule.Id, rule.Severity, "", string.Format(rule.Text, "", $"Ventet {plan.Type}."));
        }

        if (refusal is null) _walk = new XmlWalk(input.Xml, _state, _rows);
        else Stop(refusal);
        if (_walk is not null) Guarded(_walk.Begin);
        if (_walk is not null) CheckEnvelope();
    }

    public override MessageType Type => _state.Plan.Type;

    public override MessageEnvelope Envelope => _state.Envelope;

    public override bool IsBroken => _fatal.Count > 0;

    public override MessageParts? Parts => _parts ??= WatchParts();

    public override MessageOutcome Outcome => _isDone && !_rows.HasBatch
        ? new MessageOutcome(
            _fatal.Count == 0 && !_state.Findings.IsRejected, [.. _fatal, .. _state.Findings.ToList()],
            _state.Findings.Count + _fatal.Count, _state.RecordCount + (_parts?.PassedOverRows ?? 0),
            _state.DroppedCount)
        {
            RuleCounts = _state.Findings.Counts,
        }
        : throw new InvalidOperationException("The verdict comes when all batches are read.");

    public override RecordBatch? Next()
    {
        while (_rows.Batches.Count == 0 && !_isDone) ReadOn();
        return _rows.Batches.TryDequeue(out var batch) ? batch : null;
    }

    public override IdentityBatch? NextIdentities()
    {
        while (_rows.Identities.Count == 0 && !_isDone) ReadOn();
        return _rows.Identities.TryDequeue(out var batch) ? batch : null;
    }

    protected override void Dispose(bool isDisposing)
    {
        if (isDisposing) _input.Dispose();
        base.Dispose(isDisposing);
    }

    public static bool IsRoot(XmlPlan plan, XmlReader xml) =>
        xml.LocalName == plan.Root.Name && xml.NamespaceURI == plan.Structure.Namespace;

    private void ReadOn() => Guarded(() =>
    {
        while (!_isDone && !_rows.HasBatch)
        {
            _walk!.Step();
            if (_walk.IsAtEnd || (_input.IsEmbedded && _walk.IsRootClosed)) Finish();
        }
    });

    private void Guarded(Action read)
    {
        try
        {
            read();
        }
        catch (Exception fault) when (XmlInput.IsOfContent(fault))
        {
            Stop(_input.Explain(fault));
        }
    }

    private void Stop(Finding fatal)
    {
        _fatal.Add(fatal);
        Finish();
    }

    private void Finish()
    {
        CheckEnvelope();
        _isDone = true;
        _rows.Finish();
        _input.Stop();
        if (_parts is not null && (_input.HasLostParts || _parts.Count != _state.PartCount)) _parts.SpoilAll();
    }

    private MessageParts? WatchParts()
    {
        if (_state.Plan.Part is not { } part || _walk is null || _isDone) return null;
        return _state.Parts = _input.Watch(part.Name, [.. _fingerprint, .. part.ContextOf(_state)]);
    }

    // At the root where it stands there, so that nobody waits for the end; else when it has come.
    private void CheckEnvelope()
    {
        CheckPeriod();
        CheckExtraction();
    }

    private void CheckPeriod()
    {
        var (type, envelope) = (_state.Plan.Type, _state.Envelope);
        if (_isPeriodChecked || (envelope.From ?? envelope.To) is null) return;
        _isPeriodChecked = true;
        foreach (var day in new[] { envelope.From, envelope.To }.OfType<DateOnly>().DistinctBy(day => day.Year))
        {
            if (type.TakesDataYear(day.Year, _state.Options.ReceivedOn)) continue;
            _state.Refuse(
                _state.Plan.Root, ReadingRules.PeriodOutsideDataYears,
                expected: type.DataYearsOn(_state.Options.ReceivedOn));
        }
    }

    // The newest extraction of a year stands until a newer one comes: one from the future would stand until then.
    private void CheckExtraction()
    {
        if (_isExtractionChecked || _state.Envelope.ExtractedOn is not { } day) return;
        _isExtractionChecked = true;
        if (day <= _state.Options.ExtractedOnMax) return;
        var (node, item) = _state.Plan.Structure.Envelope.Items["extractedOn"];
        _state.Refuse(
            _state.Plan.Nodes.Single(plan => plan.Node == node), ReadingRules.ExtractedLater,
            item.IsText ? null : $"@{item.Name}", item.Field.Titles.Nb, $"{_state.Options.ExtractedOnMax:yyyy-MM-dd}");
    }

    private static Func<int> LineOf(XmlReader xml) =>
        xml is IXmlLineInfo info && info.HasLineInfo() ? () => info.LineNumber : () => 0;
}
