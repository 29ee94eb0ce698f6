using System.Text.Json;

namespace Kilde.Quality.Checks;

/// <summary>The words of table <c>quality.finding</c>.</summary>
internal static class FindingTable
{
    private static readonly Dictionary<string, FindingState> States = Words<FindingState>();
    private static readonly Dictionary<string, FindingCause> Causes = Words<FindingCause>();

    public static FindingState StateOf(string name) => States[name];

    public static string NameOf(FindingState state) => Word(state);

    public static FindingCause CauseOf(string name) => Causes[name];

    public static string NameOf(FindingCause cause) => Word(cause);

    private static Dictionary<string, T> Words<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(Word, StringComparer.Ordinal);

    private static string Word<T>(T value)
        where T : struct, Enum =>
        JsonNamingPolicy.CamelCase.ConvertName($"{value}");
}
