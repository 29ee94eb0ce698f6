using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Checks;

/// <summary>
/// SQL in a definition file: part of one query, never a statement of its own. Definitions are reviewed as code is; this
/// finds mistakes, and is no wall against someone who may change them.
/// </summary>
internal static partial class SqlText
{
    public static void Hold(string sql, YamlNode at, string what, MistakeLog log)
    {
        if (Forbidden.IsMatch(sql))
        {
            log.Add("DEF-051", at, $"SQL-en i {what} har semikolon, kommentar eller en setning som endrer data.",
                "Skriv bare uttrykket eller spørringen, uten semikolon og kommentarer.");
        }

        if (Unquoted(sql).Count(letter => letter == '(') != Unquoted(sql).Count(letter => letter == ')'))
            log.Add("DEF-051", at, $"Parentesene i {what} går ikke opp.", "Sjekk at hver parentes er lukket.");
    }

    private static string Unquoted(string sql) => Quoted.Replace(sql, "");

    [GeneratedRegex(
        @";|--|/\*|\b(insert|update|delete|merge|drop|alter|create|grant|copy|call|do|set|truncate)\s",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Forbidden { get; }

    [GeneratedRegex("'[^']*'", RegexOptions.None, 1000)]
    private static partial Regex Quoted { get; }
}
