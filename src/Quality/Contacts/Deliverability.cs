using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Cases;
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
    /// One warning for each contact type that feedback goes to and that cannot be reached; none when all is well.
    /// </summary>
    /// <param name="activity">What is told of the activity; null when the message is of none.</param>
    public static IReadOnlyList<Finding> Check(
        RegisterCode register, IReadOnlyList<ContactPerson> contacts, ToldActivity? activity = null) =>
        [.. HindrancesOf(register, contacts, activity).Select(each => Warn(each.Type, each.Hindrance))];

    /// <summary>The contact types that feedback goes to and that cannot be reached, and what hinders it.</summary>
    internal static IEnumerable<(ContactType Type, Hindrance Hindrance)> HindrancesOf(
        RegisterCode register, IReadOnlyList<ContactPerson> contacts, ToldActivity? activity = null)
    {
        foreach (var type in register == RegisterCode.Kpr
            ? Recipients.NamedOf(contacts)
            : TypesOfNpr(contacts, activity))
        {
            var ofType = contacts.Where(contact => contact.Type == type).ToList();
            if (ofType.Exists(contact => Recipients.HindranceOf(contact) is null)) continue;
            yield return (
                type, ofType.Count == 0 ? Hindrance.NoContact : Recipients.HindranceOf(ofType[0])!.Value);
        }
    }

    // Those that errors are told to and those of the activity's sectors must be named; who is named for another sector
    // must be possible to reach when the message may tell of it next time.
    private static IEnumerable<ContactType> TypesOfNpr(IReadOnlyList<ContactPerson> contacts, ToldActivity? activity)
    {
        var needed = Recipients.TypesFor(FeedbackKind.NprErr, sector: null)
            .Concat((activity?.Sectors ?? []).SelectMany(OfActivity));
        var named = (activity?.MayHave ?? []).SelectMany(OfActivity)
            .Where(type => contacts.Any(contact => contact.Type == type));
        return needed.Concat(named).Distinct().Order();
    }

    private static IReadOnlyList<ContactType> OfActivity(Sector? sector) =>
        Recipients.TypesFor(FeedbackKind.Activity, sector);

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

/// <summary>What activity feedback on a message is about (R3.12).</summary>
/// <param name="MayHave">Sectors that messages of the type may have; null in it where its form has no sectors.</param>
/// <param name="Sectors">Those it has activity of: each gets a workbook.</param>
public sealed record ToldActivity(IReadOnlyList<Sector?> MayHave, IReadOnlyList<Sector?> Sectors)
{
    /// <param name="form">Null when nobody is told of the activity.</param>
    public static ToldActivity? Of(ActivityForm? form, IReadOnlyList<ActivityCell> cells) => form is null
        ? null
        : new ToldActivity(
            form.SectorColumn is null ? [null] : [.. Enum.GetValues<Sector>().Cast<Sector?>()],
            form.SectorsOf(cells));
}
