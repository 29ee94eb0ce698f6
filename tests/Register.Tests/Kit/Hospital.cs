using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Tests.Kit;

/// <summary>Activity with patient numbers, and the message that tells whose they are, made by hand.</summary>
internal static class Hospital
{
    public static RecordType Stay { get; } = new()
    {
        Table = "prove_opphold",
        Titles = new("Opphold"),
        WireName = "Episode",
        Key = Messages.Visit.Key,
        Event = Messages.Visit.Event,
        Fields = [],
        Columns = [],
        PersonSource = PersonSource.Apart,
    };

    public static MessageType Activity { get; } =
        Messages.TypeOf("Prove_Ord", "1", Replacement.CumulativePerPeriod, Stay);

    public static MessageType Identity { get; } = new()
    {
        Name = "Prove_Ide",
        Version = "1",
        Titles = new LocalizedText("Identitet"),
        Description = "Identitet",
        Register = RegisterCode.Npr,
        ServiceArea = "SOM",
        Status = DefinitionStatus.Test,
        Channel = "xpr",
        Format = WireFormat.Xml,
        Replacement = Replacement.CumulativePerPeriod,
        FirstDataYear = 2025,
        UnitFields = [],
        RecordTypes = [],
        Xml = Structure,
    };

    public static RecordBatch Stays(string institution, params (string Patient, string Episode)[] rows) => new(
        Stay, rows.Length, new OrganizationNumber[rows.Length],
        [.. rows.Select(row => $"{institution}|{row.Episode}")],
        [.. rows.Select(row => new RowPerson(default, LocalId: row.Patient))], [], [])
    {
        Institutions = [.. rows.Select(_ => institution)],
    };

    /// <param name="rows">A patient number and its person; null when it has no valid number.</param>
    public static IdentityBatch Identities(
        string institution, params (string Patient, PersonIdentifier? Person)[] rows) =>
        new(rows.Length, [.. rows.Select(_ => institution)],
            [.. rows.Select(row => new RowPerson(row.Person ?? default, LocalId: row.Patient))]);

    // The register asks only whether it tells identities.
    private static XmlStructure Structure
    {
        get
        {
            var node = new XmlNode
            {
                Name = "PasientIdent",
                Parent = null,
                Ordinal = 0,
                Titles = new LocalizedText("Pasient"),
                Attributes = [],
            };
            var item = new XmlItemRef(node, Item: null!);
            return new XmlStructure
            {
                Namespace = "http://example.no/ide",
                Root = node,
                Nodes = [node],
                Envelope = new EnvelopeMap(),
                Identities = new XmlIdentities(node, item, new XmlPerson(item, item, item)),
            };
        }
    }
}
