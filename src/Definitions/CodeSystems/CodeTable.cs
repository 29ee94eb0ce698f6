using System.Collections.Frozen;
using Kilde.Kernel;

namespace Kilde.Definitions.CodeSystems;

/// <summary>A code with the days it was valid.</summary>
internal readonly record struct ValidCode(string Code, Validity Validity, string? Title);

/// <summary>
/// The codes of one system. A day that lies within no code's validity is a day whose codes nobody has fetched, so
/// nothing is said of it.
/// </summary>
internal sealed class CodeTable
{
    private readonly FrozenDictionary<string, ValidCode[]> _codes;
    private readonly FrozenDictionary<string, ValidCode[]>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public CodeTable(IReadOnlyCollection<ValidCode> codes)
    {
        Count = codes.Count;
        Covered = CoveredBy(codes);
        _codes = codes.GroupBy(code => code.Code, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        _bySpan = _codes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count { get; }

    public IReadOnlyList<Validity> Covered { get; }

    public CodeStanding Holds(ReadOnlySpan<char> code, DateOnly day)
    {
        if (_bySpan.TryGetValue(code, out var found))
        {
            foreach (var one in found)
            {
                if (one.Validity.Includes(day)) return CodeStanding.Valid;
            }
        }

        for (var i = 0; i < Covered.Count; i++)
        {
            if (Covered[i].Includes(day)) return CodeStanding.NotValid;
        }

        return CodeStanding.Unknown;
    }

    public string? TitleOf(ReadOnlySpan<char> code, DateOnly day) => _bySpan.TryGetValue(code, out var found)
        ? found.FirstOrDefault(one => one.Validity.Includes(day)).Title
        : null;

    private static List<Validity> CoveredBy(IEnumerable<ValidCode> codes)
    {
        var covered = new List<Validity>();
        foreach (var validity in codes.Select(code => code.Validity).Distinct()
            .OrderBy(validity => validity.From ?? DateOnly.MinValue))
        {
            // An edition follows the day after the one before it ends.
            if (covered.Count > 0 && (covered[^1].To is not { } to || to == DateOnly.MaxValue
                || (validity.From ?? DateOnly.MinValue) <= to.AddDays(1)))
            {
                var last = covered[^1];
                var end = last.To is null || validity.To is null ? null
                    : last.To > validity.To ? last.To : validity.To;
                covered[^1] = last with { To = end };
            }
            else
            {
                covered.Add(validity);
            }
        }

        return covered;
    }
}
