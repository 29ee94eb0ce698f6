using Kilde.Platform.SignIn;
using Kilde.Portal.Shell;
using Kilde.Quality.Figures;
using Microsoft.AspNetCore.WebUtilities;

namespace Kilde.Portal.Figures;

/// <summary>What a user asks of the figures, as it stands in the address.</summary>
/// <param name="Unit">Whose, when staff ask; a sender's is always its own.</param>
public sealed record FigureQuery(int? Year, string? Unit)
{
    public const string Path = "/tall";
    public const string CsvPath = "/tall.csv";
    public const string WorkbookPath = "/tall.xlsx";

    public static FigureQuery Read(string? year, string? unit) => new(Asked.Year(year), Asked.Text(unit));

    /// <summary>
    /// The figures the user may see: follows from who they are, and only for staff from the address. Null when staff
    /// have not said whose.
    /// </summary>
    public FigureScope? ScopeFor(SignedInUser user)
    {
        if (user is { HasFigures: true, Unit: { } own })
            return new FigureScope(own, user.Part?.ToString(), IsOwner: user.SpeaksForUnit);
        return user.IsStaff && AskedNumber.Read(Unit).Number is { } asked
            ? new FigureScope(asked, Part: null, IsOwner: false)
            : null;
    }

    public string Url(string path) => QueryHelpers.AddQueryString(path, new[]
    {
        ("aar", Year?.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("enhet", Unit),
    }.Where(part => part.Item2 is not null).Select(part => KeyValuePair.Create(part.Item1, part.Item2)));
}
