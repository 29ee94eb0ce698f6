using Kilde.Kernel;
using Kilde.Quality.Documents;

namespace Kilde.Quality.Contacts;

/// <summary>
/// What the receipt of a message says when feedback cannot be delivered (R1.27, R3.14): warnings, which never refuse
/// the message. Pure, so that any channel can ask before anything is stored.
/// </summary>
public static class Deliverability
{
    public const string NoContact = "QUA-001";
    public const string NoMobile = "QUA-002";
    public const string NoEmail = "QUA-003";

    /// <summary>
    /// One warning for each contact type that errors are told to and that cannot be reached; none when all is well.
    /// </summary>
    public static IReadOnlyList<Finding> Check(RegisterCode register, IReadOnlyList<ContactPerson> contacts) =>
        [.. HindrancesOf(register, contacts).Select(each => Warn(each.Type, each.Hindrance))];

    /// <summary>The contact types that errors are told to and that cannot be reached, and what hinders it.</summary>
    internal static IEnumerable<(ContactType Type, Hindrance Hindrance)> HindrancesOf(
        RegisterCode register, IReadOnlyList<ContactPerson> contacts)
    {
        var types = register == RegisterCode.Kpr
            ? Recipients.NamedOf(contacts)
            : Recipients.TypesFor(FeedbackKind.NprErr, sector: null);
        foreach (var type in types)
        {
            var ofType = contacts.Where(contact => contact.Type == type).ToList();
            if (ofType.Exists(contact => Recipients.HindranceOf(contact) is null)) continue;
            yield return (
                type, ofType.Count == 0 ? Hindrance.NoContact : Recipients.HindranceOf(ofType[0])!.Value);
        }
    }

    private static Finding Warn(ContactType type, Hindrance hindrance)
    {
        var named = ContactTypeNames.Quoted(type).Nb;
        var (rule, cause) = hindrance switch
        {
            Hindrance.NoMobile => (NoMobile, $"Kontaktpersonen av type {named} har ikke et norsk mobilnummer"),
            Hindrance.NoEmail => (NoEmail, $"Kontaktpersonen av type {named} har ikke en gyldig e-postadresse"),
            _ => (NoContact, $"Meldingen har ingen kontaktperson av type {named}"),
        };
        return new Finding(
            rule, Severity.Warning, "/Melding/Kontaktperson",
            $"{cause}, så tilbakemeldinger kan ikke leveres dit. Rett kontaktpersonene i neste fil.");
    }
}
