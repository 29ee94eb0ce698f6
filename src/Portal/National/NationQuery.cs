using System.Globalization;
using Kilde.Kernel;
using Kilde.Portal.Shell;
using Microsoft.AspNetCore.WebUtilities;

namespace Kilde.Portal.National;

/// <summary>What part of the country is asked for, by the address. What cannot be read is left out.</summary>
/// <param name="Year">Null for the newest that files have come of.</param>
public sealed record NationQuery(RegisterCode? Register, string? Type, int? Year, CountyCode? County)
{
    public const string Path = "/oppfolging/landet";
    public const string FilePath = "/oppfolging/landet.csv";

    private const int TypeCharactersMax = 100;

    public static NationQuery Read(string? register, string? type, string? year, string? county) => new(
        Enum.TryParse<RegisterCode>(register, ignoreCase: true, out var code) && Enum.IsDefined(code) ? code : null,
        type is { Length: > 0 and <= TypeCharactersMax } ? type : null,
        Asked.Year(year),
        CountyCode.TryParse(county, out var within) ? within : null);

    public string Url(string path) => QueryHelpers.AddQueryString(path, new[]
    {
        ("register", Register?.ToString().ToLowerInvariant()), ("type", Type),
        ("aar", Year?.ToString(CultureInfo.InvariantCulture)), ("fylke", County?.ToString()),
    }.Where(part => part.Item2 is not null).Select(part => KeyValuePair.Create(part.Item1, part.Item2)));
}
