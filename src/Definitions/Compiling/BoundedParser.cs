using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kilde.Definitions.Compiling;

/// <summary>
/// Reads YAML, and stops at what has no bottom before anything is built of it: brackets in brackets without end, a part
/// that holds itself, and parts repeated in parts that are repeated.
/// </summary>
internal sealed class BoundedParser(TextReader text) : IParser
{
    /// <summary>Levels of YAML; the deepest definition has a third of them.</summary>
    private const int LevelsMax = 50;

    /// <summary>Parts, with what is repeated counted each time; the largest definition has a tenth of them.</summary>
    private const int PartsMax = 200_000;

    private readonly Parser _parser = new(text);
    private readonly Stack<(AnchorName Name, int Before)> _open = new();
    private readonly Dictionary<AnchorName, int> _sizes = [];
    private int _parts;

    public ParsingEvent? Current => _parser.Current;

    /// <exception cref="BottomlessException">What comes has no bottom.</exception>
    public bool MoveNext()
    {
        if (!_parser.MoveNext()) return false;
        var part = _parser.Current!;
        return Take(part) is var (what, advice) ? throw new BottomlessException(part, what, advice) : true;
    }

    private (string What, string Advice)? Take(ParsingEvent part)
    {
        _parts++;
        switch (part)
        {
            case AnchorAlias { Value: var name } when _sizes.TryGetValue(name, out var size):
                _parts += size;
                break;
            case AnchorAlias { Value: var name }:
                return ($"«*{name}» viser ikke til noe som er ferdig lenger opp i filen.", "Skriv det ut her.");
            case MappingStart or SequenceStart:
                _open.Push((((NodeEvent)part).Anchor, _parts));
                break;
            case MappingEnd or SequenceEnd:
                var (closed, before) = _open.Pop();
                if (!closed.IsEmpty) _sizes[closed] = _parts - before;
                break;
            case Scalar { Anchor: { IsEmpty: false } name }:
                _sizes[name] = 1;
                break;
        }

        if (_open.Count > LevelsMax)
            return ($"Filen er nestet dypere enn {LevelsMax} nivåer.", "Se etter en klamme som ikke er lukket.");
        return _parts > PartsMax
            ? ("Filen gjentar deler med * for mange ganger.", "Skriv det ut, eller del opp.")
            : null;
    }
}

/// <summary>YAML that has no bottom.</summary>
internal sealed class BottomlessException(ParsingEvent at, string what, string advice)
    : YamlException(at.Start, at.End, what)
{
    public string Advice => advice;
}
