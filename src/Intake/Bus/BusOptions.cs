using System.ComponentModel.DataAnnotations;

namespace Kilde.Intake.Bus;

/// <summary>The message bus, and its limits. Section <c>Bus</c>.</summary>
public sealed class BusOptions
{
    /// <summary>
    /// Where the bus is: <c>amqps://user:password@host:5671/vhost</c>. Without it nothing comes over the bus.
    /// </summary>
    public Uri? Address { get; set; }

    /// <summary>A message's packed size, in mebibytes. Larger ones come as files.</summary>
    [Range(1, 120)]
    public int MessageMebibytesMax { get; set; } = 50;

    /// <summary>Attempts at one message before it goes to the dead-letter queue.</summary>
    [Range(1, 100)]
    public int AttemptsMax { get; set; } = 10;

    /// <summary>
    /// Seconds before a message that failed for a reason of ours is tried again. The database being away counts as no
    /// attempt: then the message is held until it is back.
    /// </summary>
    [Range(0, 600)]
    public double RetrySeconds { get; set; } = 5;

    /// <summary>True to make the queues of all registered parties too: for development, where we run the bus.</summary>
    public bool MakesQueuesOfOthers { get; set; }
}
