using System.CommandLine;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Host.Sending;
using Kilde.Intake.Files;
using Kilde.Intake.Slash.Client;
using Kilde.Kernel;
using Kilde.Register.Comparing;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>
/// Compares whole years, and chains of notifications, from a sender's own XML files, each kind of record by itself.
/// </summary>
internal sealed class CompareFiles(DefinitionCatalogue catalogue, ParseResult call, CompareOptions options)
{
    private readonly ReadFile _read = new(catalogue);
    private readonly DateOnly _today = NorwegianTime.Today(TimeProvider.System);

    public async Task<int> CompareAsync(IReadOnlyList<FileInfo> files, CancellationToken cancellation)
    {
        if (await TypeOfAsync(files[0], cancellation) is not { } type)
            return await CompareCommand.RefuseAsync(files[0]);
        var records = RecordsOf(type);
        if (records.Count == 0)
        {
            return await ExitCodes.RefuseAsync(
                $"{type.Name} has these to compare: "
                + $"{string.Join(", ", RecordDigests.CoveredOf(type).Select(record => record.WireName))}.");
        }

        if (call.GetValue(options.Digests) is { } digests)
            return await WriteDigestsAsync(digests, type, records, files, cancellation);
        if (call.GetValue(options.Sender) is not { } sender)
            return await ExitCodes.RefuseAsync("XML names no sender to ask as. Give --sender.");
        return await WithSender.RunAsync(
            sender, (profile, client) => CompareAsync(profile, client, type, records, files, cancellation),
            cancellation);
    }

    private async Task<int> CompareAsync(
        SenderProfile profile, SlashClient client, MessageType type, IReadOnlyList<RecordType> records,
        IReadOnlyList<FileInfo> files, CancellationToken cancellation)
    {
        RegisterSide SideOf(RecordType record) => client.Compare(type.Name, type.Version, record.WireName, _today);
        var key = await SideOf(records[0]).ReadKeyAsync(cancellation);
        if (await ReadAsync(key, profile.Unit, type, files, cancellation) is not { } own) return ExitCodes.WrongCall;

        var (from, to) = options.MonthsOf(call, own.Months);
        var compared = new List<(RecordType Record, IReadOnlyList<RecordDifference> Differences)>();
        foreach (var record in records)
        {
            var register = SideOf(record);
            var differences = await ProgressReport.Current.RunAsync($"Comparing {record.WireName} …", report =>
                register.CompareAsync(own.Sorted(record, from, to), from, to, report, cancellation));
            compared.Add((record, differences));
            CompareCommand.Tell($"{profile.Name}, {record.WireName}", own.CountOf(record), register, differences);
        }

        if (call.GetValue(options.Output) is { } file) await CompareCommand.WriteAsync(file, compared, cancellation);
        return compared.All(one => one.Differences.Count == 0) ? ExitCodes.Done : ExitCodes.Wrong;
    }

    private async Task<int> WriteDigestsAsync(
        string digests, MessageType type, IReadOnlyList<RecordType> records, IReadOnlyList<FileInfo> files,
        CancellationToken cancellation)
    {
        if (await CompareCommand.KeyAsync(call.GetValue(options.Key), cancellation) is not var (key, sender))
            return await ExitCodes.RefuseAsync("--digests needs --key, the example file that the portal's page gives.");
        if (records is not [var record])
        {
            return await ExitCodes.RefuseAsync(
                "A file of digests is of one kind of record. Name it with --record: "
                + $"{string.Join(", ", records.Select(each => each.WireName))}.");
        }

        if (await ReadAsync(key, sender, type, files, cancellation) is not { } own) return ExitCodes.WrongCall;
        var (from, to) = options.MonthsOf(call, own.Months);
        return await CompareCommand.WriteDigestsAsync(
            digests, type, record, own.Sorted(record, from, to), cancellation);
    }

    private IReadOnlyList<RecordType> RecordsOf(MessageType type)
    {
        var covered = OwnFiles.AreOf(type) ? RecordDigests.CoveredOf(type) : [];
        return call.GetValue(options.Record) is { } name
            ? [.. covered.Where(record => record.WireName == name)]
            : covered;
    }

    private async Task<MessageType?> TypeOfAsync(FileInfo file, CancellationToken cancellation)
    {
        MessageType? type = null;
        await _read.ReadAsync(
            file.FullName, options.ReadOf(call),
            reading =>
            {
                type = reading.Type;
                return false;
            },
            cancellation);
        return type;
    }

    // Null after telling which file does not say what stands.
    private async Task<IOwnFiles?> ReadAsync(
        byte[] key, string sender, MessageType type, IReadOnlyList<FileInfo> files, CancellationToken cancellation)
    {
        var own = OwnFiles.Of(type, key, OrganizationNumber.Parse(sender));
        foreach (var file in files)
        {
            var outcome = OwnFile.Taken;
            var fault = await ProgressReport.Current.RunAsync($"Reading {file.Name} …", _ => _read.ReadAsync(
                file.FullName, options.ReadOf(call),
                reading =>
                {
                    // Other messages of the same archive are compared by themselves.
                    if (reading.Type.Name == type.Name) outcome = own.Read(reading, _today);
                    return outcome == OwnFile.Taken;
                },
                cancellation));
            if (fault is not null || outcome == OwnFile.Refused)
            {
                await CompareCommand.RefuseAsync(file);
                return null;
            }

            if (outcome != OwnFile.OfChanges) continue;
            await ExitCodes.RefuseAsync(
                $"{file.FullName} holds changes. Compare with the newest file of the whole year.");
            return null;
        }

        return own;
    }
}
