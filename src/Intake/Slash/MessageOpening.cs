using System.Buffers;
using System.Security.Cryptography;
using Kilde.Intake.Slash.Keys;
using Kilde.Kernel;
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
                    new(
                        "For mange meldinger kommer for langsomt fram på én gang. Send færre om gangen.",
                        "For mange meldingar kjem for sakte fram på éin gong. Send færre om gongen.",
                        "Too many messages arrive too slowly at once. Send fewer at a time."));
            }
        }

        var (outcome, rented, length, textBytes) = await reading;
        exchange.BodyBytes = textBytes;
        if (rented is not null) exchange.HoldBody(rented, length);
        return outcome switch
        {
            BodyOutcome.TooLarge => TooLarge("Innholdet", "Innhaldet", "The body", _options.BodyMebibytesMax),
            BodyOutcome.TooSlow => new Refusal(
                StatusCodes.Status408RequestTimeout, SlashCode.None, null,
                new(
                    $"Innholdet kom ikke fram i løpet av {_options.BodySecondsMax} sekunder. Send meldingen igjen.",
                    $"Innhaldet kom ikkje fram i løpet av {_options.BodySecondsMax} sekund. Send meldinga igjen.",
                    $"The body did not arrive within {_options.BodySecondsMax} seconds. Send the message again.")),
            BodyOutcome.NotBase64 => Undecryptable(
                new(
                    "Innholdet er ikke gyldig Base64. Kanskje er det avkortet, eller sendt som base64url.",
                    "Innhaldet er ikkje gyldig Base64. Kanskje er det korta av, eller sendt som base64url.",
                    "The body is not valid Base64. It may be cut off, or sent as base64url.")),
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
            return Refusal.Busy(wait, new(
                "For mange meldinger kunne ikke dekrypteres. Finn feilen før dere prøver igjen.",
                "For mange meldingar kunne ikkje dekrypterast. Finn feilen før de prøver igjen.",
                "Too many messages could not be decrypted. Find the fault before you try again."));
        return await threads.RunAsync(() => Decrypt(exchange));
    }

    public Refusal? CheckHash(SlashExchange exchange)
    {
        exchange.PlainHash = SHA256.HashData(exchange.Plain.Span);
        if (CryptographicOperations.FixedTimeEquals(exchange.PlainHash, exchange.ExpectedHash)) return null;
        return Failed(exchange, Refusal.Bad(
            SlashCode.PayloadHashMismatch, "msg_hash",
            new(
                "Meldingen har en annen hash enn DPoP-bevisets msg_hash. Hashen skal være SHA-256 av "
                + "nøyaktig de bytene "
                + "som ble kryptert.",
                "Meldinga har ein annan hash enn msg_hash i DPoP-beviset. Hashen skal vere SHA-256 av "
                + "nøyaktig dei bytane "
                + "som blei krypterte.",
                "The message has another hash than the DPoP proof's msg_hash. The hash is to be the SHA-256 of exactly "
                + "the bytes that were encrypted.")));
    }

    // Room for whatever a 4096-bit key may hold.
    private const int WrappedBytesMax = 512;

    private static readonly LocalizedText UnopenedKey = new(
        "Meldingsnøkkelen kan ikke dekrypteres. Den skal være kryptert med RSA-OAEP-SHA256 (både hash og MGF1) og den "
        + "offentlige nøkkelen som enc_key_id viser til.",
        "Meldingsnøkkelen kan ikkje dekrypterast. Han skal vere kryptert med RSA-OAEP-SHA256 (både hash "
        + "og MGF1) og den "
        + "offentlege nøkkelen som enc_key_id viser til.",
        "The message key cannot be decrypted. It is to be encrypted with RSA-OAEP-SHA256 (both hash and MGF1) and the "
        + "public key that enc_key_id names.");

    private Refusal? Decrypt(SlashExchange exchange)
    {
        Span<byte> key = stackalloc byte[WrappedBytesMax];
        var isUnwrapped = exchange.Key!.TryUnwrap(exchange.WrappedKey, key, out var keyBytes);
        try
        {
            if (!isUnwrapped)
                return Failed(exchange, Refusal.Bad(
                    SlashCode.DecryptionErrorForAsymmetricalKey, "enc_sym_key",
                    UnopenedKey));
            if (keyBytes != KeyBytes)
                return Failed(exchange, Undecryptable(
                    new(
                        $"Meldingsnøkkelen er {keyBytes} byte. AES-256 krever {KeyBytes}.",
                        $"Meldingsnøkkelen er {keyBytes} byte. AES-256 krev {KeyBytes}.",
                        $"The message key is {keyBytes} bytes. AES-256 needs {KeyBytes}.")));
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
                ? TooLarge("Meldingen", "Meldinga", "The message", _options.MessageMebibytesMax)
                : null;
        }
        catch (CryptographicException)
        {
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
            return Failed(exchange, Undecryptable(
                new(
                    "Meldingen kan ikke dekrypteres. Den skal være kryptert med AES-256-CBC og PKCS7, med IV først.",
                    "Meldinga kan ikkje dekrypterast. Ho skal vere kryptert med AES-256-CBC og PKCS7, med IV først.",
                    "The message cannot be decrypted. It is to be encrypted with AES-256-CBC and PKCS7, "
                    + "with the IV first.")));
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
            : Undecryptable(new(
                $"Innholdet er {length} byte etter Base64. Det skal være IV på {IvBytes} byte og så hele blokker på "
                + $"{BlockBytes} byte. Kanskje er det avkortet.",
                $"Innhaldet er {length} byte etter Base64. Det skal vere IV på {IvBytes} byte og så heile blokker på "
                + $"{BlockBytes} byte. Kanskje er det korta av.",
                $"The body is {length} bytes after Base64. It is to be an IV of {IvBytes} bytes and then "
                + "whole blocks of "
                + $"{BlockBytes} bytes. It may be cut off."));

    private static Refusal TooLarge(string nb, string nn, string en, int mebibytesMax) => new(
        StatusCodes.Status413PayloadTooLarge, SlashCode.PayloadSizeLimitExceeded, null, new(
            $"{nb} er over {mebibytesMax} MB. Del i mindre meldinger, for eksempel én per måned, og send "
            + "dem i rekkefølge.",
            $"{nn} er over {mebibytesMax} MB. Del i mindre meldingar, til dømes éi per månad, og send dei "
            + "i rekkjefølgje.",
            $"{en} is over {mebibytesMax} MB. Divide into smaller messages, for example by month, and send "
            + "them in order."));

    private static Refusal Undecryptable(LocalizedText text) =>
        Refusal.Bad(SlashCode.DecryptionErrorForSymmetricalKey, null, text);
}
