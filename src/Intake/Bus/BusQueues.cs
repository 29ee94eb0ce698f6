using Kilde.Intake.Parties;
using Kilde.Kernel;
using RabbitMQ.Client;

namespace Kilde.Intake.Bus;

/// <summary>The queues of a party, named after its HER-id.</summary>
internal static class BusQueues
{
    public static string Messages(HerId party) => $"{party}_async";

    public static string Errors(HerId party) => $"{party}_error";

    /// <summary>Where messages end that could not be received after all attempts. Staff look at them there.</summary>
    public static string Dead(HerId party) => $"{party}_dead";

    /// <summary>
    /// Makes the queues of a party. The queue of messages counts attempts itself, also across our restarts (quorum
    /// queue with a delivery limit): returned more often than the limit, a message moves to the dead-letter queue.
    /// </summary>
    public static async Task DeclareAsync(
        IChannel channel, HerId party, int attemptsMax, CancellationToken cancellation)
    {
        await channel.QueueDeclareAsync(
            Dead(party), durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellation);
        await channel.QueueDeclareAsync(
            Messages(party), durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = attemptsMax - 1,
                ["x-dead-letter-exchange"] = "",
                ["x-dead-letter-routing-key"] = Dead(party),
            },
            cancellationToken: cancellation);
        await channel.QueueDeclareAsync(
            Errors(party), durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellation);
    }

    /// <summary>Ours come last: whoever finds a mailbox of ours has queues for the answer.</summary>
    public static async Task DeclareAsync(
        IChannel channel, IEnumerable<Party> parties, BusOptions options, CancellationToken cancellation)
    {
        foreach (var party in parties.Where(party => party.IsOwn || options.MakesQueuesOfOthers)
            .OrderBy(party => party.IsOwn))
            await DeclareAsync(channel, party.HerId, options.AttemptsMax, cancellation);
    }
}
