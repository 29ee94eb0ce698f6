using Kilde.Quality.Cases;

namespace Kilde.Quality.Activity;

/// <summary>Amounts of one combination of keys.</summary>
/// <param name="Count">Which count of the form it belongs to.</param>
/// <param name="Keys">As the count's keys: a month 01–12, a code, a unit by name or local id.</param>
/// <param name="Amounts">As the count's amounts.</param>
public sealed record ActivityCell(
    string Count, Sector Sector, IReadOnlyList<string> Keys, IReadOnlyList<decimal> Amounts)
{
    public bool Equals(ActivityCell? other) =>
        other is not null && Count == other.Count && Sector == other.Sector && Keys.SequenceEqual(other.Keys)
        && Amounts.SequenceEqual(other.Amounts);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Count);
        hash.Add(Sector);
        foreach (var key in Keys) hash.Add(key);
        return hash.ToHashCode();
    }
}
