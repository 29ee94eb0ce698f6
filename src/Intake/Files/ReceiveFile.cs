using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Intake.Log;
using Kilde.Intake.Parties;
using Kilde.Intake.Senders;
using Kilde.Kernel;

namespace Kilde.Intake.Files;

/// <summary>What became of a file, or of one in an archive.</summary>
public abstract record FileOutcome
{
    /// <summary>Safe in the log; whether its content is right is judged afterwards.</summary>
    public sealed record Received(Guid SubmissionId) : FileOutcome;

    /// <summary>The same bytes came before; nothing was changed.</summary>
    public sealed record Repeated(Guid SubmissionId) : FileOutcome;

    /// <summary>Not received.</summary>
    /// <param name="Text">Why, in bokmål.</param>
    /// <param name="Code">The same in a receipt: a code of list 8221.</param>
    public sealed record Refused(string Text, string Code = AppRecError.Other) : FileOutcome;
}

/// <summary>One message of a file.</summary>
/// <param name="Name">The file's name; in an archive, behind the archive's.</param>
public sealed record ReceivedFile(string Name, FileOutcome Outcome);

/// <summary>
/// Receives XML messages from a file: one message, in a header or bare, or a zip archive of such. Each may have any
/// size: it is streamed into the log, and counts as received when it is safe there.
/// </summary>
public sealed class ReceiveFile
{
    internal const string Channel = "file";

    private readonly StoreXml _store;
    private readonly SenderDirectory _senders;
    private readonly PartyRegister _parties;

    internal ReceiveFile(StoreXml store, SenderDirectory senders, PartyRegister parties) =>
        (_store, _senders, _parties) = (store, senders, parties);

    /// <param name="unit">Who has sent it; null to find the unit that reports for the message's first institution, or
    /// that the sender in its header sends for.</param>
    /// <param name="handedInBy">The account on the machine that handed it over.</param>
    /// <param name="progress">Told how many bytes of how many are read.</param>
    /// <returns>One for each message, in order; one alone for what is no archive.</returns>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<IReadOnlyList<ReceivedFile>> ReceiveAsync(
        string path, OrganizationNumber? unit, string handedInBy, Action<long, long>? progress,
        CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        if (XmlArchive.IsArchive(path))
            return await ReceiveArchiveAsync(path, new Handing(unit, handedInBy, progress), cancellation);

        FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        var bytes = new FileInfo(path).Length;
        return
        [
            new ReceivedFile(name, await ReceiveOneAsync(
                Open, new Handing(unit, handedInBy, progress) { BytesTotal = bytes }, cancellation)),
        ];
    }

    private async Task<IReadOnlyList<ReceivedFile>> ReceiveArchiveAsync(
        string path, Handing handing, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var archive = XmlArchive.Open(path);
            handing.BytesTotal = archive.Parts.Sum(part => part.Bytes);
            var received = new List<ReceivedFile>(archive.Parts.Count);
            foreach (var part in archive.Parts)
            {
                var outcome = part.Refusal is { } refusal
                    ? new FileOutcome.Refused(refusal)
                    : await ReceiveOneAsync(part.Open, handing, cancellation);
                received.Add(new ReceivedFile($"{name}/{part.Name}", outcome));
            }

            return received;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            return [new ReceivedFile(name, new FileOutcome.Refused(XmlArchive.Unreadable))];
        }
    }

    private async Task<FileOutcome> ReceiveOneAsync(
        Func<Stream> open, Handing handing, CancellationToken cancellation)
    {
        try
        {
            var peeked = await MessagePeek.ReadAsync(open, needsInstitution: handing.Unit is null, cancellation);
            if (peeked.Refused is { } refused)
                return new FileOutcome.Refused(refused.Told, refused.Code);
            var party = peeked.Head?.Sender.Party.HerId is { } herId
                ? (await _parties.FindAsync(herId, cancellation))?.Party
                : null;
            if ((handing.Unit ?? party?.Unit ?? await FindUnitAsync(peeked, cancellation)) is not { } unit)
                return new FileOutcome.Refused(
                    "Avsenderen er ikke kjent: verken filens første institusjon eller parten i hodet hører til en "
                    + "rapporteringsenhet som er satt opp. Sett opp enheten, eller oppgi den.");
            if (party?.Unit is { } named && named != unit)
                return new FileOutcome.Refused($"Parten i hodet sender for {named}, ikke for {unit}.");

            await using var file = open();
            await using var told = new ToldStream(file, handing.Told());
            return await _store.StoreAsync(Channel, unit, handing.By, peeked, told, cancellation) switch
            {
                StoreOutcome.Repeated repeated => new FileOutcome.Repeated(repeated.SubmissionId),
                StoreOutcome.Stored stored => new FileOutcome.Received(stored.SubmissionId),
                _ => throw new InvalidOperationException("A file has no proof that could be used up."),
            };
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            return new FileOutcome.Refused(XmlArchive.Unreadable);
        }
        catch (BudgetSpentException)
        {
            return new FileOutcome.Refused(XmlArchive.TooLarge);
        }
    }

    private async ValueTask<OrganizationNumber?> FindUnitAsync(Peeked peeked, CancellationToken cancellation) =>
        peeked.Payload?.Institution is { Length: > 0 } institution
            ? await _senders.FindUnitOfAsync(institution, cancellation)
            : null;

    /// <summary>Who hands in, and who wants to know how far it has come.</summary>
    private sealed class Handing(OrganizationNumber? unit, string by, Action<long, long>? progress)
    {
        private long _before;

        public OrganizationNumber? Unit => unit;

        public string By => by;

        public long BytesTotal { get; set; }

        /// <summary>Counts on from what the messages before had.</summary>
        public Action<long> Told()
        {
            var (start, last) = (_before, 0L);
            return bytes =>
            {
                (_before, last) = (start + bytes, bytes);
                progress?.Invoke(start + last, Math.Max(BytesTotal, start + last));
            };
        }
    }
}
