using Kilde.Portal.Shell;
using Kilde.Quality.Figures;

namespace Kilde.Portal.Figures;

/// <summary>Figures in words and numbers a reader knows.</summary>
internal static class FigureWords
{
    private const string Nothing = "–";

    // Of fewer persons a percentage says more than there is: two and then twenty-seven is 1 250 % more.
    private const int PercentOfMin = 10;

    /// <summary>
    /// Change in percent, or in persons where they were few, with its sign; a dash where there is nothing to hold it
    /// against.
    /// </summary>
    public static string Change(this Texts texts, Measured? now, Measured? before)
    {
        if (now is null || before is null) return Nothing;
        if (before.Value.Persons == 0) return now.Value.Persons == 0 ? Nothing : texts["figures.new"];
        if (before.Value.Persons < PercentOfMin)
        {
            var more = now.Value.Persons - before.Value.Persons;
            return more switch
            {
                > 0 => texts["figures.change.more", more],
                < 0 => texts["figures.change.fewer", -more],
                _ => Percent(texts, texts.Of(0L)),
            };
        }

        var percent = Math.Round(100m * (now.Value.Persons - before.Value.Persons) / before.Value.Persons);
        return Percent(texts, percent > 0 ? "+" + texts.Of(percent) : texts.Of(percent));
    }

    /// <summary>A whole sentence of how the number has changed.</summary>
    public static string ChangeInWords(this Texts texts, Measured? now, Measured? before, int year)
    {
        var last = $"{year - 1}";
        return (now?.Persons, before?.Persons) switch
        {
            ({ } told, { } was) when was < PercentOfMin && told > was =>
                texts["figures.more", texts.Of(told - was), last],
            ({ } told, { } was) when was < PercentOfMin && told < was =>
                texts["figures.fewer", texts.Of(was - told), last],
            ({ } told, { } was) when told > was =>
                texts["figures.more", Share(texts, told - was, was), last],
            ({ } told, { } was) when told < was =>
                texts["figures.fewer", Share(texts, was - told, was), last],
            ({ } told, { } was) when told == was => texts["figures.same", last],
            _ => texts["figures.noneBefore", last],
        };
    }

    public static string Share(this Texts texts, long persons, long of) =>
        of == 0 ? Nothing : Percent(texts, texts.Of(Math.Round(100m * persons / of)));

    public static string Share(this Texts texts, Measured? measured) =>
        measured is { } told ? Share(texts, told.Persons, told.Basis) : Nothing;

    public static string Persons(this Texts texts, Measured? measured) =>
        measured is { } told ? texts.Of(told.Persons) : Nothing;

    public static string? Mean(this Texts texts, Measured? measured) =>
        measured?.Mean is { } mean ? texts.Of(decimal.Round(mean, 1)) : null;

    private static string Percent(Texts texts, string number) => texts["format.percent", number];
}
