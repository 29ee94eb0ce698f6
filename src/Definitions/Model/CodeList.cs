using Kilde.Kernel;

namespace Kilde.Definitions.Model;

/// <summary>
/// A code list (kodeverk) as the register binds it: codes with their texts and the days they may be used.
/// </summary>
public sealed class CodeList
{
    /// <summary>Volven number, for example <c>9505</c>, or a short name of Kilde's own.</summary>
    public required string Id { get; init; }

    public required LocalizedText Titles { get; init; }

    /// <summary>What it is called, in bokmål.</summary>
    public string Title => Titles.Nb;

    /// <summary>Null for lists that have none.</summary>
    public string? Oid { get; init; }

    /// <summary>Where the codes come from; <c>Kilde</c> when the national list is not public.</summary>
    public required string Source { get; init; }

    public required IReadOnlyList<Code> Codes { get; init; }

    /// <summary>Null when the list has no such code on any day.</summary>
    public Code? Find(string value) => Codes.FirstOrDefault(code => code.Value.Value == value);

    /// <summary>True when some code is not valid on every day, so that the day of the event matters.</summary>
    public bool IsDated => Codes.Any(code => code.Validity != Validity.Always);
}
