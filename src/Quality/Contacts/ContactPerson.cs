using System.Buffers;
using System.Net.Mail;

namespace Kilde.Quality.Contacts;

/// <summary>What a contact person answers for (code list 8471).</summary>
public enum ContactType
{
    /// <summary>Technical production.</summary>
    Production = 1,
    Somatic = 2,
    AdultMentalHealth = 3,
    ChildMentalHealth = 4,

    /// <summary>The EHR vendor: message validation.</summary>
    Vendor = 15,

    /// <summary>A municipality's contact for IPLOS.</summary>
    Municipal = 16,

    /// <summary>Who answers for a municipality's submission of IPLOS.</summary>
    MunicipalSubmitter = 17,
}

/// <summary>
/// A contact person of a sender, from the element <c>Kontaktperson</c>. Staff data, not patient data.
/// </summary>
/// <param name="Email">Where reports go.</param>
/// <param name="Mobile">Where the password goes; without it no report can be opened (R3.14).</param>
public sealed record ContactPerson(ContactType Type, string Name, string? Email, string? Mobile)
{
    /// <summary>Longest name and address that is kept, in characters.</summary>
    public const int TextMax = 254;

    /// <summary>The address, when one message can be sent to it and to no one else.</summary>
    public string? UsableEmail => EmailAddress.Normalise(Email);

    /// <summary>The mobile number as <c>+47</c> and eight digits, when it is one.</summary>
    public string? UsableMobile => NorwegianMobile.Normalise(Mobile);

    /// <summary>Names nobody, so that a log cannot.</summary>
    public override string ToString() => $"*** ({Type})";
}

/// <summary>Addresses that one message can be sent to.</summary>
public static class EmailAddress
{
    // What would make one address into several, or into a header.
    private static readonly SearchValues<char> NotInAddress = SearchValues.Create("\r\n,;<>\"");

    /// <summary>The address alone; null when it is none, or several.</summary>
    public static string? Normalise(string? text) =>
        text is { Length: > 2 and <= ContactPerson.TextMax }
        && !text.AsSpan().ContainsAny(NotInAddress)
        && MailAddress.TryCreate(text.Trim(), out var address)
        && address.Host.Contains('.')
            ? address.Address
            : null;
}

/// <summary>Norwegian mobile numbers: eight digits that begin with 4 or 9.</summary>
public static class NorwegianMobile
{
    private const int Digits = 8;
    private const int TextMax = 24;

    /// <summary>The number as <c>+4791234567</c>; null when it is not a Norwegian mobile number.</summary>
    public static string? Normalise(string? text)
    {
        if (text is null or { Length: > TextMax }) return null;
        var compact = text.Replace(" ", "").Replace("\u00a0", "");
        if (compact.StartsWith("+47", StringComparison.Ordinal)) compact = compact[3..];
        else if (compact.StartsWith("0047", StringComparison.Ordinal)) compact = compact[4..];
        var isMobile = compact.Length == Digits && compact[0] is '4' or '9';
        return isMobile && !compact.AsSpan().ContainsAnyExceptInRange('0', '9') ? "+47" + compact : null;
    }
}
