using System.Buffers;
using System.Buffers.Text;

namespace Kilde.Intake.Slash;

/// <summary>
/// Base64 or base64url, padded or not. FHI's documentation says base64 and FHI's client writes base64url, so a sender
/// may do either.
/// </summary>
internal static class LenientBase64
{
    public static byte[]? Decode(string? text, int bytesMax)
    {
        if (string.IsNullOrEmpty(text) || text.Length > Base64.GetMaxEncodedToUtf8Length(bytesMax)) return null;

        Span<char> url = text.Length <= 1024 ? stackalloc char[text.Length] : new char[text.Length];
        text.AsSpan().Replace(url, '+', '-');
        url.Replace('/', '_');
        url = url.TrimEnd('=');

        var bytes = new byte[Base64Url.GetMaxDecodedLength(url.Length)];
        return Base64Url.DecodeFromChars(url, bytes, out _, out var written) == OperationStatus.Done
            ? bytes[..written]
            : null;
    }
}
