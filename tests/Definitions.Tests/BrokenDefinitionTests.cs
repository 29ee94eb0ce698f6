using FsCheck;
using FsCheck.Fluent;
using Kilde.Definitions.Compiling;
using Kilde.Testing;

namespace Kilde.Definitions.Tests;

/// <summary>
/// Whatever has gone wrong with a line of a definition, somebody is told where and what: no slip makes the check itself
/// fail, and every mistake has its place in the file.
/// </summary>
public class BrokenDefinitionTests
{
    private const int Slips = 150;

    // What a line becomes: gone, twice, moved, cut short, or with a value of another kind.
    private static readonly Func<string, string>[] Changes =
    [
        _ => "", line => $"{line}\n{line}", line => $" {line}", line => line.TrimStart(),
        line => line[..(line.Length / 2)], line => $"{Key(line)}", line => $"{Key(line)} []",
        line => $"{Key(line)} {{}}",
        line => $"{Key(line)} [a, [b], {{ c: d }}]", line => $"{Key(line)} {{ a: b, c: [d] }}",
        line => $"{Key(line)} ~", line => $"{Key(line)} -1", line => $"{Key(line)} 1e400",
        line => $"{Key(line)} 99999999999999999999", line => $"{Key(line)} 3015-02-30", line => $"{Key(line)} '\0'",
        line => $"{Key(line)} \"\\uD800\"", line => $"{Key(line)} 1..", line => $"{Key(line)} ..",
        line => $"{Key(line)} 9999999999..1", line => $"{Key(line)} *nowhere", line => $"{Key(line)} &here *here",
        line => $"{Key(line)} !tag x", line => $"{Indent(line)}? [a, b]\n{Indent(line)}: c",
        line => $"{Indent(line)}? {{ a: b }}\n{Indent(line)}: c", line => $"{Indent(line)}- {line.TrimStart()}",
        line => $"{Indent(line)}'': x", line => $"{Indent(line)}~: x", line => $"{line} # {line}",
        line => $"{Key(line)} |\n{Indent(line)}    {line}", line => line.Replace(':', '='),
        line => $"{Key(line)} (((", line => $"{Key(line)} '^([a-z]+)+$'", line => $"{Key(line)} æøå",
    ];

    [Theory]
    [InlineData("messages/hst-konsultasjon-1.yaml")]
    [InlineData("messages/basismelding-1.yaml")]
    [InlineData("messages/iplos-3.7.yaml")]
    [InlineData("messages/kpp-58.0.1.yaml")]
    [InlineData("code-lists/kontaktform.yaml")]
    public void A_slip_on_any_line_is_told_with_its_place_or_is_none(string name)
    {
        var lines = File.ReadAllLines(Repository.At(["definitions", .. name.Split('/')]));
        using var folder = CopyOf(name);
        Prop.ForAll(
            Gen.Choose(0, lines.Length - 1).ToArbitrary(), Gen.Choose(0, Changes.Length - 1).ToArbitrary(),
            (line, change) => ShouldBeTold(
                folder, name, [.. lines[..line], Changes[change](lines[line]), .. lines[(line + 1)..]]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Slips));
    }

    private static void ShouldBeTold(DefinitionFolder folder, string name, string[] lines)
    {
        var text = string.Join('\n', lines);
        folder.Write(name.Split('/')[0], name.Split('/')[1], text);

        var written = text.Split('\n');
        foreach (var mistake in folder.Check().Mistakes)
        {
            mistake.Text.ShouldNotBeNullOrWhiteSpace();
            mistake.Advice.ShouldNotBeNullOrWhiteSpace($"{mistake}");
            if (mistake.File != name) continue;
            mistake.Line.ShouldBeInRange(1, written.Length + 1, $"{mistake}");
            if (mistake.Line > written.Length) continue;
            mistake.Column.ShouldBeInRange(1, written[mistake.Line - 1].Length + 1, $"{mistake}");
        }
    }

    private static DefinitionFolder CopyOf(string name)
    {
        var folder = new DefinitionFolder("");
        File.Delete(Path.Combine(folder.Path, "messages", "m.yaml"));
        foreach (var file in Repository.Files("definitions/code-lists", "*.yaml"))
            folder.Write("code-lists", Path.GetFileName(file), File.ReadAllText(file));
        if (name.Contains("kpp-58"))
            folder.Write("messages", "kpp-53.yaml", File.ReadAllText(Repository.At(
                "definitions", "messages", "kpp-53.1.3.yaml")));
        folder.Write(name.Split('/')[0], name.Split('/')[1], "");
        return folder;
    }

    private static string Indent(string line) => line[..(line.Length - line.TrimStart().Length)];

    private static string Key(string line) => line.Contains(':') ? line[..(line.IndexOf(':') + 1)] : line;
}
