using Kilde.Quality.Contacts;
using Kilde.Quality.FollowUps;

namespace Kilde.Portal.Calling;

/// <summary>Reasons and acts of follow-up, in words and colours.</summary>
internal static class CallWords
{
    public static string Of(FollowUpReason reason) => reason switch
    {
        FollowUpReason.Late => "Sen",
        FollowUpReason.Silent => "Stille",
        FollowUpReason.InvalidRows => "Mange ugyldige rader",
        FollowUpReason.Unexplained => "Funn uten forklaring",
        _ => "Ikke signert",
    };

    public static string ColourOf(FollowUpReason reason) => reason switch
    {
        FollowUpReason.Late or FollowUpReason.Silent => "danger",
        FollowUpReason.Unsigned => "info",
        _ => "warning",
    };

    public static string Of(FollowUpKind kind) => kind switch
    {
        FollowUpKind.Taken => "Tatt",
        FollowUpKind.Released => "Sluppet",
        FollowUpKind.Noted => "Notat",
        FollowUpKind.Done => "Gjort",
        _ => "Åpnet igjen",
    };

    public static string Of(ContactType type) => type switch
    {
        ContactType.Production => "Teknisk produksjon",
        ContactType.Somatic => "Somatikk",
        ContactType.AdultMentalHealth => "Psykisk helsevern for voksne",
        ContactType.ChildMentalHealth => "Psykisk helsevern for barn og unge",
        ContactType.Vendor => "Leverandør",
        ContactType.Municipal => "Kommunens kontakt",
        ContactType.MunicipalSubmitter => "Ansvarlig for innsending",
        _ => $"Type {(int)type}",
    };
}
