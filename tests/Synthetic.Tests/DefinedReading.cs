using System.Xml;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Synthetic.Tests;

/// <summary>A file as the register reads it: the verdict, and what was read.</summary>
/// <param name="Rows">How many of each table.</param>
/// <param name="Identities">Institution and patient number of each, with whether an identifier was read.</param>
internal sealed record DefinedReading(
    MessageOutcome Outcome, IReadOnlyDictionary<string, int> Rows,
    IReadOnlyList<(string Institution, string Patient, bool IsKnown)> Identities)
{
    private static readonly DefinitionCatalogue Catalogue = RepositoryDefinitions.Catalogue;

    // A person without a number is told by birth date, which identifies nobody.
    private const string Nameless = "IDE-006";

    /// <summary>All that was found, but the remark on those who have no number.</summary>
    public IEnumerable<Finding> Findings => Outcome.Findings.Where(finding => finding.RuleId != Nameless);

    public IReadOnlyList<string> RulesBroken =>
        [.. Findings.Select(finding => finding.RuleId).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>How much was found, also what is only counted.</summary>
    public int FindingCount => Outcome.FindingCount - Outcome.Findings.Count(finding => finding.RuleId == Nameless);

    /// <summary>Skips a test of a rule that the definitions do not have.</summary>
    public static void SkipUnlessDefined(string? rule)
    {
        var folder = Repository.At("definitions", "rules");
        var isDefined = rule is null || ReadingRules.All.Any(reading => reading.Id == rule)
            || (Directory.Exists(folder) && Directory.EnumerateFiles(folder)
                .Any(file => File.ReadAllText(file).Contains(rule, StringComparison.Ordinal)));
        Assert.SkipUnless(isDefined, $"The definitions have no rule {rule}.");
    }

    /// <summary>Reads a message, also one in a MsgHead.</summary>
    public static DefinedReading Of(byte[] file, DateOnly receivedOn)
    {
        using var xml = DefinitionCatalogue.ReadXml(new MemoryStream(file));
        xml.MoveToContent();
        if (xml.LocalName == "MsgHead")
        {
            xml.ReadToDescendant("Content", xml.NamespaceURI).ShouldBeTrue();
            while (xml.Read() && xml.NodeType != XmlNodeType.Element)
            {
            }
        }

        var opening = Catalogue.OpenXml(xml, new ReadOptions(PersonIdentifierPolicy.Test, receivedOn));
        using var reading = opening.Reading.ShouldNotBeNull(opening.Refusal?.Text);
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!reading.Type.HasIdentities && reading.Next() is { } batch)
            rows[batch.Type.Table] = rows.GetValueOrDefault(batch.Type.Table) + batch.Count;
        var identities = new List<(string, string, bool)>();
        while (reading.NextIdentities() is { } batch)
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var person = batch.Persons[row];
                identities.Add((batch.Institutions[row], person.LocalId!, person.HasIdentifier));
            }
        }

        return new DefinedReading(reading.Outcome, rows, identities);
    }
}
