using System.Runtime.InteropServices;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>
/// Codes that a rule would have held against their code system, had the installation had it for the year. Told, so that
/// nobody takes silence for correctness.
/// </summary>
internal sealed class UncheckedCodes
{
    /// <summary>Systems and years kept; a message that tells of more has nonsense for days.</summary>
    private const int EntriesMax = 100;

    private readonly Dictionary<(CodeSystem System, int Year), long> _counts = [];

    public IReadOnlyList<UncheckedSystem> All =>
    [
        .. _counts.Select(one => new UncheckedSystem(
                one.Key.System.Letter, one.Key.System.Title, one.Key.Year, one.Value))
            .OrderBy(one => one.Letter, StringComparer.Ordinal).ThenBy(one => one.Year),
    ];

    public void Count(CodeSystem system, int year)
    {
        if (_counts.Count >= EntriesMax && !_counts.ContainsKey((system, year))) return;
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, (system, year), out _)++;
    }
}
