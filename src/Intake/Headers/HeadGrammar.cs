namespace Kilde.Intake.Headers;

/// <summary>What an element of the header holds.</summary>
internal enum HeadContent
{
    /// <summary>Text of any kind.</summary>
    Text = 1,

    /// <summary>A moment, as xsd:dateTime.</summary>
    DateTime,

    /// <summary>A day, as xsd:date.</summary>
    Date,

    /// <summary>An address, as xsd:anyURI.</summary>
    Uri,

    /// <summary>Digits parted by dots.</summary>
    Oid,

    /// <summary>The one text that is allowed: <see cref="HeadGrammar.MigVersion"/>.</summary>
    MigVersion,

    /// <summary>Attributes V and DN.</summary>
    Cs,

    /// <summary>Attributes V, S, DN and OT.</summary>
    Cv,

    /// <summary>Attribute V: a moment, a day, a month, a year or a time of day.</summary>
    Ts,

    /// <summary>Attribute V: an address.</summary>
    Url,

    /// <summary>Elements, in the order of a rule in <see cref="HeadGrammar"/>.</summary>
    Elements,

    /// <summary>What the envelope is for: the message itself.</summary>
    Payload,

    /// <summary>Of another standard, and of no use to us: passed over as it stands.</summary>
    Foreign,
}

/// <summary>One element that may stand at a place.</summary>
/// <param name="Rule">The rule of its children, when it has any.</param>
internal sealed record HeadElement(string Name, HeadContent Content, string? Rule = null)
{
    public string Namespace { get; init; } = HeadGrammar.Namespace;
}

/// <summary>A place in a sequence: how often, and which of its elements. Only one of them is used there.</summary>
internal sealed record HeadStep(int Min, int Max, params IReadOnlyList<HeadElement> Either);

/// <summary>
/// What a header may hold, and in which order: MsgHead 1.2 (HIS 80601), as a table. A test compares it with the
/// official schema.
/// </summary>
internal static class HeadGrammar
{
    public const string Namespace = "http://www.kith.no/xmlstds/msghead/2006-05-24";
    public const string SignatureNamespace = "http://www.w3.org/2000/09/xmldsig#";
    public const string MigVersion = "v1.2 2006-05-24";
    public const string Root = "MsgHead";

    private const int Many = int.MaxValue;

    /// <summary>The places of each kind of element, by its name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<HeadStep>> Rules { get; } =
        new Dictionary<string, IReadOnlyList<HeadStep>>
        {
            // Who has sent is told by the signature around the message (CMS); one inside it is allowed, and not held.
            ["MsgHead"] =
            [
                One(Rule("MsgInfo")), new(1, Many, Rule("Document"), Rule("PatientReport")),
                Maybe(new HeadElement("Signature", HeadContent.Foreign) { Namespace = SignatureNamespace }),
            ],
            ["MsgInfo"] =
            [
                One(Cs("Type")), One(new HeadElement("MIGversion", HeadContent.MigVersion)),
                One(DateTime("GenDate")), One(Text("MsgId")), Maybe(Cs("ProcessingStatus")),
                Maybe(Cs("RequestedPriority")), Maybe(Cs("Ack")), Maybe(Rule("ConversationRef")),
                One(Rule("Sender", "Party")), One(Rule("Receiver", "Party")), Any(Rule("OtherReceiver")),
                Maybe(Rule("Patient", "Person")),
            ],
            ["ConversationRef"] = [One(Text("RefToParent")), One(Text("RefToConversation"))],
            ["Party"] = [Maybe(Cs("ComMethod")), One(Rule("Organisation"))],
            ["OtherReceiver"] =
            [
                Maybe(Cs("ComMethod")), One(Cs("RoleReceiver")),
                Maybe(
                    Rule("Organisation"), Rule("Patient", "Person"), Rule("Person"), Rule("HealthcareProfessional")),
            ],
            ["Organisation"] =
            [
                One(Text("OrganisationName")), Maybe(Cv("TypeOrganisation")), new(1, Many, Rule("Ident")),
                Maybe(Rule("Address")), Any(Rule("TeleCom")), Maybe(Rule("Organisation")),
                Maybe(Rule("HealthcareProfessional")),
            ],
            ["HealthcareProfessional"] =
            [
                Maybe(Cs("TypeHealthcareProfessional")), Maybe(Cv("RoleToPatient")), .. Name,
                new(1, Many, Rule("Ident")), Maybe(Rule("Address")), Any(Rule("TeleCom")),
            ],
            ["Person"] = [.. Name, Any(Rule("Ident")), Maybe(Rule("Address")), Any(Rule("TeleCom"))],
            ["Ident"] = [One(Text("Id")), One(Cv("TypeId"))],
            ["Address"] =
            [
                Maybe(Cs("Type")), Maybe(Text("StreetAdr")), Maybe(Text("PostalCode")), Maybe(Text("City")),
                Maybe(Text("Postbox")), Maybe(Cs("County")), Maybe(Cs("Country")),
            ],
            ["TeleCom"] = [Maybe(Cs("TypeTelecom")), One(new HeadElement("TeleAddress", HeadContent.Url))],
            ["PatientReport"] =
            [
                Maybe(Cs("DocumentConnection")), One(Text("CaseNo")), new(1, Many, Rule("Document")),
                Maybe(Rule("Patient", "Person")),
            ],
            ["Document"] =
            [
                Maybe(Cs("DocumentConnection")), Maybe(Cv("ContentType")), Maybe(Text("ContentDescription")),
                Maybe(Cv("ContentCategory")), Maybe(Cv("Consent")), Maybe(Text("Annotation")), Maybe(Ts("FromDate")),
                Maybe(Ts("ToDate")), Maybe(new HeadElement("OidRef", HeadContent.Oid)), Maybe(Text("EnquiryRefId")),
                One(Rule("RefDoc")),
            ],
            ["RefDoc"] =
            [
                Maybe(Ts("IssueDate")), One(Cs("MsgType")), Maybe(Text("Id")), Maybe(Text("MimeType")),
                Maybe(Text("Description")), Maybe(Cs("Compression")),
                Maybe(
                    new HeadElement("FileReference", HeadContent.Uri),
                    new HeadElement("Content", HeadContent.Payload)),
            ],
        };

    /// <summary>True when the element may be wholly empty, although its first child is required.</summary>
    public static bool MayBeEmpty(string rule) => rule == "Organisation";

    private static IReadOnlyList<HeadStep> Name =>
    [
        Maybe(Text("FamilyName")), Maybe(Text("MiddleName")), Maybe(Text("GivenName")),
        Maybe(new HeadElement("DateOfBirth", HeadContent.Date)), Maybe(Cs("Sex")), Maybe(Cs("Nationality")),
    ];

    private static HeadStep One(HeadElement element) => new(1, 1, element);

    private static HeadStep Maybe(params HeadElement[] either) => new(0, 1, either);

    private static HeadStep Any(HeadElement element) => new(0, Many, element);

    private static HeadElement Text(string name) => new(name, HeadContent.Text);

    private static HeadElement DateTime(string name) => new(name, HeadContent.DateTime);

    private static HeadElement Cs(string name) => new(name, HeadContent.Cs);

    private static HeadElement Cv(string name) => new(name, HeadContent.Cv);

    private static HeadElement Ts(string name) => new(name, HeadContent.Ts);

    private static HeadElement Rule(string name, string? rule = null) => new(name, HeadContent.Elements, rule ?? name);
}
