using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Kilde.Platform.Tokens;

/// <summary>A signed JWT in compact form, taken apart and read as JSON; nothing in it is trusted yet.</summary>
internal sealed class JwtParts : IDisposable
{
    /// <summary>Longer tokens and proofs are refused unread. HelseID's are about 2 kB.</summary>
    public const int CharactersMax = 16 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly byte[] _buffer;
    private readonly ReadOnlyMemory<byte> _signingInput;
    private readonly ReadOnlyMemory<byte> _signature;
    private readonly JsonDocument _header;
    private readonly JsonDocument _payload;

    private JwtParts(
        byte[] buffer, ReadOnlyMemory<byte> signingInput, ReadOnlyMemory<byte> signature, JsonDocument header,
        JsonDocument payload)
    {
        _buffer = buffer;
        _signingInput = signingInput;
        _signature = signature;
        _header = header;
        _payload = payload;
    }

    public ReadOnlySpan<byte> SigningInput => _signingInput.Span;

    public ReadOnlySpan<byte> Signature => _signature.Span;

    public JsonElement Header => _header.RootElement;

    public JsonElement Payload => _payload.RootElement;

    public static bool TryRead(ReadOnlySpan<char> jwt, [NotNullWhen(true)] out JwtParts? parts)
    {
        parts = null;
        if (jwt.Length is 0 or > CharactersMax) return false;

        // The text and the decoded parts stand one after another in one rented buffer.
        var buffer = ArrayPool<byte>.Shared.Rent(2 * jwt.Length);
        parts = Ascii.FromUtf16(jwt, buffer, out _) == OperationStatus.Done ? Read(buffer, jwt.Length) : null;
        if (parts is null) ArrayPool<byte>.Shared.Return(buffer);
        return parts is not null;
    }

    public void Dispose()
    {
        _header.Dispose();
        _payload.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private static JwtParts? Read(byte[] buffer, int length)
    {
        var text = buffer.AsSpan(0, length);
        var first = text.IndexOf((byte)'.');
        var last = text.LastIndexOf((byte)'.');
        if (first <= 0 || last <= first + 1 || last == length - 1) return null;

        var free = buffer.AsMemory(length);
        if (!TryDecode(text[..first], ref free, out var header)) return null;
        if (!TryDecode(text[(first + 1)..last], ref free, out var payload)) return null;
        if (!TryDecode(text[(last + 1)..], ref free, out var signature)) return null;

        var headerJson = ParseObject(header);
        var payloadJson = headerJson is null ? null : ParseObject(payload);
        if (headerJson is not null && payloadJson is not null)
            return new JwtParts(buffer, buffer.AsMemory(0, last), signature, headerJson, payloadJson);
        headerJson?.Dispose();
        return null;
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, ref Memory<byte> free, out Memory<byte> decoded)
    {
        decoded = default;
        if (!StrictBase64Url.TryDecode(text, free.Span, out var written)) return false;
        decoded = free[..written];
        free = free[written..];
        return true;
    }

    private static JsonDocument? ParseObject(ReadOnlyMemory<byte> utf8)
    {
        // The parser looks into strings only when they are read, so invalid UTF-8 is caught here.
        if (!Utf8.IsValid(utf8.Span)) return null;
        try
        {
            var document = JsonDocument.Parse(utf8, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Members of a JWT, read without exceptions.</summary>
internal static class JwtMembers
{
    extension(JsonElement json)
    {
        /// <summary>The text of a member; null when it is missing or not a text.</summary>
        public string? Text(ReadOnlySpan<byte> name) =>
            json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && IsWellFormed(value)
                ? value.GetString()
                : null;

        /// <summary>A time in seconds since 1970; null when it is missing or not a sane number.</summary>
        public DateTimeOffset? Time(ReadOnlySpan<byte> name) =>
            json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253402300800
                ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
                : null;
    }

    // An escaped half of a surrogate pair is valid JSON but no text, and reading it would throw. No claim we read
    // has a reason to hold surrogates at all.
    private static bool IsWellFormed(JsonElement value) =>
        JsonMarshal.GetRawUtf8Value(value) is var raw
        && raw.IndexOf("\\ud"u8) < 0 && raw.IndexOf("\\uD"u8) < 0;
}
