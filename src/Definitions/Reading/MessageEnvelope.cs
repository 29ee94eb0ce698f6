namespace Kilde.Definitions.Reading;

/// <summary>What an XML message tells about itself. Facts about the sending, never columns of the register.</summary>
public sealed class MessageEnvelope
{
    private readonly List<ContactPerson> _contacts = [];
    private readonly List<NamedUnit> _units = [];

    /// <summary>B batch, E change message, K continuous (Volven 7371); null when the type has none.</summary>
    public string? Kind { get; internal set; }

    /// <summary>First day of the period the message is about.</summary>
    public DateOnly? From { get; internal set; }

    /// <summary>Last day of the period.</summary>
    public DateOnly? To { get; internal set; }

    /// <summary>The day the data were taken out of the sender's system.</summary>
    public DateOnly? ExtractedOn { get; internal set; }

    public DateTimeOffset? ExtractedAt { get; internal set; }

    public string? Vendor { get; internal set; }

    public string? System { get; internal set; }

    public string? SystemVersion { get; internal set; }

    public string? ExtractorVersion { get; internal set; }

    /// <summary>The sender's serial number (løpenummer); a text, since vendors use 18 digits and letters.</summary>
    public string? Serial { get; internal set; }

    /// <summary>
    /// The reporting unit of the whole message, for types where it stands once and may come after the records; else
    /// null.
    /// </summary>
    public string? Institution { get; internal set; }

    /// <summary>
    /// The share of the reporting unit that the message is about, as a municipality's urban district is; null when it
    /// is about the unit as a whole or what no share has. A file of a year replaces the year of its own share.
    /// </summary>
    public string? Share { get; internal set; }

    /// <summary>The vendor's own id of the message.</summary>
    public string? LocalId { get; internal set; }

    /// <summary>Whom feedback goes to. Complete when the message is read.</summary>
    public IReadOnlyList<ContactPerson> Contacts => _contacts;

    /// <summary>The reporting units, in the order they stand. Complete when the message is read.</summary>
    public IReadOnlyList<NamedUnit> Units => _units;

    internal void Add(ContactPerson contact) => _contacts.Add(contact);

    internal void Add(NamedUnit unit) => _units.Add(unit);
}

/// <summary>A reporting unit at the place where the message names it.</summary>
/// <param name="Id">As written: an organisation number, one with a tenth digit, a RESH id or another.</param>
/// <param name="Place">As findings tell places.</param>
public sealed record NamedUnit(string Id, string Place);

/// <summary>
/// A person at the sender who answers for the reporting. Master data about the sending: never in the register, never
/// in a log.
/// </summary>
/// <param name="Type">Volven 8471: 1 technical production, 15 EHR vendor, …</param>
/// <param name="Phone">As written; a mobile number for those who shall open protected feedback.</param>
public sealed record ContactPerson(string Type, string? Name, string? Phone, IReadOnlyList<string> Emails)
{
    public override string ToString() => $"*** ({Type})";
}
