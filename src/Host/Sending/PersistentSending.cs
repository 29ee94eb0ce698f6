using Kilde.Intake.Slash.Client;

namespace Kilde.Host.Sending;

/// <summary>
/// As the vendors' guide says: after 429 and 5xx the same message again, after 4xx on to what can be mended.
/// </summary>
internal static class PersistentSending
{
    private const int TriesMax = 10;

    public static async Task<SlashReply> SendPersistentlyAsync(
        this SlashClient client, OutgoingMessage message, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reply = await client.SendAsync(message, cancellation);
            if (reply.Status is not (429 or >= 500) || attempt == TriesMax) return reply;
            await Task.Delay(reply.RetryAfter ?? TimeSpan.FromSeconds(attempt), cancellation);
        }
    }
}
