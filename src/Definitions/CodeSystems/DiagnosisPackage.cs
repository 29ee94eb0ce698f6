using System.Text.Json;
using Kilde.Kernel;

namespace Kilde.Definitions.CodeSystems;

/// <summary>
/// Makes code files of npm's <c>@navikt/diagnosekoder</c>, which holds ICD-10 and ICPC-2 of one year, without days. It
/// has no procedures: those files are written from the register's own sources.
/// </summary>
public static class DiagnosisPackage
{
    private static readonly (string Letter, string File)[] Systems = [("D", "ICD10.json"), ("H", "ICPC2.json")];

    /// <summary>Writes the year's codes and returns the files.</summary>
    /// <param name="package">The package's folder.</param>
    /// <param name="folder">Where the files are written; made when missing.</param>
    /// <exception cref="InvalidDataException">It is not that package, or its version names no year.</exception>
    public static IReadOnlyList<(string File, int Codes)> Write(string package, string folder)
    {
        var year = YearOf(package);
        Directory.CreateDirectory(folder);
        var written = new List<(string, int)>();
        foreach (var (letter, file) in Systems)
        {
            var codes = Read(Path.Combine(package, "lib", file));
            var path = Path.Combine(folder, $"{letter}-{year}.csv");
            var validity = new Validity(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
            File.WriteAllLines(
                path,
                codes.Select(code => CodeFile.LineOf(code.Code, validity, code.Title)).Prepend(CodeFile.Header));
            written.Add((path, codes.Count));
        }

        return written;
    }

    // The middle part of the version is the year whose codes it holds: 1.2026.0.
    private static int YearOf(string package)
    {
        var manifest = Path.Combine(package, "package.json");
        if (!File.Exists(manifest)) throw new InvalidDataException($"There is no package.json in {package}.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(manifest));
        var version = document.RootElement.TryGetProperty("version", out var told) ? told.GetString() : null;
        return version?.Split('.') is [_, var middle, ..] && int.TryParse(middle, out var year)
            && year is > 2000 and < 2100
            ? year
            : throw new InvalidDataException($"Version {version} of the package does not name a year.");
    }

    private static List<(string Code, string Title)> Read(string file)
    {
        using var stream = File.OpenRead(file);
        using var document = JsonDocument.Parse(stream);
        return
        [
            .. document.RootElement.EnumerateArray().Select(entry => (
                entry.GetProperty("code").GetString()!.Replace(".", "", StringComparison.Ordinal),
                entry.GetProperty("text").GetString()!.ReplaceLineEndings(" "))),
        ];
    }
}
