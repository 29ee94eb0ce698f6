using System.Collections.Frozen;
using System.Text;

namespace Kilde.Definitions.Compiling;

/// <summary>Column and table names from wire names: <c>/hoydeMaaling/hoyde</c> is <c>hoyde_maaling_hoyde</c>.</summary>
internal static class ColumnNames
{
    /// <summary>PostgreSQL cuts names after 63 bytes; room is left for suffixes of indexes and twins.</summary>
    private const int LengthMax = 48;

    // The fixed columns of every record table, and words SQL keeps for itself.
    private static readonly FrozenSet<string> Taken = new[]
    {
        "person_key", "identifier_key", "record_key", "local_id", "sender", "unit", "row_hash", "submission_id",
        "since", "until", "batch_no", "register", "data_year", "is_deleted", "all", "and", "any", "array", "as",
        "asc", "both", "case", "cast", "check", "collate", "column", "constraint", "create", "default", "desc",
        "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign", "from", "grant", "group",
        "having", "in", "into", "limit", "not", "null", "offset", "on", "only", "or", "order", "primary",
        "references", "returning", "select", "some", "table", "then", "to", "true", "union", "unique", "user",
        "using", "when", "where", "window", "with",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= LengthMax && name[0] is >= 'a' and <= 'z'
        && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_') && !Taken.Contains(name);

    public static string Of(string path)
    {
        var name = new StringBuilder(path.Length + 8);
        var isUpper = false;
        foreach (var letter in path.TrimStart('/'))
        {
            // A run of capitals is one word: episodeGUID is episode_guid.
            var isNewWord = char.IsUpper(letter) && !isUpper;
            isUpper = char.IsUpper(letter);
            if (letter is '/' or '-' or '_') name.Append('_');
            else if (isNewWord) Underscored(name).Append(Plain(char.ToLowerInvariant(letter)));
            else name.Append(Plain(char.ToLowerInvariant(letter)));
        }

        var text = name.ToString();
        return Taken.Contains(text) ? text + "_" : text;
    }

    private static StringBuilder Underscored(StringBuilder name) =>
        name.Length > 0 && name[^1] != '_' ? name.Append('_') : name;

    private static string Plain(char letter) => letter switch
    {
        'æ' => "ae",
        'ø' => "o",
        'å' => "a",
        _ => letter.ToString(),
    };
}
