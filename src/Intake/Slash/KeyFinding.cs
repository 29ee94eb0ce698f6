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
                "DPoP-bevisets msg_hash skal være SHA-256 av meldingen før kryptering, i base64 eller base64url.");

        if (envelope.KeyId is not { Length: > 0 and <= KeyIdCharactersMax }
            || await keys.FindAsync(envelope.KeyId, cancellation) is not { } key)
            return Refusal.Bad(
                SlashCode.InvalidKeyId, "enc_key_id",
                "DPoP-bevisets enc_key_id skal være id-en til en nøkkel fra GET /keys. Hent nøklene på nytt.");
        if (key.ExpiresAt <= exchange.ReceivedAt)
            return Refusal.Bad(
                SlashCode.ExpiredKey, "enc_key_id",
                $"Nøkkelen utløp {key.ExpiresAt:dd.MM.yyyy}. Hent nøklene på nytt, og bruk den nyeste.");

        exchange.WrappedKey = LenientBase64.Decode(envelope.WrappedKey, WrappedKeyBytesMax);
        if (exchange.WrappedKey?.Length != key.ModulusBytes)
            return Refusal.Bad(
                SlashCode.DecryptionErrorForAsymmetricalKey, "enc_sym_key",
                $"DPoP-bevisets enc_sym_key skal være {key.ModulusBytes} byte i base64 eller base64url: "
                + "meldingsnøkkelen kryptert med RSA-OAEP-SHA256.");
        exchange.Key = key;
        return null;
    }
}
