using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kilde.Testing;

/// <summary>
/// Compares with a file kept in <c>Golden/</c> beside the test. On mismatch what came is written next to it as
/// <c>.received</c>; to accept it, rename it.
/// </summary>
public static class Golden
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The value as indented JSON equals the file.</summary>
    public static void Matches<T>(T value, string file, [CallerFilePath] string test = "") =>
        MatchesText(JsonSerializer.Serialize(value, Readable), file, test);

    /// <summary>The text equals the file; line ends are read as LF.</summary>
    public static void MatchesText(string text, string file, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(test)!, "Golden", file);
        var received = text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        var expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : null;
        if (received == expected)
        {
            File.Delete(path + ".received");
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".received", received);
        Assert.Fail($"{file} does not match; what came is in {path}.received. {FirstDifference(expected, received)}");
    }

    private static string FirstDifference(string? expected, string received)
    {
        if (expected is null) return "There is no such file yet.";
        var (was, came) = (expected.Split('\n'), received.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(was.Length, came.Length))
            .First(i => was.ElementAtOrDefault(i) != came.ElementAtOrDefault(i));
        return $"Line {line + 1}: expected “{was.ElementAtOrDefault(line)}”, came “{came.ElementAtOrDefault(line)}”.";
    }
}
