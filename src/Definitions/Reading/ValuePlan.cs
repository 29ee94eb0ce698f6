using System.Text.Json;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading;

/// <summary>Reads one value of the wire, checks it, and puts it where it belongs.</summary>
internal abstract class ValuePlan(Field field)
{
    public Field Field { get; } = field;

    /// <summary>The token is the value's; never null, object or array end.</summary>
    public abstract void Read(ref Utf8JsonReader json, ReadState state);

    public static ValuePlan Of(Field field, int scope, int slot, bool isDatedNow) => field.Type switch
    {
        FieldType.Code => new CodePlan(field, scope, slot, isDatedNow),
        FieldType.Integer => new IntegerPlan(field, scope, slot),
        FieldType.Decimal => new DecimalPlan(field, scope, slot),
        FieldType.Boolean => new BooleanPlan(field, scope, slot),
        FieldType.Date => new DatePlan(field, scope, slot),
        FieldType.DateTime => new InstantPlan(field, scope, slot),
        FieldType.OrganizationNumber => new OrganizationPlan(field, scope, slot),
        FieldType.Municipality => new MunicipalityPlan(field, scope, slot),
        FieldType.UrbanDistrict => new UrbanDistrictPlan(field, scope, slot),
        FieldType.HprNumber => new HprPlan(field, scope, slot),
        _ => new TextPlan(field, scope, slot),
    };

    /// <summary>Tells that the value is of another JSON type than the definition says.</summary>
    protected bool WrongType(ReadState state, string expected)
    {
        state.Findings.Report(ReadingRules.WrongType, Field, expected);
        return false;
    }

    /// <summary>True when the finding only is to be logged, so that the value is kept.</summary>
    protected bool IsKept(ReadState state, ReadingRule rule, string? expected = null) =>
        state.Findings.Report(rule, Field, expected) == FaultAction.Log;

    /// <summary>The bytes of a text, without escapes. False when it is no valid Unicode or far too long.</summary>
    protected bool TryText(ref Utf8JsonReader json, ReadState state, out ReadOnlySpan<byte> text)
    {
        text = json.ValueSpan;
        if (!json.ValueIsEscaped) return true;
        if (text.Length <= state.Scratch.Length && TryUnescape(ref json, state.Scratch, out var length))
        {
            text = state.Scratch.AsSpan(0, length);
            return true;
        }

        state.Findings.Report(ReadingRules.WrongCharacters, Field);
        return false;
    }

    private static bool TryUnescape(ref Utf8JsonReader json, byte[] scratch, out int length)
    {
        try
        {
            length = json.CopyString(scratch);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: the only thing the reader cannot write as UTF-8.
            length = 0;
            return false;
        }
    }
}

/// <summary>Reads a value into a cell.</summary>
internal abstract class ValuePlan<T>(Field field, int scope, int slot) : ValuePlan(field)
{
    public int Slot { get; } = slot;

    protected int Scope { get; } = scope;

    public sealed override void Read(ref Utf8JsonReader json, ReadState state)
    {
        if (!TryRead(ref json, state, out var value)) return;
        var target = state.Scopes[Scope];
        ((ColumnBuilder<T>)target.Columns[Slot]).Set(target.Row, value);
    }

    /// <summary>The value when there is one to keep; whatever was wrong with it has been told.</summary>
    protected abstract bool TryRead(ref Utf8JsonReader json, ReadState state, out T value);
}
