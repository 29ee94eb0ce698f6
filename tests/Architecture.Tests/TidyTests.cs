using System.Text.RegularExpressions;
using Kilde.Testing;

namespace Kilde.Architecture.Tests;

/// <summary>House rules that a machine can check.</summary>
public partial class TidyTests
{
    private const int LinesMax = 400;
    private const int ColumnsMax = 120;
    private const int ReadmeLinesMax = 120;

    [Fact]
    public void Files_can_be_read_in_one_sitting() =>
        Sources().Where(path => File.ReadLines(path).Count() > LinesMax)
            .Select(Repository.Relative).ShouldBeEmpty();

    [Fact]
    public void Lines_fit_the_screen() =>
        Sources().SelectMany(path => File.ReadLines(path).Select((line, index) => (path, line, number: index + 1)))
            .Where(entry => entry.line.Length > ColumnsMax)
            .Select(entry => $"{Repository.Relative(entry.path)}:{entry.number}").ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_for_later() =>
        Sources().Where(path => Leftover.IsMatch(File.ReadAllText(path)))
            .Select(Repository.Relative).ShouldBeEmpty();

    [Fact]
    public void Only_the_command_line_writes_to_the_console() =>
        Repository.Files("src", "*.cs")
            .Where(path => !Repository.Relative(path).StartsWith("src/Host/", StringComparison.Ordinal))
            .Where(path => File.ReadAllText(path).Contains("Console.Write", StringComparison.Ordinal))
            .Select(Repository.Relative).ShouldBeEmpty();

    [Fact]
    public void Log_messages_hold_ids_and_counts_never_objects() =>
        Repository.Files("src", "*.cs").Where(path => File.ReadAllText(path).Contains("\"{@", StringComparison.Ordinal))
            .Select(Repository.Relative).ShouldBeEmpty();

    [Fact]
    public void The_readme_is_short() =>
        File.ReadLines(Repository.At("README.md")).Count().ShouldBeLessThanOrEqualTo(ReadmeLinesMax);

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var dead =
            from path in Repository.Files("docs", "*.md").Append(Repository.At("README.md"))
                .Append(Repository.At("CONTRIBUTING.md"))
            from Match link in Link.Matches(File.ReadAllText(path))
            let target = link.Groups["target"].Value
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target))
            select $"{Repository.Relative(path)}: {target}";

        dead.ShouldBeEmpty();
    }

    private static IEnumerable<string> Sources() =>
        new[] { "src", "tests", "bench" }.SelectMany(folder => Repository.Files(folder, "*.cs"));

    // Each mark has a letter in brackets, so that this line is not found by itself.
    [GeneratedRegex(@"\b(T[O]DO|F[I]XME|H[A]CK|X{3})\b|^\s*#region",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Leftover { get; }

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)(?<target>[^)#\s]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Link { get; }
}
