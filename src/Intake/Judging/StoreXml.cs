using Kilde.Intake.Headers;
using Kilde.Intake.Log;
using Kilde.Kernel;

namespace Kilde.Intake.Judging;

/// <summary>Makes an XML message safe, whichever way it came, with what its first elements tell of it.</summary>
internal sealed class StoreXml(IntakeLog log, XmlFormats formats, TimeProvider clock)
{
    /// <summary>The queue of messages that no definition takes; they are judged, and refused, as others are.</summary>
    private const string UnknownType = "ukjent";

    /// <param name="clientId">Who handed it over: a party of the bus, or an account on the machine.</param>
    public Task<StoreOutcome> StoreAsync(
        string channel, OrganizationNumber unit, string clientId, Peeked message, Stream payload,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var facts = message.Payload;
        var type = facts is null ? null : formats.FindType(facts.Namespace);
        var submitter = new Submitter(
            unit, SubUnit: null, Vendor: null, clientId, facts?.Vendor ?? "", facts?.System ?? "",
            facts?.SystemVersion ?? "", facts?.ExtractorVersion ?? "", facts?.ExtractedOn ?? NorwegianDay.Of(now));
        var received = new ReceivedMessage(
            Guid.CreateVersion7(now), channel, submitter, type?.Name ?? UnknownType, type?.Version ?? "",
            message.Head is { } head && HasParties(head) ? SubmissionEnvelope.Of(head) : null, now);
        return log.StoreAsync(received, payload, cancellation);
    }

    private static bool HasParties(MessageHead head) =>
        head.Sender.Party.HerId is not null && head.Receiver.Party.HerId is not null;
}
