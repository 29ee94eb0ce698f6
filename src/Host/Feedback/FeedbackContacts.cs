using System.Globalization;
using Kilde.Definitions.Model;
using Kilde.Intake.Judging;
using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Contacts;
using Told = Kilde.Definitions.Reading.ContactPerson;

namespace Kilde.Host.Feedback;

/// <summary>The contact persons of a message, as feedback knows them.</summary>
internal static class FeedbackContacts
{
    /// <summary>More than any sender has; the rest are not written to.</summary>
    private const int ContactsMax = 50;

    // IPLOS writes its own types (Volven 9341); the municipality's contact and submitter are 16 and 17 in 8471.
    private const string IplosType = "KPR_IPLOS";
    private const string IplosSubmitter = "2";

    /// <summary>Those of a known type; the others have no feedback to get.</summary>
    public static IReadOnlyList<ContactPerson> Of(string messageType, IReadOnlyList<Told> told) =>
    [
        .. (from contact in told
            let type = TypeOf(messageType, contact.Type)
            where type is not null
            select new ContactPerson(type.Value, contact.Name ?? "", EmailOf(contact), contact.Phone))
            .Take(ContactsMax),
    ];

    private static ContactType? TypeOf(string messageType, string type)
    {
        if (messageType == IplosType)
            return type == IplosSubmitter ? ContactType.MunicipalSubmitter : ContactType.Municipal;
        return int.TryParse(type, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && Enum.IsDefined((ContactType)number) ? (ContactType)number : null;
    }

    // The second address serves when the first is not one.
    private static string? EmailOf(Told contact) =>
        contact.Emails.FirstOrDefault(email =>
            new ContactPerson(ContactType.Production, "", email, Mobile: null).UsableEmail is not null)
        ?? (contact.Emails.Count > 0 ? contact.Emails[0] : null);
}

/// <summary>Tells in the receipt where feedback cannot be delivered (R1.27, R3.14).</summary>
internal sealed class DeliverabilityCheck(ActivityForms forms) : IContactCheck
{
    // A message of costs or of emergency dispatch has no place for contact persons: those of other files are used.
    public IReadOnlyList<Finding> Check(MessageType type, IReadOnlyList<Told> contacts, string? tally) =>
        type.Xml?.Envelope.Contacts is null
            ? []
            : Deliverability.Check(
                type.Register, FeedbackContacts.Of(type.Name, contacts),
                ToldActivity.Of(forms.Find(type), Tallied.Parse(tally).Cells));
}
