using System.Buffers;
using System.Security.Cryptography;
using Kilde.Intake.Slash.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Slash;

/// <summary>Reads the body, unwraps the message key, decrypts the message and compares its hash.</summary>
internal sealed class MessageOpening(
    DecryptionFailures failures, UnwrapThreads threads, IOptions<SlashOptions> options)
{
    private const int IvBytes = 16;
    private const int BlockBytes = 16;
    private const int KeyBytes = 32;
    private const int Mebibyte = 1024 * 1024;

    // A message waits this long in its place for its body, and then beside it.
    private static readonly TimeSpan SoonMax = TimeSpan.FromMilliseconds(200);

    private readonly SlashOptions _options = options.Value;

    public async ValueTask<Refusal?> ReadBodyAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var request = exchange.Context.Request;
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = BodyReading.ReadBase64Async(
            request.Body, request.ContentLength, _options.BodyMebibytesMax * Mebibyte,
            TimeSpan.FromSeconds(_options.BodySecondsMax), given.Token);
        if (!await IsSoonAsync(reading, cancellation))
        {
            var isAside = exchange.TryStepAside();
            if (!isAside) await given.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (isAside) exchange.StepBack();
            else if (reading.IsCanceled && !cancellation.IsCancellationRequested)
            {
                return Refusal.Busy(
                    _options.BodySecondsMax,
                    "For mange meldinger kommer for langsomt fram på én gang. Send færre om gangen.");
            }
        }

        var (outcome, rented, length, textBytes) = await reading;
        exchange.BodyBytes = textBytes;
        if (rented is not null) exchange.HoldBody(rented, length);
        return outcome switch
        {
            BodyOutcome.TooLarge => TooLarge($"Innholdet er over {_options.BodyMebibytesMax} MB"),
            BodyOutcome.TooSlow => new Refusal(
                StatusCodes.Status408RequestTimeout, SlashCode.None, null,
                $"Innholdet kom ikke fram i løpet av {_options.BodySecondsMax} sekunder. Send meldingen igjen."),
            BodyOutcome.NotBase64 => Undecryptable(
                "Innholdet er ikke gyldig Base64. Kanskje er det avkortet, eller sendt som base64url."),
            _ => CheckShape(length),
        };
    }

    // A body that came with its headers, as nearly all do, has been read before anyone asks.
    private static async ValueTask<bool> IsSoonAsync(Task reading, CancellationToken cancellation)
    {
        if (reading.IsCompleted) return true;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var soon = await Task.WhenAny(reading, Task.Delay(SoonMax, patience.Token)) == reading;
        await patience.CancelAsync();
        return soon;
    }

    public async ValueTask<Refusal?> DecryptAsync(SlashExchange exchange)
    {
        if (failures.WaitSeconds(exchange.Token!.ClientId) is { } wait)
            return Refusal.Busy(wait, "For mange meldinger kunne ikke dekrypteres. Finn feilen før dere prøver igjen.");
        return await threads.RunAsync(() => Decrypt(exchange));
    }

    public Refusal? CheckHash(SlashExchange exchange)
    {
        exchange.PlainHash = SHA256.HashData(exchange.Plain.Span);
        if (CryptographicOperations.FixedTimeEquals(exchange.PlainHash, exchange.ExpectedHash)) return null;
        return Failed(exchange, Refusal.Bad(
            SlashCode.PayloadHashMismatch, "msg_hash",
            "Meldingen har en annen hash enn DPoP-bevisets msg_hash. Hashen skal være SHA-256 av nøyaktig de bytene "
            + "som ble kryptert."));
    }

    // Room for whatever a 4096-bit key may hold.
    private const int WrappedBytesMax = 512;

    private Refusal? Decrypt(SlashExchange exchange)
    {
        Span<byte> key = stackalloc byte[WrappedBytesMax];
        var isUnwrapped = exchange.Key!.TryUnwrap(exchange.WrappedKey, key, out var keyBytes);
        try
        {
            if (!isUnwrapped)
                return Failed(exchange, Refusal.Bad(
                    SlashCode.DecryptionErrorForAsymmetricalKey, "enc_sym_key",
                    "Meldingsnøkkelen kan ikke dekrypteres. Den skal være kryptert med RSA-OAEP-SHA256 (både hash og "
                    + "MGF1) og den offentlige nøkkelen som enc_key_id viser til."));
            if (keyBytes != KeyBytes)
                return Failed(exchange, Undecryptable(
                    $"Meldingsnøkkelen er {keyBytes} byte. AES-256 krever {KeyBytes}."));
            return DecryptBody(exchange, key[..keyBytes]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private Refusal? DecryptBody(SlashExchange exchange, ReadOnlySpan<byte> key)
    {
        var encrypted = exchange.Encrypted.Span;
        var plain = ArrayPool<byte>.Shared.Rent(encrypted.Length - IvBytes);
        try
        {
            using var aes = Aes.Create();
            aes.SetKey(key);
            var length = aes.DecryptCbc(encrypted[IvBytes..], encrypted[..IvBytes], plain, PaddingMode.PKCS7);
            exchange.HoldPlain(plain, length);
            return length > _options.MessageMebibytesMax * Mebibyte
                ? TooLarge($"Meldingen er over {_options.MessageMebibytesMax} MB")
                : null;
        }
        catch (CryptographicException)
        {
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
            return Failed(exchange, Undecryptable(
                "Meldingen kan ikke dekrypteres. Den skal være kryptert med AES-256-CBC og PKCS7, med IV først."));
        }
    }

    private Refusal Failed(SlashExchange exchange, Refusal refusal)
    {
        failures.Add(exchange.Token!.ClientId);
        return refusal;
    }

    private static Refusal? CheckShape(int length) =>
        length >= IvBytes + BlockBytes && length % BlockBytes == 0
            ? null
            : Undecryptable(
                $"Innholdet er {length} byte etter Base64. Det skal være IV på {IvBytes} byte og så hele blokker på "
                + $"{BlockBytes} byte. Kanskje er det avkortet.");

    private static Refusal TooLarge(string what) => new(
        StatusCodes.Status413PayloadTooLarge, SlashCode.PayloadSizeLimitExceeded, null,
        $"{what}. Del den i mindre meldinger, for eksempel én per måned, og send dem i rekkefølge.");

    private static Refusal Undecryptable(string text) =>
        Refusal.Bad(SlashCode.DecryptionErrorForSymmetricalKey, null, text);
}
