using System.Buffers;
using System.Buffers.Text;

namespace Kilde.Platform.Tokens;

/// <summary>
/// Base64url as JWS asks for it: no padding, no white space, no stray bits at the end. One value has one spelling, so
/// a changed character is always a changed value.
/// </summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet)) return false;
        return Base64Url.DecodeFromUtf8(text, destination, out _, out written) == OperationStatus.Done
            && EndsCleanly(text, destination[..written]);
    }

    /// <summary>Decodes a text from a JSON member; null when it is not canonical base64url.</summary>
    public static byte[]? Decode(string? text, int bytesMax)
    {
        if (string.IsNullOrEmpty(text) || text.Length > Base64Url.GetEncodedLength(bytesMax)) return null;
        Span<byte> ascii = text.Length <= 1024 ? stackalloc byte[text.Length] : new byte[text.Length];
        if (System.Text.Ascii.FromUtf16(text, ascii, out _) != OperationStatus.Done) return null;

        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return TryDecode(ascii, bytes, out var written) ? bytes[..written] : null;
    }

    private static bool EndsCleanly(ReadOnlySpan<byte> text, ReadOnlySpan<byte> decoded)
    {
        var tail = decoded.Length % 3;
        if (tail == 0) return true;
        Span<byte> again = stackalloc byte[4];
        Base64Url.EncodeToUtf8(decoded[^tail..], again, out _, out var length);
        return again[..length].SequenceEqual(text[^length..]);
    }
}
