namespace Kilde.Quality.Checks;

/// <summary>The words of table <c>quality.finding</c>.</summary>
internal static class FindingTable
{
    private static readonly Dictionary<string, FindingState> States = StoredWord.All<FindingState>();
    private static readonly Dictionary<string, FindingCause> Causes = StoredWord.All<FindingCause>();

    public static FindingState StateOf(string name) => States[name];

    public static string NameOf(FindingState state) => StoredWord.Of(state);

    public static FindingCause CauseOf(string name) => Causes[name];

    public static string NameOf(FindingCause cause) => StoredWord.Of(cause);
}
