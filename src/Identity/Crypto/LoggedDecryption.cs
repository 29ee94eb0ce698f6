using System.Security.Cryptography;
using Kilde.Audit;
using Npgsql;

namespace Kilde.Identity.Crypto;

/// <summary>An identifier's row, still encrypted.</summary>
internal sealed record EncryptedIdentifier(
    long IdentifierKey, long PersonKey, short Kind, int DataKeyNo, byte[] Ciphertext);

/// <summary>
/// The one way to clear text. It writes the audit entries in the same transaction first, and the caller may not let the
/// clear text go before that transaction is committed (R4.16).
/// </summary>
internal sealed class LoggedDecryption(DataKeys dataKeys, AuditLog audit)
{
    /// <exception cref="ArgumentException">There is nothing to log: no entry for what is to be decrypted.</exception>
    public async Task<byte[][]> OpenAsync(
        NpgsqlTransaction transaction, IReadOnlyList<EncryptedIdentifier> identifiers,
        IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
    {
        if (identifiers.Count == 0) return [];
        if (entries.Count == 0) throw new ArgumentException("A decryption needs its audit entry.", nameof(entries));

        await audit.AppendAsync(transaction, entries, cancellation);
        var clearTexts = new byte[identifiers.Count][];
        var ciphers = new Dictionary<int, AesGcm>();
        try
        {
            for (var i = 0; i < identifiers.Count; i++)
            {
                var identifier = identifiers[i];
                if (!ciphers.TryGetValue(identifier.DataKeyNo, out var cipher))
                {
                    var key = await dataKeys.GetAsync(identifier.DataKeyNo, transaction, cancellation);
                    ciphers.Add(identifier.DataKeyNo, cipher = SealedIdentifier.Cipher(key));
                }

                clearTexts[i] = SealedIdentifier.Open(
                    cipher, identifier.DataKeyNo, identifier.IdentifierKey, identifier.Ciphertext);
            }
        }
        finally
        {
            foreach (var cipher in ciphers.Values) cipher.Dispose();
        }

        return clearTexts;
    }
}
