namespace Kilde.Quality.Documents;

/// <summary>The name of a file in the reader's folder: what, of whom, when.</summary>
public static class FileName
{
    /// <summary>Those of the parts that say something, in letters that every system takes.</summary>
    public static string Of(string ending, params IEnumerable<string?> parts)
    {
        var words = string.Join('-', parts.Where(part => part is { Length: > 0 }))
            .Replace("æ", "ae", StringComparison.OrdinalIgnoreCase)
            .Replace("ø", "o", StringComparison.OrdinalIgnoreCase)
            .Replace("å", "a", StringComparison.OrdinalIgnoreCase)
            .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '-');
        return string.Join('-', string.Concat(words).Split('-', StringSplitOptions.RemoveEmptyEntries)) + "." + ending;
    }
}
