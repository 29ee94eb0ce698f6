using Kilde.Kernel;
using Kilde.Quality.Figures;

namespace Kilde.Portal.Figures;

/// <summary>Figures in words and numbers a reader knows.</summary>
internal static class FigureWords
{
    /// <summary>Change in percent with its sign; a dash where there is nothing to hold it against.</summary>
    public static string Change(Measured? now, Measured? before)
    {
        if (now is null || before is null) return "–";
        if (before.Value.Persons == 0) return now.Value.Persons == 0 ? "–" : "Ny";
        var percent = Math.Round(100m * (now.Value.Persons - before.Value.Persons) / before.Value.Persons);
        return percent switch { > 0 => $"+{percent} %", < 0 => $"−{-percent} %", _ => "0 %" };
    }

    /// <summary>A whole sentence of how the number has changed.</summary>
    public static string ChangeInWords(Measured? now, Measured? before, int year) =>
        (now?.Persons, before?.Persons) switch
        {
            ({ } told, { } was) when was > 0 && told > was =>
                $"{Math.Round(100m * (told - was) / was)} % flere enn i {year - 1}",
            ({ } told, { } was) when was > 0 && told < was =>
                $"{Math.Round(100m * (was - told) / was)} % færre enn i {year - 1}",
            ({ } told, { } was) when told == was => $"Som i {year - 1}",
            _ => $"Ingen tall fra {year - 1}",
        };

    public static string Share(long persons, long of) => of == 0 ? "–" : $"{Math.Round(100m * persons / of)} %";

    public static string Share(Measured? measured) => measured is { } told ? Share(told.Persons, told.Basis) : "–";

    public static string Persons(Measured? measured) => measured is { } told ? Norwegian.Number(told.Persons) : "–";

    public static string? Mean(Measured? measured) =>
        measured?.Mean is { } mean ? Norwegian.Number(decimal.Round(mean, 1)) : null;
}
