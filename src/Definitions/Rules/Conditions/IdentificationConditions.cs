using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Rules;

/// <summary>How a unit may be identified (NPR's kinds A, B, C and X).</summary>
[Flags]
internal enum UnitKinds
{
    None = 0,

    /// <summary>Nine digits of Enhetsregisteret, with control digit.</summary>
    A = 1,

    /// <summary>A RESH id, for contract specialists: at most eight digits.</summary>
    B = 2,

    /// <summary>An organisation number and a tenth digit for the part that sends its own file.</summary>
    C = 4,

    /// <summary>
    /// A number agreed with the register, for units that Enhetsregisteret does not take. Letters and digits, so that it
    /// is no other kind written wrong; whether it was agreed is asked when the sender is.
    /// </summary>
    X = 8,
}

/// <summary>The unit is identified in one of the ways that hold here.</summary>
internal sealed class UnitNumberCondition(Operand asked, UnitKinds kinds) : Condition
{
    private const int ReshDigitsMax = 8;
    private const int PartLength = 10;
    private const int AgreedCharactersMax = 20;
    private const int GivenOutMin = 810_000_000;
    private const int NineNines = 999_999_999;

    // Radiotherapy, radiology, radiology doses, injuries, emergency dispatch.
    private const string Parts = "01239";

    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var texts = subjects.Texts(asked);
        var message = subjects.Scene.Message;
        foreach (var subject in among)
        {
            var text = texts[subject];
            if (text.IsPresent && !NotRead.IsIn(text) && !IsOf(text.Span, kinds, message)) among.Remove(subject);
        }
    }

    public static bool IsOf(ReadOnlySpan<char> text, UnitKinds kinds, MessageFacts message)
    {
        if (text.Length == 0) return false;
        if (text.ContainsAnyExceptInRange('0', '9')) return kinds.HasFlag(UnitKinds.X) && IsAgreed(text);
        if (kinds.HasFlag(UnitKinds.B) && text.Length <= ReshDigitsMax) return true;
        if (kinds.HasFlag(UnitKinds.A) && OrganizationNumber.TryParseForValidation(text, out var whole))
            return IsGivenOut(whole, message);
        return kinds.HasFlag(UnitKinds.C) && text.Length == PartLength && Parts.Contains(text[^1])
            && OrganizationNumber.TryParseForValidation(text[..^1], out var part) && IsGivenOut(part, message);
    }

    // A word such as «utenbys» is no number (R7.23).
    private static bool IsAgreed(ReadOnlySpan<char> text)
    {
        if (text.Length > AgreedCharactersMax || !text.ContainsAnyInRange('0', '9')) return false;
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter)) return false;
        }

        return true;
    }

    // Nine nines satisfy the control digit, and stand for «unknown» in many a system (R7.23). 777 777 777 is right
    // where vendors validate, and wrong in what is sent to a register (F11).
    private static bool IsGivenOut(OrganizationNumber number, MessageFacts message) =>
        number.Number != NineNines
        && (number.Number >= GivenOutMin
            || (number.IsSynthetic && message.TakesSyntheticUnits)
            || (number == OrganizationNumber.ValidationOnly && message.TakesValidationUnit));
}

/// <summary>The municipality exists on the day, or is one of the marks for those who live in none.</summary>
/// <param name="on">The first of these days that stands there.</param>
internal sealed class MunicipalityCondition(Operand asked, IReadOnlyList<Operand> on) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var texts = subjects.Texts(asked);
        var days = subjects.FirstOf(on);
        foreach (var subject in among)
        {
            var text = texts[subject];
            if (!text.IsPresent || NotRead.IsIn(text)) continue;
            var isKept = Residence.IsKnown(text.Span, out var municipality)
                && (municipality is not { } told || !days[subject].IsPresent
                    || told.IsInUse(days[subject].Day.Year));
            if (!isKept) among.Remove(subject);
        }
    }
}

/// <summary>
/// The value is one that the sending tells of: a unit it refers to is described, or is described with what it should
/// have. Judged when all is read, since what is referred to may come later; so it always holds here.
/// </summary>
internal sealed class ReferenceCondition(Operand asked, string table, Operand target) : Condition
{
    /// <summary>What the record that is referred to should have; null when it only has to be there.</summary>
    public Operand? Has { get; init; }

    /// <summary>True when only records of the same person are meant.</summary>
    public bool IsOfPerson { get; init; }

    public override Operand Place => asked;

    /// <summary>Table of the record that is referred to.</summary>
    public string Table => table;

    /// <summary>What the record is referred to by.</summary>
    public Operand Target => target;

    public override void Keep(Table subjects, Selection among)
    {
        var texts = subjects.Texts(asked);
        foreach (var subject in among)
        {
            if (texts[subject] is { IsPresent: true } text)
                subjects.Scene.References.Ask(this, subjects, subject, text.ToString());
        }
    }
}
