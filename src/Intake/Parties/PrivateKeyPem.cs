using System.Security.Cryptography;

namespace Kilde.Intake.Parties;

/// <summary>A private key as an issuer hands it out: PEM with PKCS#8, encrypted or not, or PKCS#1.</summary>
public static class PrivateKeyPem
{
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";
    private const string PublicLabel = "PUBLIC KEY";

    /// <param name="passphrase">Opens an encrypted key; no part of another.</param>
    /// <exception cref="ArgumentException">There is no RSA key in it, or it needs a passphrase.</exception>
    /// <exception cref="CryptographicException">The passphrase does not open it.</exception>
    public static RSA Read(string pem, string? passphrase)
    {
        var rsa = RSA.Create();
        try
        {
            if (!Has(pem, EncryptedLabel))
                rsa.ImportFromPem(pem);
            else if (string.IsNullOrEmpty(passphrase))
                throw new ArgumentException("The private key is encrypted, and no passphrase is given.");
            else
                rsa.ImportFromEncryptedPem(pem, passphrase);
            return Has(pem, PublicLabel) ? throw new ArgumentException("The file has a public key.") : rsa;
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }

    private static bool Has(string pem, string label) =>
        pem.Contains($"-----BEGIN {label}-----", StringComparison.Ordinal);
}
