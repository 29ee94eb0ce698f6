namespace Kilde.Definitions.Compiling;

/// <summary>Finds the word that was probably meant.</summary>
internal static class CloseMatch
{
    private const int DistanceMax = 3;

    /// <summary>«Mente du «x»?» when one of the words is near, otherwise the words that may stand there.</summary>
    public static string Advise(string written, IEnumerable<string> words)
    {
        var known = words.Order(StringComparer.Ordinal).ToArray();
        var nearest = known
            .Select(word => (word, distance: Distance(written.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(pair => pair.distance <= DistanceMax && pair.distance < pair.word.Length)
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.word)
            .FirstOrDefault();
        return nearest is not null ? $"Mente du «{nearest}»?" : $"Her kan det stå: {string.Join(", ", known)}.";
    }

    // Optimal string alignment: an insertion, a deletion, a change or a swap of two neighbours costs one.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                var cost = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost = Math.Min(cost, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = cost;
            }
        }

        return rows[a.Length, b.Length];
    }
}
