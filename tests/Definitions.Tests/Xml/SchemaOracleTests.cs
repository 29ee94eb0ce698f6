using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>
/// What the official schemas accept is accepted, and what they refuse is refused, message by message. The messages hold
/// every element and attribute of their definition, and no two mutants are alike. The ordinary run takes a sample of
/// 2 000 mutants of each type, as the full one of 20 000 takes minutes: it is run by <c>-explicit only</c>.
/// </summary>
public class SchemaOracleTests(ITestOutputHelper output)
{
    private const int MutantsOfSample = 2_000;
    private const int MutantsOfFullRun = 20_000;
    private const int MessagesOfType = 200;

    /// <summary>Every so many messages are written with indentation.</summary>
    private const int IndentedEach = 12;

    /// <summary>Of the mutants, for each thing that is changed.</summary>
    private const double FairShare = 0.01;
    private const int RuleCharacters = 7;

    private static readonly ReadOptions Options = new(PersonIdentifierPolicy.Everything, new DateOnly(2026, 1, 1));

    public static TheoryData<string, string, string, string> Types => new()
    {
        { "NPR_ORD", "53.1.3", "xpr-53.1.3", "(ord)" },
        { "NPR_IDE", "53.1.3", "xpr-53.1.3", "(ide)" },
        { "NPR_STR", "53.1.3", "xpr-53.1.3", "(str)" },
        { "NPR_RAD", "53.1.3", "xpr-53.1.3", "(rad)" },
        { "NPR_PAK", "53.1.3", "xpr-53.1.3", "(pak)" },
        { "NPR_PRE", "53.1.3", "xpr-53.1.3", "(pre)" },
        { "NPR_KPP", "53.1.3", "xpr-53.1.3", "(kpp)" },
        { "KPR_IPL", "53.1.3", "xpr-53.1.3", "(ipl)" },
        { "KPR_IPL", "56.0.0", "xpr-56.0.0", "(ipl)" },
        { "KPR_HST", "56.0.0", "xpr-56.0.0", "(hst)" },
        { "NPR_KPP", "58.0.1", "xpr-58.0.1", "(kpp)" },
        { "KPR_IPLOS", "3.7", "iplos", "iplos_2019" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void A_sample_of_mutants_is_judged_as_the_official_schema_does(
        string name, string version, string folder, string module) =>
        Compare(name, version, FilesOf(folder, module), MutantsOfSample);

    [Theory(Explicit = true)]
    [MemberData(nameof(Types))]
    public void Twenty_thousand_mutants_are_judged_as_the_official_schema_does(
        string name, string version, string folder, string module) =>
        Compare(name, version, FilesOf(folder, module), MutantsOfFullRun);

    [Theory]
    [InlineData("any element is a root", "<Kontaktperson {0} kontPerson='T' meldEpost1='t' typeKontaktperson='1'/>")]
    [InlineData("any element is a root", "<RefEnhet {0} enhetID='1' typeEnhet='1'/>")]
    public void Each_known_difference_is_one(string difference, string xml)
    {
        var oracle = new SchemaOracle(FilesOf("xpr-53.1.3", "(ord)"));
        var reader = Kit.Catalogue.FindXmlReader("NPR_ORD", "53.1.3")!;
        xml = string.Format(xml, "xmlns='http://www.npr.no/xmlstds/53_1_3_ord'");

        oracle.Complaint(xml).ShouldBeNull();
        Refusal(reader, xml).ShouldNotBeNull();
        KnownDifference.All.Single(known => known.Name == difference)
            .Covers(reader.Type, xml, rest => IsSame(oracle, reader, rest)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("string", true)]
    [InlineData("int", false)]
    public void The_type_that_a_message_names_itself_is_refused_by_us_and_looked_at_by_the_schema(
        string type, bool isAccepted)
    {
        var oracle = new SchemaOracle(FilesOf("iplos", "iplos_2019"));
        var reader = Kit.Catalogue.FindXmlReader("KPR_IPLOS", "3.7")!;
        var message = new RandomXml(reader.Type, new Dice(7)).Message();
        var text = message.Descendants().First(element => element.Name.LocalName == "iiInnhType");
        text.Add(new XAttribute(XNamespace.Xmlns + "x", "http://www.w3.org/2001/XMLSchema"));
        text.Add(KnownDifference.TypeOf($"x:{type}"));

        (oracle.Complaint(message.ToString()) is null).ShouldBe(isAccepted);
        Refusal(reader, message.ToString()).ShouldNotBeNull();
    }

    // The selector's path begins above the element that owns the reference, so it selects nothing, in the schema too.
    [Theory]
    [InlineData("KPR_HST", "56.0.0", "RefEnhet_IDREF0")]
    [InlineData("NPR_STR", "53.1.3", "ApparatFremmote_IDREF0")]
    [InlineData("NPR_RAD", "53.1.3", "Undersokelse_IDREF0")]
    public void References_whose_path_begins_above_their_owner_are_checked_by_nobody(
        string name, string version, string constraint) =>
        Kit.Catalogue.Find(name, version)!.Xml!.Nodes.SelectMany(node => node.Constraints)
            .Where(one => one.Name == constraint).ShouldHaveSingleItem().Targets.ShouldBeEmpty();

    private void Compare(string name, string version, IEnumerable<string> schema, int mutants)
    {
        var oracle = new SchemaOracle(schema);
        var reader = Kit.Catalogue.FindXmlReader(name, version)!;
        var messages = SoundMessages(oracle, reader);
        var tally = new OracleTally();
        Parallel.ForEach(Mutants(reader.Type, messages, mutants), mutant =>
        {
            var (theirs, ours) = (oracle.Complaint(mutant.Xml), Refusal(reader, mutant.Xml));
            tally.Add(mutant.Kind, theirs is null, ours?[..RuleCharacters]);
            if (theirs is null == ours is null) return;
            if (IsKnown(oracle, reader, mutant.Xml)) tally.AddKnown();
            else tally.Add($"schema: {theirs ?? "accepts"}\nours: {ours ?? "accepts"}\n{mutant.Xml}\n");
        });

        output.WriteLine($"{name} {version}: {tally}");
        tally.Differences.Take(5).ShouldBeEmpty();
        tally.Mutants.ShouldBe(mutants, "too few of what the dice made were new");
        tally.Accepted.ShouldBeInRange(mutants / 20, mutants * 3 / 4);
        foreach (var kind in KindsFor(reader.Type))
            tally.Of(kind).ShouldBeGreaterThan((int)(mutants * FairShare), $"{kind}");
    }

    private static XElement[] SoundMessages(SchemaOracle oracle, XmlMessageReader reader)
    {
        var source = new RandomXml(reader.Type, new Dice(20260101));
        XElement[] messages = [.. Enumerable.Range(0, MessagesOfType).Select(_ => source.Message())];
        foreach (var xml in messages.Select(message => $"{message}").Append(ExampleXml.Of(reader.Type)))
        {
            oracle.Complaint(xml).ShouldBeNull(xml);
            Refusal(reader, xml).ShouldBeNull(xml);
        }

        var made = messages.SelectMany(message => message.DescendantsAndSelf()).SelectMany(NamesIn).ToHashSet();
        reader.Type.Xml!.Nodes.SelectMany(node => node.Attributes.Select(item => (node, item.Name)).Append((node, "")))
            .Where(name => !made.Contains(name)).ShouldBeEmpty();
        return messages;
    }

    // The element itself, and its attributes.
    private static IEnumerable<(XmlNode Node, string Name)> NamesIn(XElement element)
    {
        var node = element.Annotation<XmlNode>()!;
        return element.Attributes().Select(one => (node, one.Name.LocalName)).Append((node, ""));
    }

    // Each differs from all others and from the messages they are made of, until there are enough.
    private static IEnumerable<Mutant> Mutants(MessageType type, XElement[] messages, int count)
    {
        SaveOptions[] forms = [.. messages.Select((_, at) =>
            at % IndentedEach == 0 ? SaveOptions.None : SaveOptions.DisableFormatting)];
        var known = messages.Select((message, at) => DigestOf(message.ToString(forms[at]))).ToHashSet();
        var roundsMax = 4 * count / messages.Length;
        for (var round = 0; round < roundsMax; round++)
        {
            var mutation = new XmlMutation(type, new Dice(round));
            for (var at = 0; at < messages.Length; at++)
            {
                var mutant = mutation.Apply(messages[at], forms[at]);
                if (!known.Add(DigestOf(mutant.Xml))) continue;
                yield return mutant;
                if (--count == 0) yield break;
            }
        }
    }

    private static UInt128 DigestOf(string xml) =>
        BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(xml)));

    private static IEnumerable<MutationKind> KindsFor(MessageType type)
    {
        var constraints = type.Xml!.Nodes.SelectMany(node => node.Constraints).Where(one => one.Targets.Count > 0)
            .ToLookup(one => one.Kind == ConstraintKind.Reference);
        return Enum.GetValues<MutationKind>().Where(kind => kind switch
        {
            MutationKind.RepeatedId => constraints[false].Any(),
            MutationKind.BrokenReference => constraints[true].Any(),
            _ => true,
        });
    }

    private static bool IsKnown(SchemaOracle oracle, XmlMessageReader reader, string xml) =>
        KnownDifference.All.Any(known => known.Covers(reader.Type, xml, rest => IsSame(oracle, reader, rest)));

    private static bool IsSame(SchemaOracle oracle, XmlMessageReader reader, string xml) =>
        oracle.Complaint(xml) is null == Refusal(reader, xml) is null;

    // Structure only: what the schema cannot see is another test's matter.
    private static string? Refusal(XmlMessageReader reader, string xml)
    {
        using var reading = reader.Open(new MemoryStream(Encoding.UTF8.GetBytes(xml)), Options);
        return reading.ReadToEnd().Findings
            .Where(finding => finding is { Severity: Severity.Error, RuleId: ['S', 'T', 'R', '-', '0', '2' or '3', _] })
            .Select(finding => $"{finding.RuleId} {finding.Path} {finding.Text}").FirstOrDefault();
    }

    private static IEnumerable<string> FilesOf(string folder, string module)
    {
        var all = Directory.GetFiles(Repository.Oracle("schemas", folder), "*.xsd");
        return all.Where(file => !file.Contains("_Annotations", StringComparison.Ordinal)
            && (file.Contains(module, StringComparison.Ordinal) || file.EndsWith("/NPR.xsd", StringComparison.Ordinal)))
            .Where(file => folder != "iplos" || file.EndsWith($"{module}.xsd", StringComparison.Ordinal));
    }
}
