using System.Text;
using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>A short text: an id, a local code or a local name.</summary>
internal sealed class TextPlan(Field field, int scope, int slot) : ValuePlan<string>(field, scope, slot)
{
    // Names and codes of units stand in record after record; ids of records and persons do not, and are not remembered.
    private readonly bool _isRepeated = field.Use is TextUse.LocalName or TextUse.LocalCode
        || (field.Use == TextUse.LocalId && !field.IsPersonMark && field.Path.LastIndexOf('/') > 0);

    protected override bool TryRead(ref Utf8JsonReader json, ReadState state, out string value)
    {
        value = "";
        if (json.TokenType == JsonTokenType.Number && Field.Wire != WireValue.Text)
        {
            return TryTake(json.ValueSpan, state, out value);
        }

        if (json.TokenType != JsonTokenType.String || Field.Wire == WireValue.Number)
        {
            return WrongType(state, Field.Wire == WireValue.Number ? "et tall" : "en tekst");
        }

        return TryText(ref json, state, out var text) && TryTake(text, state, out value);
    }

    private bool TryTake(ReadOnlySpan<byte> text, ReadState state, out string value)
    {
        value = "";
        if (!TextRules.Hold(text, Field, state, out var isKept) && !isKept) return false;
        value = _isRepeated ? state.Strings.Get(text) : Encoding.UTF8.GetString(text);
        return true;
    }
}

/// <summary>What every text must hold to, local ids of persons included.</summary>
internal static class TextRules
{
    /// <summary>
    /// True when nothing is wrong; otherwise it has been told, and <paramref name="isKept"/> says what to do.
    /// </summary>
    public static bool Hold(ReadOnlySpan<byte> text, Field field, ReadState state, out bool isKept)
    {
        isKept = false;
        if (text.ContainsAnyInRange((byte)0, (byte)31) || text.Contains((byte)127))
        {
            // PostgreSQL cannot hold the character 0, so such a text is never kept.
            state.Findings.Report(ReadingRules.WrongCharacters, field);
            return false;
        }

        var count = text.Length > field.LengthMax ? CharactersIn(text) : text.Length;
        var isBlank = field.LengthMin > 0 && text is [(byte)' ', ..] && IsBlank(text);
        if (count > field.LengthMax || count < field.LengthMin || isBlank)
        {
            state.Findings.Report(ReadingRules.WrongLength, field, $"{field.LengthMin}–{field.LengthMax}");
            return false;
        }

        if (field.Pattern is { } pattern && !pattern.IsMatch(Encoding.UTF8.GetString(text)))
        {
            var expected = PatternText.Of(pattern);
            isKept = state.Findings.Report(ReadingRules.WrongPattern, field, expected) == FaultAction.Log;
            return false;
        }

        if (!IdentifierInText.IsIn(text)) return true;
        state.Findings.Report(ReadingRules.HoldsIdentifier, field);
        return false;
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept((byte)' ');

    // Every byte that does not continue a character begins one.
    private static int CharactersIn(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var unit in text) count += (unit & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }
}

/// <summary>A code; its validity is checked when the day of the event is known.</summary>
internal sealed class CodePlan : ValuePlan<string>
{
    private readonly Utf8Table _codes;
    private readonly string[] _values;
    private readonly Validity[]? _validity;

    public CodePlan(Field field, int scope, int slot, bool isDatedNow)
        : base(field, scope, slot)
    {
        var codes = field.CodeList?.Codes ?? [];
        _values = [.. codes.Select(code => code.Value.Value)];
        _codes = new Utf8Table(_values);
        _validity = isDatedNow && field.CodeList is { IsDated: true } ? [.. codes.Select(code => code.Validity)] : null;
    }

    public bool IsValid(int code, DateOnly day) => _validity is null || _validity[code].Includes(day);

    public void ReportExpired(ReadState state, DatedCode code, DateOnly day)
    {
        var action = state.Findings.ReportAt(code.Pointer, ReadingRules.ExpiredCode, Field, day.ToString("yyyy-MM-dd"));
        // What stands in a list has been written already and is kept.
        if (action == FaultAction.SetNull && state.Scopes[Scope] is RecordScope record)
        {
            record.Columns[Slot].Clear(record.Row);
        }
    }

    protected override bool TryRead(ref Utf8JsonReader json, ReadState state, out string value)
    {
        value = "";
        if (json.TokenType == JsonTokenType.Number && Field.Wire != WireValue.Text)
        {
            return TryTake(json.ValueSpan, state, out value);
        }

        if (json.TokenType != JsonTokenType.String || Field.Wire == WireValue.Number)
        {
            return WrongType(state, Field.Wire == WireValue.Number ? "et tall" : "en tekst");
        }

        return TryText(ref json, state, out var text) && TryTake(text, state, out value);
    }

    private bool TryTake(ReadOnlySpan<byte> text, ReadState state, out string value)
    {
        var code = _codes.Find(text);
        if (code < 0) return TakeUnknown(text, state, out value);
        value = _values[code];

        // Codes that hold on every day are many; the pointer is made only for those that do not.
        if (_validity is not null && _validity[code] != Validity.Always)
        {
            state.DatedCodes.Add(new DatedCode(this, code, state.Findings.Pointer()));
        }

        return true;
    }

    private bool TakeUnknown(ReadOnlySpan<byte> text, ReadState state, out string value)
    {
        value = "";
        if (!IsKept(state, ReadingRules.UnknownCode, $"{Field.CodeList?.Title} ({Field.CodeList?.Id})")) return false;
        if (text.Length > 100 || text.ContainsAnyInRange((byte)0, (byte)31)) return false;
        if (IdentifierInText.IsIn(text))
        {
            state.Findings.Report(ReadingRules.HoldsIdentifier, Field);
            return false;
        }

        value = Encoding.UTF8.GetString(text);
        return true;
    }
}
