namespace Kilde.Definitions.Compiling;

/// <summary>A mistake in a definition file: where it stands, what is wrong, and what to do. Texts in bokmål.</summary>
/// <param name="Id">Stable id, <c>DEF-nnn</c>; the list stands in <c>docs/definitions.md</c>.</param>
/// <param name="File">Path within the folder of definitions.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record DefinitionMistake(string Id, string File, long Line, long Column, string Text, string Advice)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Id} {Text} {Advice}";
}

/// <summary>Definitions could not be loaded. Lists every mistake, not the first.</summary>
public sealed class DefinitionException(IReadOnlyList<DefinitionMistake> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes))
{
    public IReadOnlyList<DefinitionMistake> Mistakes { get; } = mistakes;
}
