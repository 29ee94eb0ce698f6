using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>Finds a code among those of a list without making a string of it.</summary>
internal sealed class CodeTable
{
    private readonly Code[][] _buckets;

    public CodeTable(CodeList list)
    {
        Name = $"{list.Title} ({list.Id})";
        _buckets = new Code[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(list.Codes.Count * 2) + 1)][];
        foreach (var group in list.Codes.GroupBy(code => Hash(code.Value.Value) & (_buckets.Length - 1)))
            _buckets[group.Key] = [.. group];
    }

    /// <summary>The list in words, for findings.</summary>
    public string Name { get; }

    /// <summary>
    /// The code as the list writes it; null when it is in none. A code that has several periods is valid in any.
    /// </summary>
    public string? Find(ReadOnlySpan<char> text, DateOnly? day, out bool isValid)
    {
        isValid = false;
        string? found = null;
        foreach (var code in _buckets[Hash(text) & (_buckets.Length - 1)] ?? [])
        {
            if (!text.SequenceEqual(code.Value.Value)) continue;
            found = code.Value.Value;
            isValid |= day is null || code.Validity.Includes(day.Value);
        }

        return found;
    }

    private static int Hash(ReadOnlySpan<char> text)
    {
        var hash = (uint)text.Length;
        foreach (var letter in text) hash = unchecked((hash * 31) + letter);
        return (int)((hash ^ (hash >> 15)) & int.MaxValue);
    }
}
