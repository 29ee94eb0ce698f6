using System.CommandLine;
using System.Globalization;
using Kilde.Synthetic;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Writes messages of a Norway that does not exist, with errors if asked for.</summary>
internal static class SynthesizeCommand
{
    private static readonly Option<Dictionary<ErrorKind, int>?> Mix = new("--error")
    {
        Description = "Only these kinds of error, equally often or by their weights; the registers' usual mix when "
            + $"left out. The kinds: {string.Join(", ", Enum.GetNames<ErrorKind>())}.",
        HelpName = "kind[=weight] …",
        CustomParser = ErrorKinds.Parse,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var type = new Option<string?>("--type", "-t") { Description = "Only this message type; all when left out." };
        var messages = new Option<int>("--messages", "-n")
        {
            Description = "How many messages.",
            DefaultValueFactory = _ => 1,
        };
        messages.Validators.Add(given =>
        {
            if (given.GetValue(messages) < 1) given.AddError("--messages is at least 1.");
        });
        var seed = new Option<long>("--seed")
        {
            Description = "The same seed gives the same messages, byte for byte.",
            DefaultValueFactory = _ => Up.LocalSite.Seed,
        };
        var errors = new Option<Share>("--errors")
        {
            Description = "Share of messages with an error put in, such as 10%.",
            CustomParser = Share.Parse,
        };
        var day = new Option<DateOnly?>("--day")
        {
            Description = "The first day, yyyy-MM-dd; the last working day when left out.",
        };
        var output = new Option<string>("--out", "-o")
        {
            Description = "File for one message, folder for more.",
            Required = true,
        };
        var command = new Command("synthesize", """
            Writes synthetic messages: units, persons and visits that do not exist, with numbers marked synthetic.

            Examples:
              kilde synthesize --type HST_Konsultasjon --out message.json
              kilde synthesize --type KTT_Tjeneste --messages 10 --out care/
              kilde synthesize --messages 500 --errors 10% --out messages/
              kilde synthesize --messages 20 --errors 100% --error WrongIdentifier --out messages/
              kilde synthesize --messages 500 --errors 10% --error UnknownCode=3 WrongType --out messages/
              kilde synthesize hospital --trust Rogaland --size 20MB --out rogaland/
              kilde synthesize municipality --municipality Stavanger --share 10% --out stavanger/
            """)
        { type, messages, seed, errors, Mix, day, output };
        command.Subcommands.Add(SynthesizeHospitalCommand.Create());
        command.Subcommands.Add(SynthesizeMunicipalityCommand.Create());
        command.SetAction((call, cancellation) =>
        {
            var share = call.GetValue(errors).Value;
            var norway = SyntheticNorway.Create(
                call.GetValue(seed), NorwaySize.Small,
                call.GetValue(Mix) is { } weights ? new ErrorMix(share, weights) : ErrorMix.Common(share));
            var first = call.GetValue(day)
                ?? SyntheticNorway.WorkDayOnOrBefore(NorwegianTime.Today(TimeProvider.System));
            var wanted = Messages(norway, first, call.GetValue(type)).Take(call.GetValue(messages));
            return WriteAsync(wanted, call.GetValue(messages), call.GetRequiredValue(output), cancellation);
        });
        return command;
    }

    // A type that no unit sends would never end; a year of days without one is enough to know.
    private static IEnumerable<SyntheticMessage> Messages(SyntheticNorway norway, DateOnly first, string? type) =>
        Enumerable.Range(0, 366).Select(first.AddDays)
            .SelectMany(day => norway.MessagesOf(day).Concat(norway.ServiceMessagesOf(day)))
            .Where(message => type is null || message.Type == type);

    private static async Task<int> WriteAsync(
        IEnumerable<SyntheticMessage> messages, int wanted, string output, CancellationToken cancellation)
    {
        var (written, wrong) = (0, 0);
        if (wanted > 1) Directory.CreateDirectory(output);
        else if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder) Directory.CreateDirectory(folder);
        await ProgressReport.Current.RunAsync("Writing messages …", async report =>
        {
            foreach (var message in messages)
            {
                var file = wanted > 1 ? Path.Combine(output, FileName(message, written)) : output;
                await File.WriteAllBytesAsync(file, message.Json, cancellation);
                if (++written > 1) report(written, wanted);
                if (!message.IsSound) wrong++;
                Tell(message, file);
            }

            return written;
        });

        if (written == 0)
        {
            await Console.Error.WriteLineAsync(
                "No unit sends such a message. 'kilde definitions list' shows the types.");
            return ExitCodes.WrongCall;
        }

        AnsiConsole.MarkupLine($"[green]✓[/] Messages in {Markup.Escape(output)}: {written}, with an error: {wrong}.");
        return ExitCodes.Done;
    }

    private static void Tell(SyntheticMessage message, string file)
    {
        foreach (var error in message.Seeded)
            AnsiConsole.MarkupLine($"[yellow]•[/] {Markup.Escape(file)}: {error.Kind} {Markup.Escape(error.Path)}");
    }

    private static string FileName(SyntheticMessage message, int index) => string.Create(
        CultureInfo.InvariantCulture, $"{index:D5}-{message.Unit.Number}-{message.Type}-{message.Version}.json");
}
