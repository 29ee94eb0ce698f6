using Kilde.Kernel;

namespace Kilde.Definitions.Model;

/// <summary>
/// A kind of information that is held apart and granted by itself, such as coercion (R4.18). A file in
/// <c>definitions/sensitive/</c>.
/// </summary>
/// <param name="Id">Lower snake_case; names the schema and the role of the class.</param>
/// <param name="Source">The law or decision that asks for it.</param>
/// <param name="Codes">The codes that tell of it, by code list; every code of a list that stands with none.</param>
public sealed record SensitiveClass(
    string Id, LocalizedText Titles, string Source, string Reason,
    IReadOnlyDictionary<string, IReadOnlySet<string>> Codes);

/// <summary>What of a record belongs to a class: the whole record where a code says so, or some of its items.</summary>
/// <param name="Rows">Any of them puts the whole record in the class.</param>
/// <param name="Fields">Places of the columns that are always of the class, whatever they say.</param>
public sealed record SensitivePart(
    SensitiveClass Class, IReadOnlyList<SensitiveCodes> Rows, IReadOnlyList<int> Fields);

/// <summary>Codes of a column that put the record in a class.</summary>
/// <param name="Column">Place of the column in the record.</param>
/// <param name="Properties">
/// For a Json column: the items in it that hold such codes, each with its codes. One with an empty name elsewhere.
/// </param>
public sealed record SensitiveCodes(int Column, IReadOnlyDictionary<string, IReadOnlySet<string>> Properties);
