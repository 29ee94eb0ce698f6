using System.Globalization;
using Kilde.Definitions.Compiling;
using Kilde.Kernel;
using YamlDotNet.Core;

namespace Kilde.Definitions.CodeSystems;

/// <summary>
/// A file of codes: a line for each, <c>code;from;to;title</c>, in UTF-8. Days are both included, and empty when open;
/// the title may be left out. Named by the system's letter: <c>D.csv</c>, or <c>D-2026.csv</c> when there are more.
/// </summary>
public static class CodeFile
{
    public const string Header = "code;from;to;title";

    /// <summary>ICD-10 of ten years with titles is 20 MB; more is another kind of file.</summary>
    private const int MegabytesMax = 100;

    private const int PartsMax = 4;
    private const int MistakesMax = 20;

    /// <summary>The letter of the system, from the file's name.</summary>
    public static string LetterOf(string path) => Path.GetFileNameWithoutExtension(path).Split('-')[0];

    internal static List<ValidCode> Read(string path, Func<string, bool> hasForm, MistakeLog log)
    {
        var codes = new List<ValidCode>();
        if (new FileInfo(path).Length > MegabytesMax * 1024L * 1024L)
        {
            log.Add("DEF-041", Mark.Empty, "Filen er for stor.", $"En fil med koder er høyst {MegabytesMax} MB.");
            return codes;
        }

        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            if (++number == 1)
            {
                if (line == Header) continue;
                log.Add("DEF-041", Mark.Empty, "Den første linja er ikke overskriften.", $"Skriv {Header}");
                return codes;
            }

            if (line.Length > 0 && Parse(line, number, hasForm, log) is { } code) codes.Add(code);
            if (log.Mistakes.Count >= MistakesMax) return codes;
        }

        return codes;
    }

    /// <summary>The line of one code.</summary>
    public static string LineOf(string code, Validity validity, string? title) =>
        $"{code};{validity.From:yyyy-MM-dd};{validity.To:yyyy-MM-dd};{title}";

    private static ValidCode? Parse(string line, int number, Func<string, bool> hasForm, MistakeLog log)
    {
        var parts = line.Split(';', PartsMax);
        if (parts.Length < PartsMax - 1)
            return Wrong("Linja har for få deler.", $"Skriv {Header}", 1);
        if (parts[0].Length == 0 || !hasForm(parts[0]))
            return Wrong($"«{parts[0]}» er ikke skrevet slik kodeverket skriver.", "Skriv koden uten punktum.", 1);
        if (!TryDay(parts[1], out var from))
            return Wrong($"«{parts[1]}» er ikke en dag.", "Skriv en dato som 2026-01-01.", parts[0].Length + 2);
        if (!TryDay(parts[2], out var to) || to < from)
        {
            return Wrong($"«{parts[2]}» er ikke en dag fra og med «{parts[1]}».", "Skriv en dato som 2026-12-31.",
                parts[0].Length + parts[1].Length + 3);
        }

        return new ValidCode(
            parts[0], new Validity(from, to), parts.Length == PartsMax && parts[^1].Length > 0 ? parts[^1] : null);

        ValidCode? Wrong(string text, string advice, int column)
        {
            log.Add("DEF-041", new Mark(0, number, column), text, advice);
            return null;
        }
    }

    private static bool TryDay(string text, out DateOnly? day)
    {
        day = null;
        if (text.Length == 0) return true;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var one))
            return false;
        day = one;
        return true;
    }
}
