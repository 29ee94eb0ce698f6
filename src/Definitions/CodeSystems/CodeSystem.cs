using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Kilde.Kernel;

namespace Kilde.Definitions.CodeSystems;

/// <summary>What is known of a code on a day.</summary>
public enum CodeStanding
{
    /// <summary>The codes of that day are not at hand, so nothing can be said.</summary>
    Unknown = 0,
    Valid,
    NotValid,
}

/// <summary>
/// A medical code system (Volven 8410): how its codes are written and, where the installation has them, the codes with
/// the days they were valid. The codes belong to others and are no part of the source (ADR 110).
/// </summary>
public sealed class CodeSystem
{
    // What hostile messages may fill is bounded.
    private const int SeenMax = 50_000;
    private const int SeenCharactersMax = 20;

    private readonly IReadOnlyList<Regex> _forms;
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> _seenBySpan;
    private int _seenCount;
    private readonly IReadOnlyList<CodeTable> _codes;

    internal CodeSystem(string letter, string title, IReadOnlyList<Regex> forms, IReadOnlyList<CodeTable> codes)
    {
        Letter = letter;
        Title = title;
        _forms = forms;
        _codes = codes;
        _seenBySpan = _seen.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The same system with other codes.</summary>
    internal CodeSystem With(CodeTable? codes) => new(Letter, Title, _forms, codes is null ? [] : [codes]);

    /// <summary>As messages write it, for example <c>D</c> for ICD-10.</summary>
    public string Letter { get; }

    public string Title { get; }

    /// <summary>True when the codes of some days are at hand.</summary>
    public bool HasCodes => _codes.Count > 0;

    /// <summary>How many codes are at hand, each validity counted.</summary>
    public int CodeCount => _codes.Sum(table => table.Count);

    /// <summary>The days whose codes are at hand.</summary>
    public IReadOnlyList<Validity> Covered => [.. _codes.SelectMany(table => table.Covered)];

    /// <summary>True when the code is written as its system writes them.</summary>
    public bool HasForm(ReadOnlySpan<char> code)
    {
        // The same few thousand stand in record after record, and a pattern takes ten times as long as a look-up.
        if (_seenBySpan.TryGetValue(code, out var hasForm)) return hasForm;
        hasForm = _forms.Count == 0;
        foreach (var form in _forms) hasForm |= form.IsMatch(code);
        if (code.Length <= SeenCharactersMax && Interlocked.Increment(ref _seenCount) <= SeenMax)
            _seen[code.ToString()] = hasForm;
        return hasForm;
    }

    /// <summary>For a letter that stands for several systems, valid in one of them is valid.</summary>
    public CodeStanding Holds(ReadOnlySpan<char> code, DateOnly day)
    {
        var standing = HasCodes ? CodeStanding.NotValid : CodeStanding.Unknown;
        foreach (var table in _codes)
        {
            var one = table.Holds(code, day);
            if (one == CodeStanding.Valid) return one;
            if (one == CodeStanding.Unknown) standing = one;
        }

        return standing;
    }

    /// <summary>The code's title on the day; null when the code or its title is not at hand.</summary>
    public string? TitleOf(ReadOnlySpan<char> code, DateOnly day)
    {
        foreach (var table in _codes)
        {
            if (table.TitleOf(code, day) is { } title) return title;
        }

        return null;
    }
}
