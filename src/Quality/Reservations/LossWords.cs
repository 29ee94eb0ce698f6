using Kilde.Kernel;

namespace Kilde.Quality.Reservations;

/// <summary>
/// What groups of residents are called: by age and sex the number of the age group, and <c>1</c> for men, <c>2</c> for
/// women; by region the number of the county. What the population register has not said is left out of the code.
/// </summary>
internal static class LossWords
{
    public const int AgeUnknown = 9;

    private static readonly (string Years, bool HasMore)[] Ages =
        [("0–17", false), ("18–29", false), ("30–49", false), ("50–66", false), ("67–79", false), ("80", true)];

    private static readonly LocalizedText NoRegion = new("Ukjent bosted", "Ukjend bustad", "Residence unknown");
    private static readonly LocalizedText NoAge = new("Ukjent alder", "Ukjend alder", "Age unknown");

    public static LocalizedText Of(CountedGroup group) => group.By == LossBy.Region
        ? CountyCode.TryParse(group.Code, out var county) ? new LocalizedText(county.Name) : NoRegion
        : AgeAndSex(AgeOf(group.Code[0] - '0'), group.Code.Length > 1 ? group.Code[1] : default);

    private static LocalizedText AgeOf(int number)
    {
        if (number >= Ages.Length) return NoAge;
        var (years, hasMore) = Ages[number];
        return hasMore
            ? new LocalizedText($"{years} år og mer", $"{years} år og meir", $"{years} years and over")
            : new LocalizedText($"{years} år", $"{years} år", $"{years} years");
    }

    private static LocalizedText AgeAndSex(LocalizedText age, char sex) => sex switch
    {
        '1' => new LocalizedText($"{age.Nb}, menn", $"{age.Nn}, menn", $"{age.En}, men"),
        '2' => new LocalizedText($"{age.Nb}, kvinner", $"{age.Nn}, kvinner", $"{age.En}, women"),
        _ => new LocalizedText($"{age.Nb}, ukjent kjønn", $"{age.Nn}, ukjent kjønn", $"{age.En}, sex unknown"),
    };
}
