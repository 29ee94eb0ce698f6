using System.Diagnostics;
using System.Text;
using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Kilde.Testing;

namespace Kilde.Definitions.Tests;

public class PublishingTests
{
    public static TheoryData<string> Types =>
    [
        .. Kit.Catalogue.MessageTypes.Where(type => type.Format == WireFormat.Json).Select(type => type.Name),
    ];

    public static TheoryData<string, string> XmlTypes =>
    [
        .. Kit.Catalogue.MessageTypes.Where(type => type.Format == WireFormat.Xml)
            .Select(type => new TheoryDataRow<string, string>(type.Name, type.Version)),
    ];

    private static MessageType Type(string name) => Kit.Catalogue.Find(name, "1")!;

    [Theory]
    [MemberData(nameof(Types))]
    public void The_example_is_accepted_without_remarks(string name)
    {
        var json = Encoding.UTF8.GetBytes(ExampleMessage.Of(Type(name)));

        var content = Kit.Catalogue.ReaderOf(Type(name)).Read(json, Kit.Options);

        content.Told().ShouldBeEmpty();
        content.Batches[0].Count.ShouldBe(1);
        content.Batches[0].DeletedLocalIds.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_schema_changes_only_on_purpose(string name) =>
        Golden.MatchesText(JsonSchema.Of(Type(name)), $"{name}-1.schema.json");

    [Theory]
    [MemberData(nameof(Types))]
    public void The_documentation_changes_only_on_purpose(string name) =>
        Golden.MatchesText(MarkdownPage.Of(DocumentationPage.Of(Type(name))), $"{name}-1.md");

    [Theory]
    [MemberData(nameof(XmlTypes))]
    public void The_example_of_an_xml_message_is_accepted_without_remarks_and_gives_every_kind_of_row(
        string name, string version)
    {
        var reader = Kit.Catalogue.FindXmlReader(name, version)!;
        var xml = ExampleXml.Of(reader.Type);
        using var reading = reader.Open(new MemoryStream(Encoding.UTF8.GetBytes(xml)), Kit.Options);
        var (rows, identities) = (new HashSet<string>(StringComparer.Ordinal), 0);
        while (reading.Next() is { } batch) rows.Add(batch.Type.Table);
        while (reading.NextIdentities() is { } batch) identities += batch.Count;

        reading.Outcome.Findings.Select(finding => finding.ToString()).ShouldBeEmpty();
        reading.Outcome.DroppedCount.ShouldBe(0);
        rows.Count.ShouldBe(reader.Type.RecordTypes.Count);
        identities.ShouldBe(reader.Type.HasIdentities ? 1 : 0);
    }

    [Theory]
    [MemberData(nameof(XmlTypes))]
    public async Task Every_attribute_and_text_of_an_xml_message_stands_in_its_documentation(
        string name, string version)
    {
        var type = Kit.Catalogue.Find(name, version)!;
        var folder = Directory.CreateTempSubdirectory("kilde-pages-");

        var page = DocumentationPage.Of(type);
        var files = await DefinitionDocuments.WriteAsync(type, folder.FullName, TestContext.Current.CancellationToken);

        var told = page.Objects.SelectMany(one => one.Fields).Select(field => field.WireName).ToHashSet();
        foreach (var node in type.Xml!.Nodes)
        {
            foreach (var item in node.Attributes) told.ShouldContain(item.Name, node.Path);
            if (node.Text is not null) told.ShouldContain(node.Name, node.Path);
        }

        files.Count.ShouldBe(2);
        foreach (var file in files)
        {
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
                .ShouldContain(type.Xml.Namespace);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public void Every_field_is_documented_with_its_letter_and_justification()
    {
        foreach (var page in Kit.Catalogue.MessageTypes.Select(DocumentationPage.Of))
        {
            foreach (var field in page.Objects.SelectMany(one => one.Fields).Where(field => field.Purposes is not null))
            {
                field.InformationType.Length.ShouldBe(1, field.Path);
                field.Justification.ShouldNotBeNullOrWhiteSpace(field.Path);
            }
        }
    }

    /// <summary>
    /// Ajv is another implementation of JSON Schema: it must take the example and refuse what is broken.
    /// </summary>
    [Theory]
    [MemberData(nameof(Types))]
    public async Task The_schema_says_the_same_to_another_validator(string name)
    {
        Assert.SkipUnless(
            Directory.Exists(Repository.At("tools", "node_modules", "ajv")), "tools/node_modules is not installed.");
        var folder = Directory.CreateTempSubdirectory("kilde-schema-");
        var written = await DefinitionDocuments.WriteAsync(
            Type(name), folder.FullName, TestContext.Current.CancellationToken);

        using var node = Process.Start(new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                Repository.At("tests", "Definitions.Tests", "validate-schema.mjs"),
                written.Single(path => path.EndsWith(".schema.json", StringComparison.Ordinal)),
                written.Single(path => path.EndsWith(".example.json", StringComparison.Ordinal)),
            },
            WorkingDirectory = Repository.At("tools"),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var told = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
            + await node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);

        told.Trim().Split('\n').ShouldBe(
            ["example: valid", "without unit: invalid", "with another field: invalid", "not an array: invalid"]);
    }
}
