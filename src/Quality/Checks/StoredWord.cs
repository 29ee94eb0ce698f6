using System.Text.Json;

namespace Kilde.Quality.Checks;

/// <summary>How values of an enumeration are written in tables: their names, with a small first letter.</summary>
public static class StoredWord
{
    public static Dictionary<string, T> All<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(Of, StringComparer.Ordinal);

    public static string Of<T>(T value)
        where T : struct, Enum =>
        JsonNamingPolicy.CamelCase.ConvertName($"{value}");
}
