using Kilde.Intake.Headers;
using Kilde.Kernel;

namespace Kilde.Intake.Log;

/// <summary>
/// A message that is to be made safe before anybody has judged it: what comes over the bus and from files may be large,
/// and is answered later.
/// </summary>
/// <param name="TypeName">From the namespace of its payload; it decides the queue.</param>
/// <param name="Envelope">What its header said; null for a file without one.</param>
internal sealed record ReceivedMessage(
    Guid CorrelationId, string Channel, Submitter Submitter, string TypeName, string TypeVersion,
    SubmissionEnvelope? Envelope, DateTimeOffset ReceivedAt);

/// <summary>What a header said that the receipt must repeat.</summary>
/// <param name="Sender">The party that sent: level 2 where there is one.</param>
/// <param name="SenderParent">Its organisation; null when the sender is one itself.</param>
internal sealed record SubmissionEnvelope(
    HerId Sender, HerId? SenderParent, HerId Receiver, HerId? ReceiverParent, string Function, string? FunctionName,
    string GeneratedAt, string MessageId, bool WantsReceipt)
{
    /// <param name="head">Its parties have HER-ids.</param>
    public static SubmissionEnvelope Of(MessageHead head) => new(
        head.Sender.Party.HerId!.Value, ParentOf(head.Sender), head.Receiver.Party.HerId!.Value,
        ParentOf(head.Receiver), head.Function, head.FunctionName, head.GeneratedAt, head.MessageId,
        head.WantsReceipt);

    private static HerId? ParentOf(HeadAddress address) => address.Unit is null ? null : address.Organisation.HerId;
}
