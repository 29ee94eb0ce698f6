using Kilde.Intake.Headers;
using Kilde.Kernel;

namespace Kilde.Intake.Bus.Client;

/// <summary>What the header of a message that is to be sent says of where it goes.</summary>
public sealed record OutgoingHead(HerId Sender, HerId Receiver, string Function, string MessageId)
{
    /// <returns>Null when there is no header, or it names nobody.</returns>
    public static async Task<OutgoingHead?> ReadAsync(byte[] message, CancellationToken cancellation)
    {
        var reading = await MessageHeadReader.ReadAsync(
            new MemoryStream(message, writable: false), (_, _, _) => Task.FromResult(false), cancellation);
        return reading is HeadReading.Stopped { Head: var head }
            && head.Sender.Party.HerId is { } sender && head.Receiver.Party.HerId is { } receiver
                ? new OutgoingHead(sender, receiver, head.Function, head.MessageId)
                : null;
    }
}
