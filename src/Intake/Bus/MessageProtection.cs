using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using Kilde.Intake.Parties;

namespace Kilde.Intake.Bus;

/// <summary>What opening a protected message came to: its content, or why not.</summary>
internal readonly record struct Opened(byte[]? Content, BusFault? Fault)
{
    public static implicit operator Opened(BusFault fault) => new(null, fault);
}

/// <summary>
/// Protection of messages on the bus: signed (CMS SignedData), and then encrypted (CMS EnvelopedData, AES-256-CBC).
/// </summary>
/// <remarks>
/// Who has sent is decided by the registered certificate, never by what the message carries along. Faults in opening
/// are told apart only as far as certificates go: what went wrong inside the decryption is nobody's to know.
/// </remarks>
internal static class MessageProtection
{
    private const string Aes256Cbc = "2.16.840.1.101.3.4.1.42";
    private const string DataType = "1.2.840.113549.1.7.1";
    private const string SignedDataType = "1.2.840.113549.1.7.2";

    private static readonly string[] Digests =
        ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    private static readonly BusFault Unreadable = new(
        BusFaultCode.UnsupportedMessage, "Innholdet er ikke en kryptert CMS-melding som kan åpnes.");

    /// <param name="receiver">Our party; its older certificates still open messages until they expire.</param>
    public static Opened Open(
        ReadOnlySpan<byte> body, RegisteredParty receiver, RegisteredParty sender, DateTimeOffset now)
    {
        var decrypted = Decrypt(body, receiver, now);
        return decrypted.Content is { } signed ? Verify(signed, sender, now) : decrypted;
    }

    public static byte[] Seal(byte[] content, X509Certificate2 signer, X509Certificate2 recipient)
    {
        var signed = new SignedCms(new ContentInfo(content));
        signed.ComputeSignature(new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, signer)
        {
            DigestAlgorithm = new Oid(Digests[0]),
            IncludeOption = X509IncludeOption.EndCertOnly,
        });
        var enveloped = new EnvelopedCms(
            new ContentInfo(signed.Encode()), new AlgorithmIdentifier(new Oid(Aes256Cbc)));
        enveloped.Encrypt(new CmsRecipient(SubjectIdentifierType.IssuerAndSerialNumber, recipient));
        return enveloped.Encode();
    }

    private static Opened Decrypt(ReadOnlySpan<byte> body, RegisteredParty receiver, DateTimeOffset now)
    {
        try
        {
            var enveloped = new EnvelopedCms();
            enveloped.Decode(body);
            if (enveloped.ContentEncryptionAlgorithm.Oid.Value != Aes256Cbc)
                return new BusFault(BusFaultCode.UnsupportedMessage, "Meldingen skal være kryptert med AES-256-CBC.");

            var (recipient, certificate) = FindRecipient(enveloped, receiver);
            if (recipient is null || certificate is null)
                return new BusFault(
                    BusFaultCode.InvalidCertificate,
                    "Meldingen er ikke kryptert for et sertifikat som mottakeren har.");
            if (Refuse(certificate.StandingAt(now), "mottakerens") is { } fault) return fault;

            using var key = certificate.Certificate.GetRSAPrivateKey();
            if (key is null) return Unreadable;
            enveloped.Decrypt(recipient, key);
            return enveloped.ContentInfo.ContentType.Value is DataType or SignedDataType
                ? new Opened(enveloped.ContentInfo.Content, null)
                : Unreadable;
        }
        catch (CryptographicException)
        {
            return Unreadable;
        }
    }

    private static (RecipientInfo? Recipient, PartyCertificate? Certificate) FindRecipient(
        EnvelopedCms enveloped, RegisteredParty receiver)
    {
        foreach (var recipient in enveloped.RecipientInfos)
        {
            if (recipient.RecipientIdentifier is not
                { Type: SubjectIdentifierType.IssuerAndSerialNumber, Value: X509IssuerSerial issued }) continue;
            var ours = receiver.Of(CertificateUsage.Encrypt)
                .FirstOrDefault(one => one.Certificate.HasPrivateKey && IsNamed(one.Certificate, issued));
            if (ours is not null) return (recipient, ours);
        }

        return default;
    }

    private static Opened Verify(byte[] content, RegisteredParty sender, DateTimeOffset now)
    {
        try
        {
            var signed = new SignedCms();
            signed.Decode(content);
            if (signed.ContentInfo.ContentType.Value != DataType || signed.Detached || signed.SignerInfos.Count != 1)
                return new BusFault(BusFaultCode.UnsupportedMessage, "Meldingen skal være signert av én avsender.");
            var signer = signed.SignerInfos[0];
            if (!Digests.Contains(signer.DigestAlgorithm.Value))
                return new BusFault(
                    BusFaultCode.UnsupportedMessage, "Signaturen skal bruke SHA-256, SHA-384 eller SHA-512.");

            var (certificate, fault) = FindSigner(signer, sender, now);
            if (certificate is null) return fault!;
            signer.CheckSignature([certificate.Certificate], verifySignatureOnly: true);
            return new Opened(signed.ContentInfo.Content, null);
        }
        catch (CryptographicException)
        {
            return new BusFault(BusFaultCode.InvalidCertificate, "Signaturen holder ikke.");
        }
    }

    // A message may carry the issuers' certificates along; the signer's own is the one that SignerInfo names.
    private static (PartyCertificate? Certificate, BusFault? Fault) FindSigner(
        SignerInfo signer, RegisteredParty sender, DateTimeOffset now)
    {
        var registered = sender.Of(CertificateUsage.Sign).ToList();
        if (registered.Count == 0)
            return (null, new BusFault(
                BusFaultCode.MissingCertificate, "Avsenderen har ikke noe sertifikat for signering i registeret."));

        // The same certificate may be registered for several periods; the one that counts now decides.
        var named = registered.FindAll(one => IsSigner(signer, one.Certificate));
        var certificate = named.Find(one => one.StandingAt(now) == CertificateStanding.Valid)
            ?? named.FirstOrDefault();
        if (certificate is null)
            return (null, new BusFault(
                BusFaultCode.UnverifiedCertificate, "Meldingen er signert med et annet sertifikat enn avsenderens."));
        return Refuse(certificate.StandingAt(now), "avsenderens") is { } fault ? (null, fault) : (certificate, null);
    }

    private static bool IsSigner(SignerInfo signer, X509Certificate2 registered) =>
        signer.SignerIdentifier is
            { Type: SubjectIdentifierType.IssuerAndSerialNumber, Value: X509IssuerSerial issued }
        && IsNamed(registered, issued)
        && (signer.Certificate is not { } enclosed || enclosed.RawDataMemory.Span.SequenceEqual(
            registered.RawDataMemory.Span));

    private static bool IsNamed(X509Certificate2 certificate, X509IssuerSerial issued) =>
        certificate.SerialNumber == issued.SerialNumber && certificate.Issuer == issued.IssuerName;

    private static BusFault? Refuse(CertificateStanding standing, string whose) => standing switch
    {
        CertificateStanding.Expired => new BusFault(
            BusFaultCode.ExpiredCertificate, $"Tiden for {whose} sertifikat er ute."),
        CertificateStanding.NotYetValid => new BusFault(
            BusFaultCode.InvalidCertificate, $"Tiden for {whose} sertifikat er ikke begynt."),
        CertificateStanding.Revoked => new BusFault(
            BusFaultCode.RevokedCertificate, $"Sertifikatet er trukket tilbake ({whose})."),
        _ => null,
    };
}
