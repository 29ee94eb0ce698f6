using System.Text.Json;
using Kilde.Definitions.Compiling;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>Walks through one message, object by object, and puts every value in its place.</summary>
internal ref struct MessageWalk
{
    /// <summary>Root, block, list, record, list, element and some slack.</summary>
    public const int DepthMax = 12;

    /// <summary>Records in one message. 15 MB hold about 40 000.</summary>
    public const int RecordsMax = 100_000;

    private readonly MessagePlan _plan;
    private readonly ReadState _state;
    private readonly FindingLog _findings;
    private Utf8JsonReader _json;

    public MessageWalk(MessagePlan plan, ReadState state, ReadOnlySpan<byte> utf8)
    {
        _plan = plan;
        _state = state;
        _findings = state.Findings;
        _json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
    }

    public readonly int Depth => _json.CurrentDepth;

    public void Read()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _findings.Report(ReadingRules.RootNotArray);
            return;
        }

        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            _findings.Enter(index);
            ReadUnit();
            _findings.Leave();
        }

        // Throws when something follows the root.
        _json.Read();
        foreach (var record in _plan.Records)
        {
            foreach (var pointer in ((RecordScope)_state.Scopes[record.Scope]).Contradictions)
            {
                _findings.ReportAt(pointer, ReadingRules.DeletedAndSent, record.Type.Key);
            }
        }
    }

    private void ReadUnit()
    {
        if (!IsObject("Enhetsblokken")) return;
        var unit = _state.Scopes[_plan.UnitScope];
        unit.ClearRow();
        Span<int> starts = stackalloc int[_plan.Records.Count];
        for (var i = 0; i < starts.Length; i++) starts[i] = _state.Scopes[_plan.Records[i].Scope].Row;

        ReadObject(_plan.Unit);
        UnitBlock.Finish(_plan, _state, starts);
    }

    private bool IsObject(string title)
    {
        if (_json.TokenType == JsonTokenType.StartObject) return true;
        _findings.ReportObject(ReadingRules.WrongType, title, "et objekt, { … }");
        _json.Skip();
        return false;
    }

    private void ReadObject(ObjectPlan plan)
    {
        var stamp = _state.NextStamp();
        var expected = 0;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var field = FindField(plan, ref expected);
            if (field is null)
            {
                SkipUnknown();
                continue;
            }

            var isTwice = _state.IsSeen(field, stamp);
            _state.SetSeen(field, stamp);
            _findings.Enter(field.Name);
            _json.Read();
            if (isTwice)
            {
                _findings.ReportObject(ReadingRules.Duplicate, field.Field.Titles.Nb, "");
                _json.Skip();
            }
            else if (_json.TokenType != JsonTokenType.Null) ReadField(field);
            else if (field.Field.IsRequired) ReportMissing(field.Field);
            _findings.Leave();
        }

        foreach (var field in plan.Required)
        {
            if (_state.IsSeen(field, stamp)) continue;
            _findings.Enter(field.Name);
            ReportMissing(field.Field);
            _findings.Leave();
        }
    }

    private readonly void ReportMissing(Field field)
    {
        if (_findings.Report(ReadingRules.Missing, field) == FaultAction.SetNull) _state.IsElementDropped = true;
    }

    private readonly FieldPlan? FindField(ObjectPlan plan, ref int expected)
    {
        if (!_json.ValueIsEscaped) return plan.Find(_json.ValueSpan, ref expected);
        if (_json.ValueSpan.Length > _state.Scratch.Length) return null;
        try
        {
            var length = _json.CopyString(_state.Scratch);
            return plan.Find(_state.Scratch.AsSpan(0, length), ref expected);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no name of ours.
            return null;
        }
    }

    private void SkipUnknown()
    {
        var name = _json.ValueSpan;
        var isPerson = name.Length < 200 && PersonWords.IsSuspect(System.Text.Encoding.UTF8.GetString(name));
        _findings.ReportUnknown(isPerson ? ReadingRules.PersonName : ReadingRules.UnknownField, name, "Ta det bort.");
        _json.Read();
        _json.Skip();
    }

    private void ReadField(FieldPlan field)
    {
        if (field.Act == FieldAct.Value)
        {
            if (_json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                _findings.Report(ReadingRules.WrongType, field.Field, "en enkelt verdi");
                _json.Skip();
                return;
            }

            field.Value!.Read(ref _json, _state);
            return;
        }

        var wanted = field.Act is FieldAct.Group or FieldAct.Person
            ? JsonTokenType.StartObject
            : JsonTokenType.StartArray;
        if (_json.TokenType != wanted)
        {
            _findings.Report(ReadingRules.WrongType, field.Field,
                wanted == JsonTokenType.StartObject ? "et objekt, { … }" : "en liste, [ … ]");
            _json.Skip();
            return;
        }

        switch (field.Act)
        {
            case FieldAct.Records: ReadRecords(field); break;
            case FieldAct.Deletions: ReadDeletions(field); break;
            case FieldAct.List: ReadList(field); break;
            default: ReadObject(field.Children!); break;
        }
    }

    private void ReadRecords(FieldPlan field)
    {
        var scope = (RecordScope)_state.Scopes[field.Scope];
        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            _findings.Enter(index);
            if (++_state.RecordCount == RecordsMax + 1) _findings.Report(ReadingRules.TooManyRecords, $"{RecordsMax}");
            if (_state.RecordCount > RecordsMax) _json.Skip();
            else if (IsObject(field.Record!.Type.Title))
            {
                scope.EnsureRow();
                _findings.IsRowDropped = false;
                _state.Person.Clear();
                _state.DatedCodes.Clear();
                ReadObject(field.Record.Object);
                RecordEnd.Finish(field.Record, scope, _state);
            }

            _findings.Leave();
        }
    }

    private void ReadDeletions(FieldPlan field)
    {
        var records = (RecordScope)_state.Scopes[field.Record!.Scope];
        var cells = _state.Scopes[field.Scope];
        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            _findings.Enter(index);
            cells.ClearRow();
            if (IsObject(field.Field.Titles.Nb))
            {
                ReadObject(field.Children!);
                var (key, flag) = ((ColumnBuilder<string>)cells.Columns[0], (ColumnBuilder<bool>)cells.Columns[1]);
                if (key.IsPresent(0) && flag.IsPresent(0) && flag[0]) records.Delete(key[0], _findings.Pointer());
            }

            _findings.Leave();
        }
    }

    private void ReadList(FieldPlan field)
    {
        var cells = _state.Scopes[field.Scope];
        var sink = new ListSink(field, _state, cells);
        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index == field.Field.ItemsMax)
            {
                _findings.Report(ReadingRules.TooManyItems, field.Field, $"{field.Field.ItemsMax}");
            }

            _findings.Enter(index);
            cells.ClearRow();
            _state.IsElementDropped = false;
            if (index >= field.Field.ItemsMax) _json.Skip();
            else if (IsObject(field.Field.Titles.Nb))
            {
                ReadObject(field.Children!);
                if (!_state.IsElementDropped) sink.Add();
            }

            _findings.Leave();
        }

        sink.Finish();
    }
}
