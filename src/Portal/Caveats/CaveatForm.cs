using Kilde.Kernel;
using Kilde.Portal.Shell;
using Kilde.Quality.Caveats;
using Microsoft.AspNetCore.Http;

namespace Kilde.Portal.Caveats;

/// <summary>A caveat as staff typed it, so that a mistake is shown beside what was typed.</summary>
internal sealed record CaveatForm(string Unit, string Year, CaveatKind Kind, string Reason)
{
    public static CaveatForm Empty { get; } = new("", "", CaveatKind.Noted, "");

    public static CaveatForm Of(IFormCollection form) => new(
        form["enhet"].ToString().Replace(" ", "", StringComparison.Ordinal), form["aar"].ToString().Trim(),
        Enum.TryParse<CaveatKind>(form["slag"], out var kind) && Enum.IsDefined(kind) ? kind : CaveatKind.Noted,
        form["grunn"].ToString().Trim());

    /// <summary>The data year; or what is wrong, by the id of the field.</summary>
    public DataYear Parse(Texts texts, out IReadOnlyDictionary<string, string> mistakes)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        mistakes = wrong;
        if (!RecordCaveat.IsUnit(Unit)) wrong["enhet"] = texts["caveats.mistake.unit"];
        if (!DataYear.TryParse(Year, provider: null, out var year)) wrong["aar"] = texts["mistake.year"];
        if (!RecordCaveat.IsReason(Reason))
            wrong["grunn"] = texts["caveats.mistake.reason", RecordCaveat.ReasonCharactersMax];
        return year;
    }
}
