using System.Text.RegularExpressions;
using Kilde.Definitions.Compiling;
using Kilde.Definitions.Reading;
using Kilde.Testing;

namespace Kilde.Definitions.Tests;

/// <summary>What <c>docs/definitions.md</c> shows is what works.</summary>
public partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Repository.At("docs", "definitions.md"));

    [Fact]
    public void The_example_in_the_guide_compiles_and_its_message_is_read()
    {
        using var folder = new DefinitionFolder(Blocks("yaml")[0], Blocks("yaml")[1]);
        folder.Write("code-lists", "kontaktform.yaml",
            File.ReadAllText(Repository.At("definitions", "code-lists", "kontaktform.yaml")));
        folder.Check().Mistakes.ShouldBeEmpty();

        var reader = DefinitionCatalogue.Load(folder.Path).FindReader("Vaksinesamtale", "1")!;
        var content = reader.Read(Blocks("json")[0]);

        content.Told().ShouldBeEmpty();
        content.Batches[0].LocalIds.ShouldBe(["S-8"]);
        content.Batches[0].DeletedLocalIds.ShouldBe(["S-7"]);
        reader.Type.RecordTypes[0].Contact.ShouldNotBeNull().Unit.Column.ShouldBe("unit");
    }

    [Fact]
    public void Every_word_a_definition_may_use_is_in_the_guide()
    {
        var words = Words.Types.Keys.Concat(Words.Uses.Keys).Concat(Words.Actions.Keys).Concat(Words.Statuses.Keys)
            .Concat(Words.Replacements.Keys).Concat(Words.Wire.Keys);

        words.Where(word => !Page.Contains(word)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_mistake_the_compiler_can_find_is_in_the_guide()
    {
        var ids = Repository.Files("src/Definitions/Compiling", "*.cs")
            .SelectMany(file => MistakeId().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["number"].Value).Distinct();

        var table = Page.Split('\n').Where(line => line.StartsWith("| DEF-", StringComparison.Ordinal)).ToList();
        ids.Where(number => !table.Exists(line => line.Split('|')[1].Contains(number))).ShouldBeEmpty();
    }

    private static string[] Blocks(string language) =>
        [.. Page.Split($"```{language}\n").Skip(1).Select(text => text.Split("```")[0])];

    [GeneratedRegex("\"DEF-(?<number>[0-9]{3})\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MistakeId();
}
