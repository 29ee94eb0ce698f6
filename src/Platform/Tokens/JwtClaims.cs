using System.Text.Json;

namespace Kilde.Platform.Tokens;

/// <summary>What a verified token says.</summary>
public sealed class JwtClaims
{
    internal JwtClaims(JsonElement payload, string subject, DateTimeOffset expiresAt)
    {
        Payload = payload;
        Subject = subject;
        ExpiresAt = expiresAt;
    }

    public string Subject { get; }

    public DateTimeOffset ExpiresAt { get; }

    internal JsonElement Payload { get; }

    /// <summary>A claim that is a text; null when it is missing or something else.</summary>
    public string? Text(string name) => Payload.Text(System.Text.Encoding.UTF8.GetBytes(name));
}
