using System.Collections.Frozen;
using System.Globalization;

namespace Kilde.Kernel;

/// <summary>The tables of places that stand as text beside this file and are read once, on first use.</summary>
internal static class GeographyTables
{
    /// <summary>Changes are known from this year on; codes older than that have no known beginning.</summary>
    public const int FirstYear = 1987;

    /// <summary>Codes for where people are when they are in no municipality.</summary>
    private static readonly (short Code, string Name)[] Special =
    [
        (2100, "Svalbard"),
        (2211, "Jan Mayen"),
        (2311, "Kontinentalsokkelen sør for 62°N"),
        (2321, "Kontinentalsokkelen nord for 62°N"),
        (9000, "Utlendinger uten konvensjonsavtale"),
        (9900, "Utlendinger med konvensjonsavtale"),
        (9999, "Ukjent"),
    ];

    public static FrozenDictionary<byte, string> Counties { get; }

    public static FrozenDictionary<short, Municipality> Municipalities { get; }

    public static FrozenDictionary<int, string> UrbanDistricts { get; }

    static GeographyTables()
    {
        var (counties, names) = ReadBlocks("municipalities.txt");
        var changes = ReadChanges();
        var municipalities = names.ToDictionary(
            name => (short)name.Key,
            name => new Municipality(name.Value, IsSpecial: false, FirstYear, Last: null, Parts: []));
        foreach (var (code, name) in Special)
            municipalities[code] = new Municipality(name, IsSpecial: true, FirstYear, Last: null, Parts: []);
        foreach (var change in changes) Apply(change, municipalities);

        Counties = counties.ToFrozenDictionary(county => (byte)county.Key, county => county.Value);
        Municipalities = municipalities.ToFrozenDictionary();
        UrbanDistricts = ReadBlocks("urban-districts.txt").Items.ToFrozenDictionary();
    }

    private static void Apply(Change change, Dictionary<short, Municipality> municipalities)
    {
        foreach (var old in change.Old.Except(change.New))
            municipalities[old] = municipalities[old] with { Last = change.Year - 1, Parts = change.New };
        foreach (var made in change.New.Except(change.Old))
            municipalities[made] = municipalities[made] with { First = change.Year };
    }

    private static List<Change> ReadChanges()
    {
        var changes = new List<Change>();
        foreach (var block in Blocks("changes.txt"))
        {
            var (year, lines) = Split(block, ']');
            foreach (var line in lines.Split(','))
            {
                var (old, made) = Split(line, '>');
                changes.Add(new Change(Number(year.Trim('[')), Codes(old, ' '), Codes(made, '|')));
            }
        }

        return changes;
    }

    // A block is a number and a name, then the numbers and names that belong under it.
    private static (Dictionary<int, string> Heads, Dictionary<int, string> Items) ReadBlocks(string file)
    {
        Dictionary<int, string> heads = [];
        Dictionary<int, string> items = [];
        foreach (var block in Blocks(file))
        {
            var (head, list) = Split(block, ':');
            Add(head, heads);
            foreach (var item in list.Split(',')) Add(item, items);
        }

        return (heads, items);
    }

    private static void Add(string item, Dictionary<int, string> items)
    {
        var (number, name) = Split(item.Trim(), ' ');
        items.Add(Number(number), string.Intern(name));
    }

    private static short[] Codes(string text, char separator) =>
        [.. text.Split(separator, Options).Select(code => (short)Number(code))];

    private const StringSplitOptions Options = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static (string Before, string After) Split(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return (text[..at].Trim(), text[(at + 1)..].Trim());
    }

    // Blocks are parted by blank lines; lines that begin with # are for the reader of the file.
    private static List<string> Blocks(string file)
    {
        using var stream = typeof(GeographyTables).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Select(line => line.Trim()).Where(line => !line.StartsWith('#'));
        return [.. string.Join('\n', lines).Split("\n\n", Options).Select(block => block.Replace('\n', ' '))];
    }

    /// <param name="First">The first year the code was in use, or <see cref="FirstYear"/> when that or earlier.</param>
    /// <param name="Last">The last year the code was in use; null when it still is.</param>
    /// <param name="Parts">What it became: one code, or several when it was divided. Empty while it is in use.</param>
    public sealed record Municipality(string Name, bool IsSpecial, int First, int? Last, short[] Parts);

    private sealed record Change(int Year, short[] Old, short[] New);
}
