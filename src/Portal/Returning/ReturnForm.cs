using Kilde.Kernel;
using Kilde.Portal.Shell;
using Kilde.Quality.Contacts;
using Kilde.Quality.Declaration;
using Kilde.Register.Returning;
using Microsoft.AspNetCore.Http;

namespace Kilde.Portal.Returning;

/// <summary>A standing return as a sender typed it, so that a mistake is shown beside what was typed.</summary>
internal sealed record ReturnForm(string Area, string Year, string Email)
{
    public static ReturnForm Empty { get; } = new("", "", "");

    public static ReturnForm Of(IFormCollection form) => new(
        form["omrade"].ToString(), form["aar"].ToString().Trim(), form["epost"].ToString().Trim());

    /// <summary>What is asked for; or what is wrong, by the id of the field.</summary>
    public ReturnedRecords Parse(
        IReadOnlyList<DeclaredArea> areas, Texts texts, out IReadOnlyDictionary<string, string> mistakes)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        mistakes = wrong;
        var area = areas.FirstOrDefault(each => KeyOf(each) == Area);
        if (area is null) wrong["omrade"] = texts["returning.mistake.area"];
        if (!DataYear.TryParse(Year, provider: null, out var from) && Year.Length > 0)
            wrong["aar"] = texts["returning.mistake.year"];
        if (EmailAddress.Normalise(Email) is null) wrong["epost"] = texts["returning.mistake.email"];
        return new ReturnedRecords(
            area is null ? null : new RegisterArea(area.Register, area.Area), Year.Length > 0 ? from : null);
    }

    public static string KeyOf(DeclaredArea area) => $"{area.Register}-{area.Area}";
}
