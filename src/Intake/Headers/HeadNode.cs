using Kilde.Kernel;

namespace Kilde.Intake.Headers;

/// <summary>An element of the header as read. Of persons nothing is kept.</summary>
internal sealed class HeadNode(string name)
{
    /// <summary>Code lists that HER-ids are written under: by number, and as an object identifier.</summary>
    private const string OrganisationIds = "2.16.578.1.12.4.1.1.9051";
    private const string OrganisationIdsShort = "9051";
    private const string PersonIds = "2.16.578.1.12.4.1.1.8116";
    private const string PersonIdsShort = "8116";

    private static readonly string[] Forgotten = ["Patient", "Person", "OtherReceiver", "Document", "PatientReport"];

    private readonly List<HeadNode> _children = [];
    private readonly Dictionary<string, string> _attributes = [];

    public string Name => name;

    public string? Text { get; set; }

    public void Set(string attribute, string value) => _attributes[attribute] = value;

    public void Keep(HeadNode child)
    {
        if (!Forgotten.Contains(child.Name)) _children.Add(child);
    }

    public static MessageHead ToHead(HeadNode information, HeadNode? document) => new(
        information.Code("Type") ?? "",
        information.Find("Type")?.Attribute("DN"),
        information.Find("GenDate")!.Text!.Trim(),
        information.Find("MsgId")!.Text!.Trim(),
        information.Code("Ack") == "J",
        information.Code("ProcessingStatus") == "D",
        information.Find("Sender")!.Address(),
        information.Find("Receiver")!.Address(),
        document?.Code("MsgType"));

    private HeadAddress Address()
    {
        var organisation = Find("Organisation")!;
        var unit = organisation.Find("Organisation") ?? organisation.Find("HealthcareProfessional");
        return new HeadAddress(organisation.Party(), unit?.Party());
    }

    private HeadParty Party()
    {
        var title = Find("OrganisationName")?.Text
            ?? string.Join(' ', ((string[])["GivenName", "FamilyName"]).Select(part => Find(part)?.Text)).Trim();
        var identity = _children.Find(child => child.Name == "Ident" && child.Find("TypeId")!.IsHer());
        return new HeadParty(
            title, identity is not null && HerId.TryParse(identity.Find("Id")!.Text!.Trim(), out var her) ? her : null);
    }

    // KppParser writes the list by its number, most others as an object identifier, and some leave it out.
    private bool IsHer() => Attribute("V")?.Trim() == "HER"
        && Attribute("S")?.Trim() is null or OrganisationIds or OrganisationIdsShort or PersonIds or PersonIdsShort;

    private HeadNode? Find(string child) => _children.Find(node => node.Name == child);

    private string? Code(string child) => Find(child)?.Attribute("V")?.Trim();

    private string? Attribute(string attribute) => _attributes.GetValueOrDefault(attribute);
}
