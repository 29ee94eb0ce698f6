using System.Text.RegularExpressions;
using Kilde.Definitions.CodeSystems;

namespace Kilde.Definitions.Rules;

/// <summary>The code is written as its medical code system (Volven 8410) writes codes.</summary>
internal sealed class CodeFormCondition(Operand code, SystemOfCode system) : Condition
{
    public override Operand Place => code;

    public override void Keep(Table subjects, Selection among)
    {
        var codes = subjects.Texts(code);
        var systems = new CodeSystemFinder(system, subjects);
        foreach (var subject in among)
        {
            if (codes[subject] is { IsPresent: true } text
                && systems.Find(subject) is { } known && !known.HasForm(text.Span)) among.Remove(subject);
        }
    }
}

/// <summary>
/// The code was valid on a day. Where the installation does not have the codes of that day, it is counted as not
/// checked.
/// </summary>
/// <param name="on">The first of these days that stands there; the end of the episode comes before its start.</param>
internal sealed class CodeExistsCondition(Operand code, SystemOfCode system, IReadOnlyList<Operand> on) : Condition
{
    public override Operand Place => code;

    public override void Keep(Table subjects, Selection among)
    {
        var codes = subjects.Texts(code);
        var systems = new CodeSystemFinder(system, subjects);
        var days = subjects.FirstOf(on);
        foreach (var subject in among)
        {
            if (codes[subject] is not { IsPresent: true } text || !days[subject].IsPresent
                || systems.Find(subject) is not { } known) continue;
            var standing = known.HasCodes ? known.Holds(text.Span, days[subject].Day) : CodeStanding.Unknown;
            if (standing == CodeStanding.NotValid) among.Remove(subject);
            else if (standing == CodeStanding.Unknown)
                subjects.Scene.Unchecked.Count(known, days[subject].Day.Year, subjects.PartOf(subject));
        }
    }
}

/// <summary>What tells a code's system: a letter beside it, or the rule itself.</summary>
internal sealed record SystemOfCode(Operand? Field, string? Letter);

/// <summary>Finds each code's system. The same letter stands in row after row.</summary>
internal ref struct CodeSystemFinder
{
    private readonly CodeSystemCatalogue _systems;
    private readonly View<Slice> _letters;
    private readonly bool _isOne;
    private Slice _letter;
    private CodeSystem? _known;

    public CodeSystemFinder(SystemOfCode system, Table subjects)
    {
        _systems = subjects.Scene.CodeSystems;
        _isOne = system.Letter is not null;
        if (system.Letter is { } letter) _known = _systems.Find(letter);
        else _letters = subjects.Texts(system.Field!);
    }

    public CodeSystem? Find(int subject)
    {
        if (_isOne) return _known;
        var letter = _letters[subject];
        if (!letter.IsPresent) return null;
        if (_letter.IsPresent && letter.IsSame(_letter)) return _known;
        _letter = letter;
        return _known = _systems.Find(letter.ToString());
    }
}

/// <summary>The value follows a pattern.</summary>
internal sealed class PatternCondition(Operand asked, Regex pattern) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var texts = subjects.Texts(asked);
        foreach (var subject in among)
        {
            var text = texts[subject];
            if (text.IsPresent && !pattern.IsMatch(text.Span)) among.Remove(subject);
        }
    }
}
