using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Host.Sending;
using Kilde.Intake.Slash.Client;
using Kilde.Kernel;
using Kilde.Register.Comparing;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Asks the register whether it has what the sender has, and lists exactly what differs.</summary>
internal static class CompareCommand
{
    private const int ShownMax = 50;

    public static Command Create()
    {
        var message = new MessageOptions(takesXml: true);
        var options = new CompareOptions();
        var command = message.AddTo(new Command("compare", """
            Did you get everything? Compares a sender's own messages with what the register has from it, and lists the
            records that are missing, extra or different. Digests are sent, and no message: some hundred bytes for each
            difference. The messages are all that were sent of the months, ordered by name as they were sent.
            Ends with 1 when anything differs.

            Examples:
              kilde compare sent/ --type HST_Konsultasjon
              kilde compare sent/ --type HST_Konsultasjon --from 2026-01 --to 2026-06
              kilde compare sent/ --type HST_Konsultasjon --sender my-unit.json --out differences.csv
              kilde compare ord-2025.xml --sender my-hospital.json
              kilde compare sent/ --type HST_Konsultasjon --key eksempel.json --digests own.json

            XML holds whole years, of which the last file of each is what the sender has, or chains of notifications, of
            which all are compared with what holds of them. The last example asks nobody: it makes the file that the
            portal's page of the same name compares. The key is in the example that the page gives.
            """));
        foreach (var option in options.All) command.Add(option);
        command.SetAction((call, cancellation) => CompareAsync(call, message, options, cancellation));
        return command;
    }

    private static async Task<int> CompareAsync(
        ParseResult call, MessageOptions message, CompareOptions options, CancellationToken cancellation)
    {
        if (MessageOptions.LoadCatalogue() is not { } catalogue) return ExitCodes.WrongCall;
        if (await message.FindFilesAsync(call) is not { } files) return ExitCodes.WrongCall;
        if (files.All(MessageOptions.IsXml))
            return await new CompareFiles(catalogue, call, options).CompareAsync(files, cancellation);
        if (files.Any(MessageOptions.IsXml) || call.GetValue(message.Type) is null)
        {
            return await ExitCodes.RefuseAsync(
                "JSON takes --type, and is not compared together with XML. 'kilde definitions list' shows the types.");
        }

        if (message.FindType(call, catalogue) is not { } type) return ExitCodes.WrongCall;
        if (RecordOf(type, call.GetValue(options.Record)) is not { } record) return ExitCodes.WrongCall;

        Task<FileInfo?> ReadOwnAsync(OwnRecords own) =>
            ReadAsync(own, catalogue.ReaderOf(type), record, files, options.ReadOf(call), cancellation);
        if (call.GetValue(options.Digests) is { } digests)
            return await WriteDigestsAsync(call, options, (type, record), digests, ReadOwnAsync, cancellation);
        var first = await File.ReadAllBytesAsync(files[0].FullName, cancellation);
        return await WithSender.RunAsync(call.GetValue(options.Sender), first, async (profile, client) =>
        {
            var register = client.Compare(
                type.Name, type.Version, record.WireName, NorwegianTime.Today(TimeProvider.System));
            var own = new OwnRecords(await register.ReadKeyAsync(cancellation), profile.Unit);
            if (await ReadOwnAsync(own) is { } refused) return await RefuseAsync(refused);

            var (from, to) = options.MonthsOf(call, own.Months);
            var differences = await ProgressReport.Current.RunAsync("Comparing …", report =>
                register.CompareAsync(own.Sorted(from, to), from, to, report, cancellation));
            if (call.GetValue(options.Output) is { } file)
                await WriteAsync(file, [(record, differences)], cancellation);
            Tell(profile.Name, own.Count, register, differences);
            return differences.Count == 0 ? ExitCodes.Done : ExitCodes.Wrong;
        }, cancellation);
    }

    // Nobody is asked: the key is the sender's own, and so are the messages.
    private static async Task<int> WriteDigestsAsync(
        ParseResult call, CompareOptions options, (MessageType Type, RecordType Record) compared, string digests,
        Func<OwnRecords, Task<FileInfo?>> readOwnAsync, CancellationToken cancellation)
    {
        if (await KeyAsync(call.GetValue(options.Key), cancellation) is not var (key, sender))
            return await ExitCodes.RefuseAsync("--digests needs --key, the example file that the portal's page gives.");
        var own = new OwnRecords(key, sender);
        if (await readOwnAsync(own) is { } refused) return await RefuseAsync(refused);

        var (from, to) = options.MonthsOf(call, own.Months);
        return await WriteDigestsAsync(
            digests, compared.Type, compared.Record, own.Sorted(from, to), cancellation);
    }

    internal static async Task<int> WriteDigestsAsync(
        string digests, MessageType type, RecordType record, IReadOnlyDictionary<DigestPlace, OwnRecord[]> own,
        CancellationToken cancellation)
    {
        var file = DigestFile.Of(type, record, own);
        await using var written = File.Create(digests);
        await JsonSerializer.SerializeAsync(written, file, DigestFile.Json, cancellation);
        AnsiConsole.Console.MarkupLine(
            $"[green]✓[/] {Markup.Escape(digests)}: {own.Values.Sum(place => place.Length)} records of "
            + $"{file.Months!.Count} months.");
        return ExitCodes.Done;
    }

    internal static async Task<(byte[] Key, string Sender)?> KeyAsync(string? file, CancellationToken cancellation)
    {
        if (file is null) return null;
        try
        {
            var example = JsonNode.Parse(await File.ReadAllTextAsync(file, cancellation))?.AsObject();
            return ((string?)example?[DigestFile.KeyName], (string?)example?[DigestFile.SenderName]) is
                ({ } key, { } sender) ? (Convert.FromBase64String(key), sender) : null;
        }
        catch (Exception unreadable) when (
            unreadable is IOException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    internal static Task<int> RefuseAsync(FileInfo refused) =>
        ExitCodes.RefuseAsync($"{refused.FullName} would be refused: 'kilde validate' tells why.");

    // The first message that would not be taken in, if any: what the register has not can then be told for certain.
    private static async Task<FileInfo?> ReadAsync(
        OwnRecords own, MessageReader reader, RecordType record, IReadOnlyList<FileInfo> files, ReadOptions options,
        CancellationToken cancellation)
    {
        FileInfo? refused = null;
        await MessageOptions.ForEachAsync("Reading …", files, async file =>
        {
            var content = reader.Read(await File.ReadAllBytesAsync(file.FullName, cancellation), options);
            if (!content.IsAccepted) refused ??= file;
            foreach (var batch in content.Batches.Where(batch => batch.Type.Table == record.Table)) own.Add(batch);
        });
        return refused;
    }

    private static RecordType? RecordOf(MessageType type, string? name)
    {
        var covered = RecordDigests.CoveredOf(type);
        var named = name is null && covered is [var only]
            ? only
            : covered.FirstOrDefault(record => record.WireName == name);
        if (named is not null) return named;
        Console.Error.WriteLine(covered.Count == 0
            ? $"{type.Name} has no records to compare."
            : $"Name what is compared with --record: {string.Join(", ", covered.Select(record => record.WireName))}.");
        return null;
    }

    internal static void Tell(
        string sender, int count, RegisterSide register, IReadOnlyList<RecordDifference> differences)
    {
        var console = AnsiConsole.Console;
        console.MarkupLine(differences.Count == 0
            ? $"[green]✓[/] {Markup.Escape(sender)}: the register has all {count} records as they were sent."
            : $"[red]✗[/] {Markup.Escape(sender)}: {Count(DifferenceKind.Missing)} missing, "
                + $"{Count(DifferenceKind.Extra)} extra, {Count(DifferenceKind.Different)} different, of {count}.");
        console.MarkupLine($"  [grey]{new FileSize(register.Bytes)} in {register.Questions} questions[/]");
        foreach (var (place, kind, id) in differences.Take(ShownMax))
            console.MarkupLine($"  {WordOf(kind),-9} {place.Unit} {place.Month} {Markup.Escape(id)}");
        if (differences.Count > ShownMax)
            console.MarkupLine($"  {differences.Count - ShownMax} more; --out FILE lists them all.");

        int Count(DifferenceKind kind) => differences.Count(one => one.Kind == kind);
    }

    internal static async Task WriteAsync(
        string file, IReadOnlyList<(RecordType Record, IReadOnlyList<RecordDifference> Differences)> compared,
        CancellationToken cancellation)
    {
        var text = new StringBuilder("difference;unit;month;local_id;record\n");
        foreach (var (record, differences) in compared)
        {
            foreach (var one in differences)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"{WordOf(one.Kind)};{one.Place.Unit};{one.Place.Month};{Quoted(one.LocalId)};{record.WireName}\n");
            }
        }

        await File.WriteAllTextAsync(file, text.ToString(), cancellation);
    }

    // A spreadsheet must not take an id for a formula.
    private static string Quoted(string id)
    {
        var safe = id is ['=' or '+' or '-' or '@', ..] ? "'" + id : id;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string WordOf(DifferenceKind kind) => kind switch
    {
        DifferenceKind.Missing => "missing",
        DifferenceKind.Extra => "extra",
        _ => "different",
    };
}
