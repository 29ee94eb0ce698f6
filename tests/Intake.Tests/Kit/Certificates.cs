using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kilde.Intake.Parties;
using Kilde.Kernel;

namespace Kilde.Intake.Tests.Kit;

/// <summary>Certificates of parties that do not exist.</summary>
internal static class Certificates
{
    public static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset To = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static X509Certificate2 New(string name, int bits = 2_048)
    {
        using var rsa = RSA.Create(bits);
        return new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(From, To);
    }

    public static RegisteredParty Party(int herId, params PartyCertificate[] certificates) => new(
        new Party(HerId.Parse(herId.ToString()), "Testsund", Unit: Messages.UnitA), certificates);

    public static PartyCertificate For(
        int herId, CertificateUsage usage, X509Certificate2 certificate, DateTimeOffset? from = null,
        DateTimeOffset? to = null, DateTimeOffset? revoked = null) =>
        new(HerId.Parse(herId.ToString()), usage, certificate, from ?? From, to ?? To, revoked);
}
