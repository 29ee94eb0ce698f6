using Kilde.Kernel;
using Kilde.Portal.Shell;
using Kilde.Quality.Caveats;

namespace Kilde.Portal.Components;

/// <summary>Caveats in words a reader knows.</summary>
internal static class CaveatWords
{
    /// <summary>Rygge (0136), or an organisation number.</summary>
    public static string UnitOf(this Texts texts, Caveat caveat) =>
        MunicipalityCode.TryParse(caveat.Unit, out var municipality) ? $"{municipality.Name} ({municipality})"
            : OrganizationNumber.TryParse(caveat.Unit, provider: null, out var number) ? texts.Of(number)
            : caveat.Unit;
}
