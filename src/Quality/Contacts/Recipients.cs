using Kilde.Kernel;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;

namespace Kilde.Quality.Contacts;

/// <summary>Why a report cannot reach a contact.</summary>
public enum Hindrance
{
    /// <summary>The file names no contact of the type.</summary>
    NoContact = 1,

    /// <summary>The contact has no usable e-mail address.</summary>
    NoEmail = 2,

    /// <summary>The contact has no Norwegian mobile number, so there is nowhere to send the password (R3.14).</summary>
    NoMobile = 3,
}

/// <summary>Someone a report is for. Either it can go, or there is a hindrance.</summary>
public sealed record Recipient(ContactType Type, ContactPerson? Person, Hindrance? Hindrance);

/// <summary>
/// Who gets what. NPR: NPR_VAL and NPR_ERR go to types 1 and 15 only (R3.11), activity to the sector's contact and type
/// 1 (R3.12), identity to type 1. KPR: everything goes to the municipality's contacts and, where the file names them,
/// to types 1 and 15. Pure.
/// </summary>
public static class Recipients
{
    private static readonly ContactType[] OfMunicipality =
        [ContactType.Municipal, ContactType.MunicipalSubmitter, ContactType.Production, ContactType.Vendor];

    /// <summary>Each person once, and each missing type as a hindrance.</summary>
    public static IReadOnlyList<Recipient> Of(
        FeedbackKind kind, Sector? sector, RegisterCode register, IReadOnlyList<ContactPerson> contacts)
    {
        List<Recipient> recipients = [];
        var reached = new HashSet<(string?, string?)>();
        foreach (var type in register == RegisterCode.Kpr ? NamedOf(contacts) : TypesFor(kind, sector))
        {
            var ofType = contacts.Where(contact => contact.Type == type).ToList();
            if (ofType.Count == 0) recipients.Add(new Recipient(type, Person: null, Hindrance.NoContact));
            recipients.AddRange(ofType
                .Where(contact => reached.Add((contact.UsableEmail ?? contact.Name, contact.UsableMobile)))
                .Select(contact => new Recipient(type, contact, HindranceOf(contact))));
        }

        return recipients;
    }

    /// <summary>What keeps reports from a contact; null when nothing does.</summary>
    public static Hindrance? HindranceOf(ContactPerson contact) => contact switch
    {
        { UsableEmail: null } => Hindrance.NoEmail,
        { UsableMobile: null } => Hindrance.NoMobile,
        _ => null,
    };

    /// <summary>Which of a municipality's types the file names; the first of them when it names none.</summary>
    public static IReadOnlyList<ContactType> NamedOf(IReadOnlyList<ContactPerson> contacts)
    {
        ContactType[] named = [.. OfMunicipality.Where(type => contacts.Any(contact => contact.Type == type))];
        return named.Length > 0 ? named : OfMunicipality[..1];
    }

    /// <summary>The contact types a feedback of NPR is for, the one it concerns most first.</summary>
    public static IReadOnlyList<ContactType> TypesFor(FeedbackKind kind, Sector? sector) => kind switch
    {
        FeedbackKind.NprVal or FeedbackKind.NprErr => [ContactType.Production, ContactType.Vendor],
        FeedbackKind.Identity => [ContactType.Production],
        _ => [ContactOf(sector), ContactType.Production],
    };

    // There is no contact type for addiction treatment; adult mental health answers for it.
    private static ContactType ContactOf(Sector? sector) => sector switch
    {
        Sector.AdultMentalHealth or Sector.Addiction => ContactType.AdultMentalHealth,
        Sector.ChildMentalHealth => ContactType.ChildMentalHealth,
        _ => ContactType.Somatic,
    };
}
