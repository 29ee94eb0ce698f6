namespace Kilde.Kernel.Tests;

/// <summary>Rows of a comma-separated oracle file, by column name. Quotes only around fields with commas.</summary>
internal static class SharedTable
{
    public static IEnumerable<Dictionary<string, string>> Read(string path)
    {
        var lines = File.ReadLines(path);
        var names = Split(lines.First());
        return lines.Skip(1)
            .Select(line => names.Zip(Split(line)).ToDictionary(pair => pair.First, pair => pair.Second));
    }

    private static List<string> Split(string line)
    {
        var fields = new List<string> { "" };
        var isQuoted = false;
        foreach (var character in line)
        {
            if (character == '"') isQuoted = !isQuoted;
            else if (character == ',' && !isQuoted) fields.Add("");
            else fields[^1] += character;
        }

        return fields;
    }
}
