using Kilde.Kernel;

namespace Kilde.Definitions.Model;

/// <summary>
/// What codes of one kind mean in another, such as what kind of contact a tariff stands for. The first group that holds
/// one of a record's codes decides.
/// </summary>
public sealed record CodeMapping(
    string Id, string Title, string Source, CodeList Results, IReadOnlyList<CodeGroup> Groups);

/// <summary>Codes that mean the same.</summary>
/// <param name="Gives">The code of <see cref="CodeMapping.Results"/> they mean.</param>
/// <param name="Of">As they stand in the record.</param>
/// <param name="Validity">The days of the contact it holds for.</param>
public sealed record CodeGroup(string Gives, IReadOnlyList<string> Of, Validity Validity);

/// <summary>A column whose codes a mapping reads.</summary>
public sealed record MappedCodes(string Column, CodeMapping By);
