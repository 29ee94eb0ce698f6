using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kilde.Kernel;

namespace Kilde.Quality.Completeness;

/// <summary>How a quality registry's list is written.</summary>
public enum RegistryListForm
{
    /// <summary>A heading of <c>person;enhet;dato</c>, and a line for each contact.</summary>
    Csv = 1,

    /// <summary>An object with <c>person</c>, <c>enhet</c> and <c>dato</c> on each line.</summary>
    Ndjson,
}

/// <summary>One contact in a quality registry's list.</summary>
/// <param name="Person">Not set when the list has no number, or one that no person can be known by.</param>
/// <param name="Unit">The reporting unit as it names itself in its messages.</param>
/// <param name="Day">The day of the contact.</param>
internal readonly record struct RegistryRow(PersonIdentifier Person, string Unit, DateOnly Day);

/// <summary>A list that cannot be read. Tells the line, and never what stands there.</summary>
public sealed class RegistryListException(int line, string what) : Exception($"Linje {line}: {what}");

/// <summary>Reads a quality registry's list line by line. What stands in it is in no exception.</summary>
internal sealed class RegistryList(RegistryListForm form, PersonIdentifierPolicy policy)
{
    /// <summary>Characters in one line.</summary>
    public const int LineMax = 300;

    /// <summary>Lines in one list.</summary>
    public const int RowsMax = 2_000_000;

    private const int UnitMin = 4;
    private const int UnitMax = 10;

    private static readonly string[] Names = ["person", "enhet", "dato"];

    public async IAsyncEnumerable<RegistryRow> ReadAsync(
        Stream list, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(list, leaveOpen: true);
        int[]? places = null;
        for (var line = 1; await reader.ReadLineAsync(cancellation) is { } text; line++)
        {
            if (line > RowsMax) throw new RegistryListException(line, $"listen har flere enn {RowsMax} linjer.");
            if (text.Length > LineMax) throw new RegistryListException(line, $"linjen er lengre enn {LineMax} tegn.");
            if (text.Length == 0) continue;
            if (form == RegistryListForm.Csv && places is null)
            {
                places = PlacesIn(text, line);
                continue;
            }

            yield return RowOf(form == RegistryListForm.Csv ? Cells(text, places!, line) : Members(text, line), line);
        }
    }

    private RegistryRow RowOf((string Person, string Unit, string Day) cells, int line)
    {
        if (!DateOnly.TryParseExact(
            cells.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            throw new RegistryListException(line, "«dato» er ikke en dag, skrevet som 2024-03-31.");

        // Eleven characters would be room for a person's number.
        if (cells.Unit.Length is < UnitMin or > UnitMax || !cells.Unit.All(char.IsAsciiLetterOrDigit))
            throw new RegistryListException(line, $"«enhet» er ikke {UnitMin}–{UnitMax} bokstaver eller sifre.");
        var isKnown = PersonIdentifier.TryParse(cells.Person, out var read) && policy.TryAdmit(read, out read)
            && read.Kind is PersonIdentifierKind.NationalIdentityNumber or PersonIdentifierKind.DNumber
                or PersonIdentifierKind.DufNumber;
        return new RegistryRow(isKnown ? read : default, cells.Unit, day);
    }

    private static int[] PlacesIn(string heading, int line)
    {
        var names = heading.TrimStart('\uFEFF').Split(Separator(heading), StringSplitOptions.TrimEntries);
        int[] places = [.. Names.Select(name => Array.IndexOf(names, name))];
        return places.Min() >= 0
            ? places
            : throw new RegistryListException(line, $"overskriften skal ha {string.Join(", ", Names)}.");
    }

    private static (string, string, string) Cells(string text, int[] places, int line)
    {
        var cells = text.Split(Separator(text), StringSplitOptions.TrimEntries);
        return places.Max() < cells.Length
            ? (cells[places[0]].Trim('"'), cells[places[1]].Trim('"'), cells[places[2]].Trim('"'))
            : throw new RegistryListException(line, "linjen har færre felter enn overskriften.");
    }

    private static char Separator(string text) => text.Contains(';', StringComparison.Ordinal) ? ';' : ',';

    private static (string, string, string) Members(string text, int line)
    {
        try
        {
            using var row = JsonDocument.Parse(text);
            return (Member(row, Names[0]), Member(row, Names[1]), Member(row, Names[2]));
        }
        catch (JsonException)
        {
            // Its message quotes what it could not read, so it goes no further.
            throw new RegistryListException(line, "linjen er ikke et JSON-objekt.");
        }

        string Member(JsonDocument row, string name) =>
            row.RootElement.ValueKind == JsonValueKind.Object && row.RootElement.TryGetProperty(name, out var value)
                ? value.ValueKind == JsonValueKind.String ? value.GetString()! : ""
                : throw new RegistryListException(line, $"«{name}» mangler.");
    }
}
