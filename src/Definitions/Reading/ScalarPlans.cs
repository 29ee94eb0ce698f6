using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

internal static class NumberLimits
{
    /// <summary>Longer numbers are refused before they are read: 200 digits cost time and mean nothing here.</summary>
    public const int BytesMax = 32;

    public static string RangeOf(Field field) => string.Create(
        CultureInfo.InvariantCulture, $"fra {field.Min:0.######} til {field.Max:0.######}");

    /// <summary>A number that is kept though out of range, or has a wide one, may be someone's identifier.</summary>
    public static bool RefuseIdentifier(Field field, ReadState state)
    {
        state.Findings.Report(ReadingRules.HoldsIdentifier, field);
        return false;
    }
}

internal sealed class IntegerPlan(Field field, int scope, int slot) : ValuePlan<long>(field, scope, slot)
{
    protected override bool TryRead(ref Utf8JsonReader json, ReadState state, out long value)
    {
        value = 0;
        var isNumber = json.TokenType == JsonTokenType.Number && Field.Wire != WireValue.Text;
        var isText = json.TokenType == JsonTokenType.String && Field.Wire != WireValue.Number;
        var text = json.ValueSpan;
        if ((!isNumber && !isText) || text.Length > NumberLimits.BytesMax
            || !Utf8Parser.TryParse(text, out value, out var used) || used != text.Length)
        {
            return WrongType(state, "et heltall");
        }

        return ((value >= Field.Min && value <= Field.Max)
                || IsKept(state, ReadingRules.OutOfRange, NumberLimits.RangeOf(Field)))
            && (!IdentifierInText.Is(value) || NumberLimits.RefuseIdentifier(Field, state));
    }
}

internal sealed class DecimalPlan(Field field, int scope, int slot) : ValuePlan<decimal>(field, scope, slot)
{
    protected override bool TryRead(ref Utf8JsonReader json, ReadState state, out decimal value)
    {
        value = 0;
        var isNumber = json.TokenType == JsonTokenType.Number && Field.Wire != WireValue.Text;
        var isText = json.TokenType == JsonTokenType.String && Field.Wire != WireValue.Number;
        var text = json.ValueSpan;
        if ((!isNumber && !isText) || text.Length > NumberLimits.BytesMax
            || !Utf8Parser.TryParse(text, out value, out var used) || used != text.Length)
        {
            return WrongType(state, "et tall");
        }

        if (!(value >= Field.Min && value <= Field.Max)
            && !IsKept(state, ReadingRules.OutOfRange, NumberLimits.RangeOf(Field))) return false;
        if (IdentifierInText.Is(value)) return NumberLimits.RefuseIdentifier(Field, state);
        if (value.Scale == 0) return true;
        if (value.Scale > Field.Decimals && decimal.Round(value, Field.Decimals) != value
            && !IsKept(state, ReadingRules.TooManyDecimals, Field.Decimals.ToString())) return false;

        // 7.50 and 7.5 are the same measurement, and must look the same when versions of a record are compared.
        if (text[^1] == '0' || text.ContainsAny((byte)'e', (byte)'E')) value /= 1.0000000000000000000000000000m;
        return true;
    }
}

internal sealed class BooleanPlan(Field field, int scope, int slot) : ValuePlan<bool>(field, scope, slot)
{
    protected override bool TryRead(ref Utf8JsonReader json, ReadState state, out bool value)
    {
        value = json.TokenType == JsonTokenType.True;
        return value || json.TokenType == JsonTokenType.False || WrongType(state, "true eller false");
    }
}

internal sealed class DatePlan(Field field, int scope, int slot) : ValuePlan<DateOnly>(field, scope, slot)
{
    protected override bool TryRead(ref Utf8JsonReader json, ReadState state, out DateOnly value)
    {
        value = default;
        if (json.TokenType != JsonTokenType.String) return WrongType(state, "en tekst med en dato");
        if (!TryText(ref json, state, out var text)) return false;
        if (IsoTime.TryReadDayOfTime(text, out value)) return DayLimits.Hold(value, Field, state);
        state.Findings.Report(ReadingRules.WrongForm, Field, "en dato som 2026-03-02");
        return false;
    }
}

internal sealed class InstantPlan(Field field, int scope, int slot) : ValuePlan<DateTimeOffset>(field, scope, slot)
{
    protected override bool TryRead(ref Utf8JsonReader json, ReadState state, out DateTimeOffset value)
    {
        value = default;
        if (json.TokenType != JsonTokenType.String) return WrongType(state, "en tekst med et tidspunkt");
        if (!TryText(ref json, state, out var text)) return false;
        var outcome = IsoTime.TryReadInstant(text, out var utcTicks);
        if (outcome == IsoOutcome.WrongForm)
        {
            state.Findings.Report(ReadingRules.WrongForm, Field, "et tidspunkt som 2026-03-02T09:15:00+01:00");
            return false;
        }

        if (outcome == IsoOutcome.NoSuchTime) state.Findings.Report(ReadingRules.NoSuchTime, Field);
        value = new DateTimeOffset(utcTicks, TimeSpan.Zero);
        return IsoTime.TryLocalDay(utcTicks, out var day) && DayLimits.Hold(day, Field, state);
    }
}

/// <summary>The days a date may have.</summary>
internal static class DayLimits
{
    public static bool Hold(DateOnly day, Field field, ReadState state)
    {
        var latest = field.Latest.Fixed ?? LatestAfter(state.Options.ReceivedOn, field.Latest.DaysAfterReceipt);
        if (day >= field.Earliest && day <= latest) return true;
        var expected = $"mellom {field.Earliest:yyyy-MM-dd} og {latest:yyyy-MM-dd}";
        return state.Findings.Report(ReadingRules.DateOutOfRange, field, expected) == FaultAction.Log;
    }

    private static DateOnly LatestAfter(DateOnly received, int days) =>
        DateOnly.FromDayNumber(Math.Min(received.DayNumber + days, DateOnly.MaxValue.DayNumber));
}
