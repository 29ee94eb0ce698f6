using Kilde.Platform.SignIn;
using Kilde.Quality.Overview;
using Microsoft.AspNetCore.WebUtilities;

namespace Kilde.Portal.Vendors;

/// <summary>Which product is asked for, and what of it the user may see.</summary>
internal static class ProductQuery
{
    public const string Path = "/leverandorer/fagsystem";

    private const int CharactersMax = 200;
    private const int Days = 365;

    public static string Url(SystemName product, int? year = null) => QueryHelpers.AddQueryString(
        Path,
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["leverandor"] = product.Vendor, ["produkt"] = product.Product, ["aar"] = year?.ToString(provider: null),
        }.Where(part => part.Value is not null));

    /// <summary>Null when the address names none.</summary>
    public static SystemName? Read(string? vendor, string? product) =>
        vendor is { Length: > 0 and <= CharactersMax } && product is { Length: > 0 and <= CharactersMax }
            ? new SystemName(vendor, product)
            : null;

    /// <summary>
    /// The last year's submissions that the user may be told of. A vendor's are those its own clients sent, whatever
    /// the messages call their vendor: a name can be written by anyone.
    /// </summary>
    public static SystemFilter FilterFor(SignedInUser user, DateTimeOffset now, SystemName? product) => new(
        now.AddDays(-Days),
        user.IsStaff
            ? null
            : user.Unit ?? throw new InvalidOperationException("A vendor without an organisation has come in."),
        product);
}
