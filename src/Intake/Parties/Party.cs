using System.Security.Cryptography.X509Certificates;
using Kilde.Intake.Headers;
using Kilde.Kernel;

namespace Kilde.Intake.Parties;

/// <summary>
/// A communication party (Adresseregisteret): an organisation (level 1), or a unit of one (level 2).
/// </summary>
/// <param name="Parent">The organisation of a unit; null at level 1.</param>
/// <param name="Unit">The reporting unit that the party sends for; null for parties of our own.</param>
/// <param name="IsOwn">True when the party is a mailbox of ours.</param>
/// <param name="ReceiptVersion">The version of AppRec that it wants to be answered in.</param>
/// <param name="ValidFrom">The first moment its address counts; null when it always has.</param>
/// <param name="ValidTo">The first moment its address no longer counts (R1.28); null when no end is known.</param>
public sealed record Party(
    HerId HerId, string Name, HerId? Parent = null, OrganizationNumber? Unit = null, bool IsOwn = false,
    AppRecVersion ReceiptVersion = AppRecVersion.V10, DateTimeOffset? ValidFrom = null, DateTimeOffset? ValidTo = null)
{
    /// <summary>Whether messages from and to the address are received at a moment.</summary>
    public bool CountsAt(DateTimeOffset moment) => !(moment < ValidFrom) && !(moment >= ValidTo);
}

/// <summary>What a certificate is for.</summary>
public enum CertificateUsage
{
    /// <summary>Proves who has sent (key usage NonRepudiation).</summary>
    Sign = 1,

    /// <summary>Messages to the party are encrypted for it (key usage KeyEncipherment).</summary>
    Encrypt,
}

/// <summary>Whether a certificate counts at a moment.</summary>
public enum CertificateStanding
{
    Valid = 1,
    NotYetValid,
    Expired,
    Revoked,
}

/// <summary>A certificate as registered for a party.</summary>
/// <param name="ValidFrom">The first moment it counts.</param>
/// <param name="ValidTo">The first moment it no longer counts.</param>
public sealed record PartyCertificate(
    HerId HerId, CertificateUsage Usage, X509Certificate2 Certificate, DateTimeOffset ValidFrom,
    DateTimeOffset ValidTo, DateTimeOffset? RevokedAt)
{
    public CertificateStanding StandingAt(DateTimeOffset moment) =>
        RevokedAt <= moment ? CertificateStanding.Revoked
        : moment < ValidFrom ? CertificateStanding.NotYetValid
        : moment >= ValidTo ? CertificateStanding.Expired
        : CertificateStanding.Valid;
}

/// <summary>A party with the certificates that are its own or, where it has none, its organisation's.</summary>
public sealed record RegisteredParty(Party Party, IReadOnlyList<PartyCertificate> Certificates)
{
    public IEnumerable<PartyCertificate> Of(CertificateUsage usage) =>
        Certificates.Where(certificate => certificate.Usage == usage);

    /// <summary>The newest one that counts at the moment. Ours are of use with their private key only.</summary>
    public PartyCertificate? Current(CertificateUsage usage, DateTimeOffset moment) => Of(usage)
        .Where(one => one.StandingAt(moment) == CertificateStanding.Valid
            && (!Party.IsOwn || one.Certificate.HasPrivateKey))
        .MaxBy(certificate => certificate.ValidFrom);
}

/// <summary>The words the database has.</summary>
internal static class PartyText
{
    public static string Of(CertificateUsage usage) => usage == CertificateUsage.Sign ? "sign" : "encrypt";

    public static CertificateUsage Usage(string text) =>
        text == "sign" ? CertificateUsage.Sign : CertificateUsage.Encrypt;

    public static string Of(AppRecVersion version) => version == AppRecVersion.V10 ? "1.0" : "1.1";

    public static AppRecVersion Version(string text) => text == "1.0" ? AppRecVersion.V10 : AppRecVersion.V11;
}
