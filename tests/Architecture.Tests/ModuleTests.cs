using System.Text.RegularExpressions;
using System.Xml.Linq;
using Kilde.Testing;

namespace Kilde.Architecture.Tests;

/// <summary>The architecture, as a table that fails the build when the code disagrees.</summary>
public partial class ModuleTests
{
    private static readonly string[] Core = ["Kernel", "Platform", "Definitions", "Audit", "Identity", "Register"];

    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Kernel"] = [],
        ["Platform"] = ["Kernel"],
        ["Definitions"] = ["Kernel", "Platform"],
        ["Protection"] = [],
        ["Audit"] = ["Kernel", "Platform"],
        ["Identity"] = ["Kernel", "Platform", "Audit"],
        ["Register"] = ["Kernel", "Platform", "Definitions", "Audit", "Identity"],
        ["Intake"] = Core,
        ["Quality"] = [.. Core, "Protection"],
        ["Synthetic"] = Core,
        ["Portal"] = [.. Core, "Intake", "Quality", "Synthetic"],
        ["Host"] = [.. Core, "Intake", "Quality", "Synthetic", "Portal"],
    };

    /// <summary>The schemas a module may name in SQL. The host and the portal ask the modules instead.</summary>
    private static readonly Dictionary<string, string[]> OwnSchemas = new(StringComparer.Ordinal)
    {
        ["Platform"] = ["platform"],
        ["Audit"] = ["audit"],
        ["Identity"] = ["identity"],
        ["Register"] = ["register"],
        ["Intake"] = ["intake"],
        ["Quality"] = ["quality"],
    };

    [Fact]
    public void Modules_refer_only_to_modules_above_them()
    {
        var projects = Repository.Files("src", "*.csproj").ToDictionary(
            path => Path.GetFileNameWithoutExtension(path),
            path => XDocument.Load(path).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))
                .ToArray(),
            StringComparer.Ordinal);

        projects.Keys.ShouldBe(MayReference.Keys, ignoreOrder: true);
        foreach (var (module, references) in projects)
        {
            references.Except(MayReference[module], StringComparer.Ordinal).ShouldBeEmpty(module);
        }
    }

    [Fact]
    public void A_module_reads_and_writes_only_its_own_schema()
    {
        var strangers =
            from path in Repository.Files("src", "*.cs", "*.sql")
            let module = Repository.Relative(path).Split('/')[1]
            let own = OwnSchemas.GetValueOrDefault(module, [])
            from Match table in TableName.Matches(File.ReadAllText(path))
            where !own.Contains(table.Groups["schema"].Value, StringComparer.Ordinal)
            where Schemas.Contains(table.Groups["schema"].Value, StringComparer.Ordinal)
            select $"{Repository.Relative(path)}: {table.Value}";

        strangers.ShouldBeEmpty();
    }

    [Fact]
    public void Every_table_says_what_it_is_for()
    {
        var silent =
            from path in Repository.Files("src", "*.sql")
            let sql = File.ReadAllText(path)
            from Match table in CreatedTable.Matches(sql)
            let name = table.Groups["name"].Value
            where !sql.Contains($"comment on table {name} is", StringComparison.Ordinal)
            select $"{Repository.Relative(path)}: {name}";

        silent.ShouldBeEmpty();
    }

    [Fact]
    public void Every_module_has_its_page() =>
        MayReference.Keys
            .Where(module => !File.Exists(Repository.At("docs", "modules", module.ToLowerInvariant() + ".md")))
            .ShouldBeEmpty();

    private static IEnumerable<string> Schemas => OwnSchemas.Values.SelectMany(schemas => schemas);

    [GeneratedRegex(@"\b(from|join|into|update|table)\s+(?<schema>[a-z_]+)\.[a-z_]+", RegexOptions.ExplicitCapture,
        60_000)]
    private static partial Regex TableName { get; }

    [GeneratedRegex(@"create( unlogged)? table (if not exists )?(?<name>[a-z_]+\.[a-z_]+) ?\(",
        RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex CreatedTable { get; }
}
