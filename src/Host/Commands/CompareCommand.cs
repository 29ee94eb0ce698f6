using System.CommandLine;
using System.Globalization;
using System.Text;
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
        var message = new MessageOptions();
        var options = new Options();
        var command = message.AddTo(new Command("compare", """
            Did you get everything? Compares a sender's own messages with what the register has from it, and lists the
            records that are missing, extra or different. Digests are sent, and no message: some hundred bytes for each
            difference. The messages are all that were sent of the months, ordered by name as they were sent.
            Ends with 1 when anything differs.

            Examples:
              kilde compare sent/ --type HST_Konsultasjon
              kilde compare sent/ --type HST_Konsultasjon --from 2026-01 --to 2026-06
              kilde compare sent/ --type HST_Konsultasjon --sender my-unit.json --out differences.csv
            """));
        foreach (var option in options.All) command.Add(option);
        command.SetAction((call, cancellation) => CompareAsync(call, message, options, cancellation));
        return command;
    }

    private static async Task<int> CompareAsync(
        ParseResult call, MessageOptions message, Options options, CancellationToken cancellation)
    {
        if (MessageOptions.LoadCatalogue() is not { } catalogue) return ExitCodes.WrongCall;
        if (message.FindType(call, catalogue) is not { } type) return ExitCodes.WrongCall;
        if (RecordOf(type, call.GetValue(options.Record)) is not { } record) return ExitCodes.WrongCall;
        if (await message.FindFilesAsync(call) is not { } files) return ExitCodes.WrongCall;

        var first = await File.ReadAllBytesAsync(files[0].FullName, cancellation);
        return await WithSender.RunAsync(call.GetValue(options.Sender), first, async (profile, client) =>
        {
            var today = NorwegianTime.Today(TimeProvider.System);
            var register = client.Compare(type.Name, type.Version, record.WireName, today);
            var own = new OwnRecords(await register.ReadKeyAsync(cancellation), profile.Unit);
            var read = new ReadOptions(
                call.GetValue(options.Real) ? PersonIdentifierPolicy.Production : PersonIdentifierPolicy.Test, today);
            if (await ReadAsync(own, catalogue.ReaderOf(type), record, files, read, cancellation) is { } refused)
                return await StopAsync($"{refused.FullName} would be refused: 'kilde validate' tells why.");

            var (from, to) = own.Months ?? (RecordMonth.None, RecordMonth.Max);
            from = call.GetValue(options.From) ?? from;
            to = call.GetValue(options.To) ?? to;
            var differences = await ProgressReport.Current.RunAsync("Comparing …", report =>
                FindDifferences.FindAsync(own.Sorted(from, to), register, from, to, report, cancellation));
            if (call.GetValue(options.Output) is { } file) await WriteAsync(file, differences, cancellation);
            Tell(profile.Name, own.Count, register, differences);
            return differences.Count == 0 ? ExitCodes.Done : ExitCodes.Wrong;
        }, cancellation);
    }

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
        var covered = type.RecordTypes.Where(record => RecordDigests.Covers(type, record)).ToList();
        var named = name is null && covered is [var only] ? only : covered.Find(record => record.WireName == name);
        if (named is not null) return named;
        Console.Error.WriteLine(covered.Count == 0
            ? $"{type.Name} holds a whole year: send the file again, it is itself the comparison."
            : $"Name what is compared with --record: {string.Join(", ", covered.Select(record => record.WireName))}.");
        return null;
    }

    private static void Tell(
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

    private static async Task WriteAsync(
        string file, IReadOnlyList<RecordDifference> differences, CancellationToken cancellation)
    {
        var text = new StringBuilder("difference;unit;month;local_id\n");
        foreach (var one in differences)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{WordOf(one.Kind)};{one.Place.Unit};{one.Place.Month};{Quoted(one.LocalId)}\n");
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

    private static async Task<int> StopAsync(string text)
    {
        await Console.Error.WriteLineAsync(text);
        return ExitCodes.WrongCall;
    }

    private sealed class Options
    {
        public Option<string?> Sender { get; } = new("--sender")
        {
            Description = "Sender profile (a JSON file), or the organisation number of a unit that 'kilde up' made. "
                + "The unit that the first message names is taken when left out.",
        };

        public Option<string?> Record { get; } = new("--record")
        {
            Description = "The list of the message to compare, for example konsultasjon, when it has several.",
        };

        public Option<RecordMonth?> From { get; } = Month("--from", "The first month, yyyy-MM. That of the oldest "
            + "record in the messages when left out.");

        public Option<RecordMonth?> To { get; } = Month("--to", "The last month, yyyy-MM. That of the newest record in "
            + "the messages when left out.");

        public Option<string?> Output { get; } = new("--out", "-o")
        {
            Description = "File for the whole list, as CSV with semicolons.",
        };

        public Option<bool> Real { get; } = new("--real-persons")
        {
            Description = "Take real identity numbers and refuse synthetic ones, as production does.",
        };

        public IEnumerable<Option> All => [Sender, Record, From, To, Output, Real];

        private static Option<RecordMonth?> Month(string name, string description) => new(name)
        {
            Description = description,
            CustomParser = given =>
            {
                if (given.Tokens is [var token] && token.Value.Length > 0
                    && RecordMonth.TryParse(token.Value, out var month)) return month;
                given.AddError("A month is written as 2026-01.");
                return null;
            },
        };
    }
}
