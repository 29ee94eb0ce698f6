using Microsoft.AspNetCore.Http;

namespace Kilde.Intake.Slash;

/// <summary>
/// The language a client wants to be refused in: the one it likes best in <c>Accept-Language</c> of those the register
/// writes. Bokmål when it asks for none, as FHI's own service answers.
/// </summary>
internal static class AskedLanguage
{
    public const string Bokmaal = "nb";

    // A header that is longer says nothing that anyone would ask for.
    private const int RangesMax = 20;

    /// <returns>A language tag that <see cref="Kernel.LocalizedText"/> knows.</returns>
    public static string Of(HttpRequest request) => request.Headers.AcceptLanguage.Count == 0
        ? Bokmaal
        : request.GetTypedHeaders().AcceptLanguage.Take(RangesMax)
            .Where(range => range.Quality is null or > 0)
            .OrderByDescending(range => range.Quality ?? 1)
            .Select(range => TagOf(range.Value.Value ?? ""))
            .FirstOrDefault(tag => tag is not null) ?? Bokmaal;

    private static string? TagOf(string range) => range.Split('-')[0].ToLowerInvariant() switch
    {
        "nb" or "no" => Bokmaal,
        "nn" => "nn",
        "en" => "en",
        _ => null,
    };
}
