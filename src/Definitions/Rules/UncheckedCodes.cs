using System.Globalization;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>
/// Codes that a rule would have held against their code system, had the installation had it for the year. Told, so that
/// nobody takes silence for correctness.
/// </summary>
internal sealed class UncheckedCodes(CodeSystemCatalogue codeSystems) : IPartCounts
{
    /// <summary>Systems and years kept; a message that tells of more has nonsense for days.</summary>
    private const int EntriesMax = 100;

    private readonly Dictionary<(CodeSystem System, int Year), int> _places = [];
    private readonly List<(CodeSystem System, int Year)> _entries = [];
    private readonly List<long> _counts = [];
    private readonly PartCounter _ofParts = new();

    public IReadOnlyList<UncheckedSystem> All =>
    [
        .. _entries.Select((one, place) => new UncheckedSystem(
                one.System.Letter, one.System.Title, one.Year, _counts[place]))
            .OrderBy(one => one.Letter, StringComparer.Ordinal).ThenBy(one => one.Year),
    ];

    public IReadOnlyList<string> Counted =>
        [.. _entries.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Year} {one.System.Letter}"))];

    public IEnumerable<PartCount> OfParts => _ofParts.All;

    public void Count(CodeSystem system, int year, int part)
    {
        if (PlaceOf(system, year) is not { } place) return;
        _counts[place]++;
        if (part > 0) _ofParts.Add(part, place);
    }

    public void Add(string counted, int times)
    {
        var year = int.Parse(counted.AsSpan(0, counted.IndexOf(' ')), CultureInfo.InvariantCulture);
        if (codeSystems.Find(counted[(counted.IndexOf(' ') + 1)..]) is { } system
            && PlaceOf(system, year) is { } place) _counts[place] += times;
    }

    private int? PlaceOf(CodeSystem system, int year)
    {
        if (_places.TryGetValue((system, year), out var known)) return known;
        if (_entries.Count >= EntriesMax) return null;
        _entries.Add((system, year));
        _counts.Add(0);
        return _places[(system, year)] = _entries.Count - 1;
    }
}
