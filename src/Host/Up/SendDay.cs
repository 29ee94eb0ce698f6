using Kilde.Host.Sending;
using Kilde.Intake.Slash.Client;
using Kilde.Synthetic;

namespace Kilde.Host.Up;

/// <summary>What came of sending.</summary>
public sealed record SentDay(int Delivered, int Refused);

/// <summary>Sends a synthetic day through the real API: units side by side, each unit's messages in order.</summary>
public static class SendDay
{
    private const int UnitsAtOnce = 4;

    public static async Task<SentDay> HandleAsync(
        SyntheticNorway norway, IReadOnlyList<LocalSender> senders, DateOnly day, string issuer, string receiver,
        TimeProvider clock, Action sent, CancellationToken cancellation)
    {
        var (delivered, refused) = (0, 0);
        using var http = new HttpClient();
        var side = new ParallelOptions { MaxDegreeOfParallelism = UnitsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(senders, side, async (sender, stop) =>
        {
            using var client = sender.ToProfile(issuer, receiver, day).Connect(http, sender.Key, clock);
            foreach (var message in norway.MessagesOf(sender.Unit, day)
                .Concat(norway.ServiceMessagesOf(sender.Unit, day)))
            {
                var reply = await client.SendPersistentlyAsync(
                    new OutgoingMessage(message.Type, message.Version, message.Json, message.Day), stop);
                if (reply.Answer.Delivered) Interlocked.Increment(ref delivered);
                else Interlocked.Increment(ref refused);
                sent();
            }
        });
        return new SentDay(delivered, refused);
    }
}
