using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Where the rows of a batch stand in an XML message: numbers that a place is made of, if somebody must be told one.
/// </summary>
/// <param name="lines">The line each begins on; 0 when not known.</param>
/// <param name="positions">
/// For each row, the place among its siblings of each repeated element it stands in or is, the outermost first.
/// </param>
/// <param name="gaps">Rows that something was left out of: what is kept of them is numbered otherwise.</param>
public sealed class RowPlaces(int[] lines, int[] positions, IReadOnlyList<int> gaps)
{
    private readonly int _depth = lines.Length == 0 ? 0 : positions.Length / lines.Length;

    public int LineOf(int row) => lines[row];

    public int PositionOf(int row, int level) => positions[(row * _depth) + level];

    public bool HasGaps(int row) => gaps.Contains(row);
}

/// <summary>How places in XML messages are written, by whoever tells one: XPath with the sender's own ids.</summary>
internal static class PlaceText
{
    private const int IdCharactersMax = 50;

    /// <param name="id">Of the item that the element is found by; null when it has none.</param>
    /// <param name="position">Among its siblings of the same name, from 1; 0 when not known.</param>
    public static string Step(XmlNode node, XmlItem? by, string? id, int position)
    {
        if (by is not null && id is not null && IsHarmless(id)) return $"{node.Name}[@{by.Name}='{id}']";
        return node.IsRepeated && position > 0 ? $"{node.Name}[{position}]" : node.Name;
    }

    /// <param name="line">0 when not known.</param>
    /// <param name="number">Of the element among all of its kind in the record; 0 when the place tells which.</param>
    public static string With(string place, int line, int number = 0) => (line, number) switch
    {
        (0, 0) => place,
        (0, _) => $"{place} (nr. {number})",
        (_, 0) => $"{place} (linje {line})",
        _ => $"{place} (nr. {number}, linje {line})",
    };

    private static bool IsHarmless(string id) =>
        id.Length is > 0 and <= IdCharactersMax && !id.Contains('\'') && !id.Any(char.IsControl)
        && !IdentifierInText.IsIn(id);
}
