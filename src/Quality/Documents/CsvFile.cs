using System.Text;

namespace Kilde.Quality.Documents;

/// <summary>
/// A table as Norwegian spreadsheets read it: UTF-8 with its mark, semicolons between, every cell in quotes (RFC 4180
/// with those differences). A cell that begins like a formula is text to whoever opens the file.
/// </summary>
public sealed class CsvFile
{
    public const string Type = "text/csv; charset=utf-8; header=present";

    private readonly StringBuilder _text = new("\uFEFF");

    public CsvFile(params IEnumerable<string> header) => Add(header);

    /// <summary>One line, for a file too large to be held: the writer's encoding writes the mark.</summary>
    public static string LineOf(params IEnumerable<string> cells) => $"{string.Join(';', cells.Select(Quoted))}\r\n";

    public void Add(params IEnumerable<string> cells) => _text.Append(LineOf(cells));

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private static string Quoted(string cell)
    {
        var isFormula = cell is ['=' or '+' or '-' or '@', ..];
        return $"\"{(isFormula ? "'" : "")}{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
