using System.Text.RegularExpressions;

namespace Kilde.Register.Tables;

/// <summary>
/// A table or column name that comes from a definition. Generated SQL holds such names and nothing else from
/// outside; values always travel as parameters.
/// </summary>
internal readonly partial record struct SqlName
{
    /// <summary>Leaves room for the suffixes of generated names within PostgreSQL's 63 bytes.</summary>
    internal const int CharactersMax = 46;

    private SqlName(string text) => Text = text;

    public string Text { get; }

    /// <summary>The name as SQL, always quoted: a definition may use a word that SQL keeps for itself.</summary>
    public override string ToString() => $"\"{Text}\"";

    public SqlName With(string suffix) => new(Text + suffix);

    /// <summary>Throws <see cref="InvalidRecordTableException"/> when the text is no safe name.</summary>
    public static SqlName Parse(string text) => text.Length <= CharactersMax && Safe.IsMatch(text)
        ? new SqlName(text)
        : throw new InvalidRecordTableException(
            $"'{text}' cannot name a table or column: use a–z, 0–9 and _, at most {CharactersMax} characters, "
            + "and begin with a letter.");

    [GeneratedRegex("^[a-z][a-z0-9_]*\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Safe { get; }
}
