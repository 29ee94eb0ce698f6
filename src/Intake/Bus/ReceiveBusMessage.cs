using System.Security.Cryptography;
using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Intake.Log;
using Kilde.Intake.Parties;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Bus;

/// <summary>What became of a message from the bus.</summary>
internal abstract record BusOutcome
{
    /// <summary>Safe in the log, now or when it came before.</summary>
    public sealed record Taken(StoreOutcome Stored) : BusOutcome;

    /// <summary>Not received, and logged as such.</summary>
    /// <param name="Answer">Who is to be told; null when nobody known has sent it.</param>
    public sealed record Refused(BusFault Fault, HerId? Answer) : BusOutcome;

    /// <summary>Nothing to be received: an answer to something of ours.</summary>
    public sealed record Ignored : BusOutcome;
}

/// <summary>
/// Receives one message from the bus: opens it, compares its header with what the queue and the party register say, and
/// makes it safe. Whether its content is right is judged afterwards.
/// </summary>
internal sealed partial class ReceiveBusMessage(
    RegisterDatabase database, PartyRegister parties, IntakeLog log, StoreXml store, TimeProvider clock,
    IOptions<BusOptions> options, ILogger<ReceiveBusMessage> logger)
{
    public const string Channel = "amqp";

    private const string ProtectedMime = "application/pkcs7-mime";

    /// <param name="owner">The party of ours whose queue it lay in.</param>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    public async Task<BusOutcome> ReceiveAsync(HerId owner, BusMessage message, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var sender = HerId.TryParse(message.FromHerId, out var from)
            ? await parties.FindAsync(from, cancellation)
            : null;
        if (CheckProperties(owner, message, sender) is { } fault)
            return await RefuseAsync(message, sender, fault, cancellation);
        if (await parties.FindAsync(owner, cancellation) is not { Party.IsOwn: true } receiver)
            return await RefuseAsync(message, sender, Invalid("Mottakeren finnes ikke her.", "toHerId"), cancellation);
        if (CheckAddresses(sender!.Party, receiver.Party, now) is { } ended)
            return await RefuseAsync(message, sender, ended, cancellation);

        var opened = MessageProtection.Open(message.Body.Span, receiver, sender, now);
        if (opened.Fault is { } closed) return await RefuseAsync(message, sender, closed, cancellation);
        var content = opened.Content!;
        if (AnswerToUs.IsNamedIn(message))
        {
            if (AnswerToUs.Read(message, content) is not { } answer)
                return await RefuseAsync(
                    message, sender, Invalid("Innholdet er ikke svaret som emnet sier at det er.", "subject"),
                    cancellation);
            Tell(owner, sender, answer);
            return new BusOutcome.Ignored();
        }

        var peeked = await MessagePeek.ReadAsync(
            () => new MemoryStream(content, writable: false), needsInstitution: false, cancellation);
        var wrong = CheckHead(receiver, message, sender, peeked)
            ?? await CheckMessageIdAsync(sender, peeked.Head!, content, cancellation);
        if (wrong is not null) return await RefuseAsync(message, sender, wrong, cancellation);

        var stored = await store.StoreAsync(
            Channel, sender.Party.Unit!.Value, $"her:{sender.Party.HerId}", peeked,
            new MemoryStream(content, writable: false), cancellation);
        CryptographicOperations.ZeroMemory(content);
        if (stored is StoreOutcome.Repeated before) await AnswerAgainAsync(before.SubmissionId, cancellation);
        return new BusOutcome.Taken(stored);
    }

    // Whoever sends again has perhaps lost the answer. A receipt that waits to be sent is left as it is: however often
    // the message comes, one waits. A message that is not judged yet is answered when it is.
    private async Task AnswerAgainAsync(Guid submission, CancellationToken cancellation)
    {
        await using var update = database.Source.CreateCommand(
            """
            update intake.receipt set sent_at = null, due_at = @now
            where submission_id = @id and receiver_her_id is not null and sent_at is not null
            """);
        update.Parameters.AddWithValue("id", submission);
        update.Parameters.AddWithValue("now", clock.GetUtcNow());
        await update.ExecuteNonQueryAsync(cancellation);
    }

    private void Tell(HerId owner, RegisteredParty sender, AnswerToUs answer)
    {
        var (ours, theirs) = (owner.Number, sender.Party.HerId.Number);
        if (answer.Status is not { } status) Log.Fault(logger, theirs, ours);
        else if (status == AppRecStatus.Ok) Log.Receipt(logger, theirs, ours);
        else Log.ReceiptWithErrors(logger, theirs, ours, status);
    }

    private BusFault? CheckProperties(HerId owner, BusMessage message, RegisteredParty? sender)
    {
        (string Name, string? Value)[] required =
        [
            ("subject", message.Subject), ("content-type", message.ContentType),
            (BusMessage.FromHerIdName, message.FromHerId), (BusMessage.ToHerIdName, message.ToHerId),
            (BusMessage.TimestampName, message.ApplicationTimestamp),
        ];
        string[] missing = [.. required.Where(field => string.IsNullOrEmpty(field.Value)).Select(field => field.Name)];
        if (missing.Length > 0) return Invalid("Meldingen mangler egenskaper som er påkrevd.", missing);
        if (!DateTimeOffset.TryParse(message.ApplicationTimestamp, out _))
            return Invalid("Tidspunktet har feil form.", BusMessage.TimestampName);
        if (message.ToHerId != owner.ToString())
            return Invalid("Meldingen ligger i en annen mottakers kø.", BusMessage.ToHerIdName);
        if (sender is not { Party: { Unit: not null, IsOwn: false } })
            return Invalid("Avsenderen finnes ikke i registeret over parter.", BusMessage.FromHerIdName);
        if (!message.ContentType!.StartsWith(ProtectedMime, StringComparison.OrdinalIgnoreCase))
            return new BusFault(
                BusFaultCode.UnsupportedMessage, "Meldingen skal være signert og kryptert.", "content-type");
        return message.Body.Length > options.Value.MessageMebibytesMax * 1024L * 1024
            ? new BusFault(
                BusFaultCode.UnsupportedMessage,
                $"Meldingen er større enn {options.Value.MessageMebibytesMax} MB pakket. Send den som fil.")
            : null;
    }

    // A change of address is a hard cut-over (R1.28): to the second, and what comes to or from the old one is told so.
    private static BusFault? CheckAddresses(Party sender, Party receiver, DateTimeOffset now)
    {
        if (!sender.CountsAt(now))
            return Invalid(
                now >= sender.ValidTo
                    ? $"Avsenderens adresse gjaldt til {Norwegian.Time(sender.ValidTo.Value)}."
                    : $"Avsenderens adresse gjelder fra {Norwegian.Time(sender.ValidFrom!.Value)}.",
                BusMessage.FromHerIdName);
        if (receiver.CountsAt(now)) return null;
        return Invalid(
            now >= receiver.ValidTo
                ? $"Mottakerens adresse gjaldt til {Norwegian.Time(receiver.ValidTo.Value)}. Bruk den nye."
                : $"Mottakerens adresse gjelder fra {Norwegian.Time(receiver.ValidFrom!.Value)}.",
            BusMessage.ToHerIdName);
    }

    private static BusFault? CheckHead(
        RegisteredParty receiver, BusMessage message, RegisteredParty sender, Peeked peeked)
    {
        if (peeked.Refused is { } refused)
            return new BusFault(BusFaultCode.NotWellFormed, refused.Told);
        if (peeked.Head is not { } head)
            return new BusFault(BusFaultCode.NotWellFormed, "Meldingen skal ha hode (MsgHead 1.2).");
        if (head.Sender.Party.HerId != sender.Party.HerId || !IsOwnOrganisation(sender.Party, head.Sender))
            return new BusFault(
                BusFaultCode.SpoofingAttack, "Hodet har en annen avsender enn køens egenskaper.",
                $"{head.Sender.Party.HerId}", $"{sender.Party.HerId}");
        if (head.Receiver.Party.HerId != receiver.Party.HerId)
            return Invalid("Hodet har en annen mottaker enn køens egenskaper.", BusMessage.ToHerIdName);
        // Without one registered for us there is nothing to compare with: senders cannot know that of us.
        if (receiver.Party.Parent is not null && !IsOwnOrganisation(receiver.Party, head.Receiver))
            return Invalid("Hodet har en annen organisasjon (nivå 1) enn mottakerens.", "Receiver/Organisation");
        if (head.Function != message.Subject)
            return Invalid("Hodet har en annen meldingstype enn køens egenskaper.", "subject");
        return IsUsable(head) ? null : Invalid("Meldingens id skal ha 1–200 tegn, og ikke være en persons.", "MsgId");
    }

    // A unit may be named without its organisation; named with one, it must be its own. A party that is registered
    // without an organisation above it is its own organisation.
    private static bool IsOwnOrganisation(Party party, HeadAddress address) =>
        address.Unit is null || address.Organisation.HerId is not { } named || named == (party.Parent ?? party.HerId);

    private static bool IsUsable(MessageHead head) =>
        head.MessageId.Length is > 0 and <= 200 && head.Function.Length is > 0 and <= 100
        && head.FunctionName is not { Length: > 200 } && !IdentifierInText.IsIn(head.MessageId)
        && !IdentifierInText.IsIn(head.Function) && !IdentifierInText.IsIn(head.FunctionName ?? "");

    // The same id with the same bytes is a repeat, and answered as one. With other bytes one of the two would be lost
    // to whoever counts messages.
    private async Task<BusFault?> CheckMessageIdAsync(
        RegisteredParty sender, MessageHead head, byte[] content, CancellationToken cancellation)
    {
        await using var select = database.Source.CreateCommand(
            """
            select exists (
              select from intake.envelope e
              join intake.submission s on s.submission_id = e.submission_id
              where e.sender_her_id = @sender and e.message_id = @message_id and s.payload_hash <> @hash)
            """);
        select.Parameters.AddWithValue("sender", sender.Party.HerId.Number);
        select.Parameters.AddWithValue("message_id", head.MessageId);
        select.Parameters.AddWithValue("hash", SHA256.HashData(content));
        return (bool)(await select.ExecuteScalarAsync(cancellation))!
            ? Invalid("Meldingens id er brukt på en annen melding.", "MsgId")
            : null;
    }

    private async Task<BusOutcome> RefuseAsync(
        BusMessage message, RegisteredParty? sender, BusFault fault, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var submitter = sender?.Party is { Unit: { } unit, IsOwn: false } party
            ? new Submitter(unit, null, null, $"her:{party.HerId}", "", "", "", "", NorwegianDay.Of(now))
            : null;
        await log.StoreAsync(
            new RefusedMessage(
                Guid.CreateVersion7(now), Channel, submitter, TypeName: "", TypeVersion: "", (int)fault.Code,
                message.Body.Length, PayloadHash: null, Proof: null,
                [new Finding($"INT-{(int)fault.Code}", Severity.Error, "/", $"{fault.Condition}: {fault.Text}")], now),
            cancellation);
        return new BusOutcome.Refused(fault, submitter is null ? null : sender!.Party.HerId);
    }

    private static BusFault Invalid(string text, params string[] data) =>
        new(BusFaultCode.InvalidFieldValue, text, data);

    private static partial class Log
    {
        [LoggerMessage(2133, LogLevel.Information, "{SenderHerId} has sent {HerId} a receipt: Ok")]
        public static partial void Receipt(ILogger logger, int senderHerId, int herId);

        [LoggerMessage(2134, LogLevel.Warning, "{SenderHerId} has sent {HerId} a receipt: {Status}")]
        public static partial void ReceiptWithErrors(
            ILogger logger, int senderHerId, int herId, AppRecStatus status);

        [LoggerMessage(2135, LogLevel.Warning, "{SenderHerId} has sent {HerId} a fault (SOAP)")]
        public static partial void Fault(ILogger logger, int senderHerId, int herId);
    }
}
