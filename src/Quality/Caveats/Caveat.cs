namespace Kilde.Quality.Caveats;

/// <summary>What a caveat does to figures.</summary>
public enum CaveatKind
{
    /// <summary>Nothing: it is told beside them.</summary>
    Noted = 1,

    /// <summary>Figures count the year before, marked, for as long as the unit has sent nothing of the year.</summary>
    Imputed,
}

/// <summary>What those who use a unit's data year are to know of it (<i>forbehold</i>, F59).</summary>
/// <param name="Unit">As it calls itself in its messages: a municipality number or an organisation number.</param>
/// <param name="Reason">In Norwegian, 1–500 characters, never of a person.</param>
public sealed record Caveat(
    Guid CaveatId, string Unit, int DataYear, CaveatKind Kind, string Reason, string RecordedBy,
    DateTimeOffset RecordedAt);

/// <summary>A caveat that no longer stands.</summary>
/// <param name="Reason">Why it was undone.</param>
public sealed record UndoneCaveat(Caveat Caveat, string Reason, string UndoneBy, DateTimeOffset UndoneAt);
