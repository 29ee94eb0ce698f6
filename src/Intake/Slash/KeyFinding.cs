using System.Security.Cryptography;
using Kilde.Intake.Slash.Keys;

namespace Kilde.Intake.Slash;

/// <summary>Finds the key pair the message key is wrapped with; checks what costs nothing of the envelope.</summary>
internal sealed class KeyFinding(SlashKeyRing keys)
{
    private const int KeyIdCharactersMax = 100;
    private const int WrappedKeyBytesMax = 512;

    public async ValueTask<Refusal?> CheckAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var envelope = exchange.Envelope!;
        exchange.ExpectedHash = LenientBase64.Decode(envelope.Hash, SHA256.HashSizeInBytes);
        if (exchange.ExpectedHash is not { Length: SHA256.HashSizeInBytes })
            return Refusal.Bad(
                SlashCode.InvalidDigest, "msg_hash",
                new(
                    "DPoP-bevisets msg_hash skal være SHA-256 av meldingen før kryptering, i base64 eller base64url.",
                    "msg_hash i DPoP-beviset skal vere SHA-256 av meldinga før kryptering, i base64 eller base64url.",
                    "The DPoP proof's msg_hash is to be the SHA-256 of the message before encryption, in "
                    + "base64 or base64url."));

        if (envelope.KeyId is not { Length: > 0 and <= KeyIdCharactersMax }
            || await keys.FindAsync(envelope.KeyId, cancellation) is not { } key)
            return Refusal.Bad(
                SlashCode.InvalidKeyId, "enc_key_id",
                new(
                    "DPoP-bevisets enc_key_id skal være id-en til en nøkkel fra GET /keys. Hent nøklene på nytt.",
                    "enc_key_id i DPoP-beviset skal vere id-en til ein nøkkel frå GET /keys. Hent nøklane på nytt.",
                    "The DPoP proof's enc_key_id is to be the id of a key from GET /keys. Fetch the keys again."));
        if (key.ExpiresAt <= exchange.ReceivedAt)
            return Refusal.Bad(
                SlashCode.ExpiredKey, "enc_key_id",
                new(
                    $"Nøkkelen utløp {key.ExpiresAt:dd.MM.yyyy}. Hent nøklene på nytt, og bruk den nyeste.",
                    $"Nøkkelen gjekk ut {key.ExpiresAt:dd.MM.yyyy}. Hent nøklane på nytt, og bruk den nyaste.",
                    $"The key expired {key.ExpiresAt:yyyy-MM-dd}. Fetch the keys again, and use the newest."));

        exchange.WrappedKey = LenientBase64.Decode(envelope.WrappedKey, WrappedKeyBytesMax);
        if (exchange.WrappedKey?.Length != key.ModulusBytes)
            return Refusal.Bad(
                SlashCode.DecryptionErrorForAsymmetricalKey, "enc_sym_key",
                new(
                    $"DPoP-bevisets enc_sym_key skal være {key.ModulusBytes} byte i base64 eller base64url: "
                    + "meldingsnøkkelen kryptert med RSA-OAEP-SHA256.",
                    $"enc_sym_key i DPoP-beviset skal vere {key.ModulusBytes} byte i base64 eller base64url: "
                    + "meldingsnøkkelen kryptert med RSA-OAEP-SHA256.",
                    $"The DPoP proof's enc_sym_key is to be {key.ModulusBytes} bytes in base64 or base64url: "
                    + "the message key encrypted with RSA-OAEP-SHA256."));
        exchange.Key = key;
        return null;
    }
}
