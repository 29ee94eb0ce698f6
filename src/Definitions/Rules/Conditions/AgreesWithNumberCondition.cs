using Kilde.Kernel;

namespace Kilde.Definitions.Rules;

/// <summary>What the digits of a number may be held against.</summary>
internal enum NumberPart
{
    Sex,
    BirthYear,
}

/// <summary>
/// The sex or birth year that stands in the message agrees with the number its record names the person by. Where the
/// number holds neither, or no number stands there, nothing is judged.
/// </summary>
internal sealed class AgreesWithNumberCondition(Operand asked, NumberPart part) : Condition
{
    // Volven 3101. The other codes say that the sex is not known, or not told.
    private const string Man = "1";
    private const string Woman = "2";

    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        if (part == NumberPart.Sex) KeepBySex(subjects, among);
        else KeepByYear(subjects, among);
    }

    // Of a sex that differs, the one that is told tells the other.
    public override string? Shown(Table subjects, int subject) => null;

    private void KeepBySex(Table subjects, Selection among)
    {
        var texts = subjects.Texts(asked);
        foreach (var subject in among)
        {
            var text = texts[subject];
            bool? isFemale = text.Is(Woman) ? true : text.Is(Man) ? false : null;
            if (Differs(subjects, subject, null, isFemale, NumberAgreement.SexDiffers)) among.Remove(subject);
        }
    }

    private void KeepByYear(Table subjects, Selection among)
    {
        var days = subjects.Moments(asked);
        foreach (var subject in among)
        {
            int? year = days[subject].IsPresent ? days[subject].Day.Year : null;
            if (Differs(subjects, subject, year, null, NumberAgreement.BirthYearDiffers)) among.Remove(subject);
        }
    }

    private static bool Differs(Table subjects, int subject, int? year, bool? isFemale, NumberAgreement difference)
    {
        var person = subjects.Scene.Batch!.Persons[subjects.RowOf(subject)];
        return NumberQualityCheck.Compare(person.Primary, year, isFemale) == difference;
    }
}
