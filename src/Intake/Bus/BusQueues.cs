using Kilde.Intake.Parties;
using Kilde.Kernel;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Kilde.Intake.Bus;

/// <summary>The queues of a party, named after its HER-id.</summary>
internal static class BusQueues
{
    public static string Messages(HerId party) => $"{party}_async";

    public static string Errors(HerId party) => $"{party}_error";

    /// <summary>Where messages end that could not be received after all attempts. Staff look at them there.</summary>
    public static string Dead(HerId party) => $"{party}_dead";

    /// <summary>
    /// Deliveries of one message before the server itself moves it to the dead-letter queue: for what stops us each
    /// time we take it. Attempts that fail are counted in <see cref="AttemptLog"/>, and are far fewer.
    /// </summary>
    private const int DeliveriesMax = 200;

    /// <summary>
    /// Makes the queues of a party that are not there. One that is stays as whoever made it wanted it.
    /// </summary>
    public static async Task DeclareAsync(BusConnection bus, HerId party, CancellationToken cancellation)
    {
        var left = new Queue<(string Name, Dictionary<string, object?> Arguments)>(QueuesOf(party));
        while (left.Count > 0)
        {
            await using var channel = await bus.OpenChannelAsync(cancellation);
            try
            {
                while (left.TryDequeue(out var queue))
                {
                    await channel.QueueDeclareAsync(
                        queue.Name, durable: true, exclusive: false, autoDelete: false, queue.Arguments,
                        cancellationToken: cancellation);
                }
            }
            catch (OperationInterruptedException fault) when (
                fault.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
            {
                // Made with other arguments, by the bus's owner or by an older version of ours; the channel is lost.
            }
        }
    }

    private static IEnumerable<(string Name, Dictionary<string, object?> Arguments)> QueuesOf(HerId party) =>
    [
        (Dead(party), new() { ["x-queue-type"] = "quorum" }),
        (Messages(party), new()
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = DeliveriesMax,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = Dead(party),
        }),
        (Errors(party), new() { ["x-queue-type"] = "quorum" }),
    ];

    /// <summary>Ours come last: whoever finds a mailbox of ours has queues for the answer.</summary>
    public static async Task DeclareAsync(
        BusConnection bus, IEnumerable<Party> parties, BusOptions options, CancellationToken cancellation)
    {
        foreach (var party in parties.Where(party => party.IsOwn || options.MakesQueuesOfOthers)
            .OrderBy(party => party.IsOwn))
            await DeclareAsync(bus, party.HerId, cancellation);
    }
}
