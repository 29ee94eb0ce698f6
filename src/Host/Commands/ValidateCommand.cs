using System.CommandLine;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Checks messages on this machine as the intake does, and stores and sends nothing.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var message = new MessageOptions();
        var real = new Option<bool>("--real-persons")
        {
            Description = "Take real identity numbers and refuse synthetic ones, as production does.",
        };
        var command = message.AddTo(new Command("validate", """
            Checks messages on this machine as the intake does: structure, codes, content. Nothing is stored or sent.
            Ends with 1 when any would be refused.

            Examples:
              kilde validate message.json --type HST_Konsultasjon
              kilde validate messages/ --type HST_Konsultasjon
              kilde validate message.json --type Basismelding --real-persons
            """));
        command.Add(real);
        command.SetAction((call, cancellation) => ValidateAsync(
            call, message, call.GetValue(real) ? PersonIdentifierPolicy.Production : PersonIdentifierPolicy.Test,
            cancellation));
        return command;
    }

    private static async Task<int> ValidateAsync(
        ParseResult call, MessageOptions message, PersonIdentifierPolicy policy, CancellationToken cancellation)
    {
        if (MessageOptions.LoadCatalogue() is not { } catalogue) return ExitCodes.WrongCall;
        if (message.FindType(call, catalogue) is not { } type) return ExitCodes.WrongCall;
        if (await message.FindFilesAsync(call) is not { } files) return ExitCodes.WrongCall;

        var (reader, refused) = (catalogue.ReaderOf(type), 0);
        var options = new ReadOptions(policy, NorwegianTime.Today(TimeProvider.System)) { TakesValidationUnit = true };
        await MessageOptions.ForEachAsync("Validating …", files, async file =>
        {
            var content = reader.Read(await File.ReadAllBytesAsync(file.FullName, cancellation), options);
            if (!content.IsAccepted) refused++;
            Tell(content, $"{type.Name} {type.Version}", files.Count == 1 ? "" : file.Name + ": ");
        });

        if (files.Count > 1) AnsiConsole.MarkupLine($"Messages: {files.Count}, would be refused: {refused}.");
        return refused == 0 ? ExitCodes.Done : ExitCodes.Wrong;
    }

    private static void Tell(MessageContent content, string type, string file)
    {
        var records = content.Batches.Sum(batch => batch.Count);
        var deleted = content.Batches.Sum(batch => batch.DeletedLocalIds.Count);
        AnsiConsole.MarkupLine(content.IsAccepted
            ? $"[green]✓[/] {Markup.Escape(file)}{type}: would be received. Records: {records}, deletions: {deleted}."
            : $"[red]✗[/] {Markup.Escape(file)}{type} would be refused.");
        FindingTable.Write(AnsiConsole.Console, content.Findings);
    }
}
