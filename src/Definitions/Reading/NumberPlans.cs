using System.Buffers.Text;
using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>
/// A national number that senders write as text or as a JSON number; the latter has lost its leading zeros.
/// </summary>
internal abstract class NumberPlan<T>(Field field, int scope, int slot) : ValuePlan<T>(field, scope, slot)
{
    protected sealed override bool TryRead(ref Utf8JsonReader json, ReadState state, out T value)
    {
        value = default!;
        if (json.TokenType == JsonTokenType.Number && Field.Wire != WireValue.Text)
        {
            var isWhole = Utf8Parser.TryParse(json.ValueSpan, out long number, out var used)
                && used == json.ValueSpan.Length;
            return isWhole ? TryNumber(number, state, out value) : WrongType(state, "et heltall");
        }

        if (json.TokenType != JsonTokenType.String || Field.Wire == WireValue.Number)
        {
            return WrongType(state, Field.Wire == WireValue.Either ? "en tekst eller et heltall" : "en tekst");
        }

        return TryText(ref json, state, out var text) && TryDigits(text, state, out value);
    }

    protected abstract bool TryNumber(long number, ReadState state, out T value);

    protected abstract bool TryDigits(ReadOnlySpan<byte> text, ReadState state, out T value);
}

internal sealed class OrganizationPlan(Field field, int scope, int slot) : NumberPlan<string>(field, scope, slot)
{
    protected override bool TryNumber(long number, ReadState state, out string value) =>
        Take(OrganizationNumber.TryFromNumber(number, out var unit), unit, number == ValidationNumber, state,
            out value);

    protected override bool TryDigits(ReadOnlySpan<byte> text, ReadState state, out string value) =>
        Take(OrganizationNumber.TryParse(text, out var unit), unit, text.SequenceEqual("777777777"u8), state,
            out value);

    private static int ValidationNumber => OrganizationNumber.ValidationOnly.Number;

    private bool Take(bool isValid, OrganizationNumber unit, bool isValidation, ReadState state, out string value)
    {
        value = "";
        if (!isValid && isValidation && state.Options.TakesValidationUnit)
        {
            unit = OrganizationNumber.ValidationOnly;
            isValid = true;
        }

        if (!isValid)
        {
            state.Findings.Report(ReadingRules.NotAnOrganization, Field);
            return false;
        }

        Span<byte> digits = stackalloc byte[9];
        Utf8Formatter.TryFormat(unit.Number, digits, out _, new System.Buffers.StandardFormat('D', 9));
        value = state.Strings.Get(digits);
        return true;
    }
}

internal sealed class MunicipalityPlan(Field field, int scope, int slot) : NumberPlan<string>(field, scope, slot)
{
    protected override bool TryNumber(long number, ReadState state, out string value) =>
        Take(MunicipalityCode.TryFromNumber(number, out var code), code, state, out value);

    protected override bool TryDigits(ReadOnlySpan<byte> text, ReadState state, out string value) =>
        Take(MunicipalityCode.TryParse(text, out var code), code, state, out value);

    private bool Take(bool isKnown, MunicipalityCode code, ReadState state, out string value)
    {
        value = isKnown ? code.ToString() : "";
        if (!isKnown) state.Findings.Report(ReadingRules.UnknownMunicipality, Field);
        return isKnown;
    }
}

/// <summary>Six digits; or two, which the unit's municipality is put before when the block ends.</summary>
internal sealed class UrbanDistrictPlan(Field field, int scope, int slot) : NumberPlan<string>(field, scope, slot)
{
    public const int ShortLength = 2;

    protected override bool TryNumber(long number, ReadState state, out string value) =>
        Take(UrbanDistrictCode.TryFromNumber(number, out var code), code, state, out value);

    protected override bool TryDigits(ReadOnlySpan<byte> text, ReadState state, out string value)
    {
        if (text.Length != ShortLength || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return Take(UrbanDistrictCode.TryParse(text, out var code), code, state, out value);
        }

        value = state.Strings.Get(text);
        return !text.SequenceEqual("00"u8); // 00 says that the municipality has no districts.
    }

    private bool Take(bool isKnown, UrbanDistrictCode code, ReadState state, out string value)
    {
        value = isKnown ? code.ToString() : "";
        if (!isKnown) state.Findings.Report(ReadingRules.UnknownDistrict, Field);
        return isKnown;
    }
}

internal sealed class HprPlan(Field field, int scope, int slot) : NumberPlan<long>(field, scope, slot)
{
    private const string Expected = "et HPR-nummer med 1–9 siffer";

    protected override bool TryNumber(long number, ReadState state, out long value) =>
        Take(HprNumber.TryFromNumber(number, out var hpr), hpr, state, out value);

    protected override bool TryDigits(ReadOnlySpan<byte> text, ReadState state, out long value) =>
        Take(HprNumber.TryParse(text, out var hpr), hpr, state, out value);

    private bool Take(bool isValid, HprNumber hpr, ReadState state, out long value)
    {
        value = hpr.Number;
        if (!isValid) state.Findings.Report(ReadingRules.OutOfRange, Field, Expected);
        return isValid;
    }
}
