namespace Kilde.Definitions.Model;

/// <summary>
/// What several scored items come to together, as data in <c>definitions/scores/</c>: the mean of the means of its
/// groups, so that each group weighs the same however many items it has. In SQL it is the function
/// <c>register.ID(items, scores)</c>. Its version is part of the id: a new method is a new score beside the old.
/// </summary>
/// <param name="Id">Lower snake_case with the version last: <c>need_level_1</c>.</param>
/// <param name="Min">The lowest value that is a score; what is outside is not relevant, and does not count.</param>
/// <param name="AtLeast">As many items of the groups have to be scored.</param>
/// <param name="Levels">By growing <see cref="ScoreLevel.UpTo"/>; the last has none.</param>
/// <param name="Otherwise">What it gives when fewer are scored.</param>
public sealed record Score(
    string Id, string Title, string Source, CodeList Items, int Min, int Max, int AtLeast,
    IReadOnlyList<ScoreGroup> Groups, IReadOnlyList<ScoreLevel> Levels, string Otherwise,
    IReadOnlyList<ScoreExample> Examples);

/// <param name="Items">Codes of <see cref="Score.Items"/>; each is in one group at most.</param>
public sealed record ScoreGroup(string Name, IReadOnlyList<string> Items);

/// <param name="UpTo">The highest mean it is given for; null: whatever is above the others.</param>
public sealed record ScoreLevel(string Gives, decimal? UpTo);

/// <param name="Scores">By item.</param>
public sealed record ScoreExample(string Title, IReadOnlyDictionary<string, int> Scores, string Gives);
