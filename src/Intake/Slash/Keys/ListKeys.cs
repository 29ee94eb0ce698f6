using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Intake.Slash.Keys;

/// <summary>
/// The public keys that senders wrap their message keys with. FHI's client takes the one that expires last, which also
/// stands first.
/// </summary>
public static class ListKeys
{
    public sealed record PublicKey(
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("expirationDate")] DateTimeOffset ExpirationDate,
        [property: JsonPropertyName("publicKey")] string PublicKeyPem);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var ring = routes.ServiceProvider.GetRequiredService<SlashKeyRing>();
        routes.MapGet("/keys", context => HandleAsync(context, ring, context.RequestAborted));
    }

    private static async Task HandleAsync(HttpContext context, SlashKeyRing ring, CancellationToken cancellation)
    {
        var keys = await ring.PublishedAsync(cancellation);
        await SlashAnswers.WriteAsync(
            context, keys.Select(key => new PublicKey(key.Id, key.ExpiresAt, key.PublicPem)).ToList());
    }
}
