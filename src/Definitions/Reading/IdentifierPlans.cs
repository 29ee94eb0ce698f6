using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>A national identifier of the person. It goes to the person block's cells and never to a column.</summary>
internal sealed class IdentifierPlan(Field field) : ValuePlan(field)
{
    private readonly PersonIdentifierKind _told = field.Type switch
    {
        FieldType.Fodselsnummer => PersonIdentifierKind.NationalIdentityNumber,
        FieldType.DNumber => PersonIdentifierKind.DNumber,
        FieldType.HNumber => PersonIdentifierKind.HNumber,
        FieldType.SharedHelpNumber => PersonIdentifierKind.SharedHelpNumber,
        FieldType.DufNumber => PersonIdentifierKind.DufNumber,
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    public override void Read(ref Utf8JsonReader json, ReadState state)
    {
        var identifier = default(PersonIdentifier);
        bool isValid;
        if (json.TokenType == JsonTokenType.Number && Field.Wire != WireValue.Text)
        {
            isValid = Utf8Parser.TryParse(json.ValueSpan, out long number, out var used)
                && used == json.ValueSpan.Length && TryNumber(number, out identifier);
        }
        else if (json.TokenType == JsonTokenType.String && Field.Wire != WireValue.Number)
        {
            if (!TryText(ref json, state, out var text)) return;
            isValid = TryDigits(text, out identifier);
        }
        else
        {
            WrongType(state, Field.Wire == WireValue.Either ? "en tekst eller et heltall" : "en tekst");
            return;
        }

        if (isValid) Admit(identifier, state);
        else state.Findings.Report(ReadingRules.InvalidIdentifier, Field);
    }

    // D-numbers often stand where a fødselsnummer is asked for: a valid number is taken for what it is.
    private bool TryNumber(long number, out PersonIdentifier identifier) =>
        PersonIdentifier.TryFromNumber(number, _told, out identifier)
        || PersonIdentifier.TryFromNumber(number, out identifier);

    private bool TryDigits(ReadOnlySpan<byte> text, out PersonIdentifier identifier) =>
        PersonIdentifier.TryParse(text, _told, out identifier) || PersonIdentifier.TryParse(text, out identifier);

    private void Admit(PersonIdentifier identifier, ReadState state)
    {
        if (!state.Options.Identifiers.TryAdmit(identifier, out var admitted))
        {
            // Help and DUF numbers have no synthetic series, so a test environment can only leave them out.
            var hasSynthetic = identifier.Kind is PersonIdentifierKind.NationalIdentityNumber
                or PersonIdentifierKind.DNumber;
            state.Findings.Report(hasSynthetic ? ReadingRules.NotOfThisEnvironment : ReadingRules.NotTakenHere, Field);
            return;
        }

        if (admitted.Kind != _told && identifier.Kind != _told) state.Findings.Report(ReadingRules.OtherKind, Field);
        if (!admitted.ControlDigitsHold) state.Findings.Report(ReadingRules.DoubtfulControlDigits, Field);
        state.Person.Add(admitted);
    }
}

/// <summary>The sender's own number of the person.</summary>
internal sealed class LocalPersonIdPlan(Field field) : ValuePlan(field)
{
    public override void Read(ref Utf8JsonReader json, ReadState state)
    {
        var isNumber = json.TokenType == JsonTokenType.Number && Field.Wire != WireValue.Text;
        if (!isNumber && json.TokenType != JsonTokenType.String)
        {
            WrongType(state, "en tekst");
            return;
        }

        if (!TryText(ref json, state, out var text)) return;
        if (TextRules.Hold(text, Field, state, out var isKept) || isKept)
        {
            state.Person.LocalId = Encoding.UTF8.GetString(text);
        }
    }
}
