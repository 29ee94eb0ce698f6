using System.CommandLine;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Checks a message on this machine as the intake does, and stores and sends nothing.</summary>
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
            Checks a message on this machine as the intake does: structure, codes, content. Nothing is stored or sent.
            Ends with 1 when the message would be refused.

            Examples:
              kilde validate message.json --type HST_Konsultasjon
              kilde validate message.json --type Basismelding --real-persons
            """));
        command.Add(real);
        command.SetAction(async (call, cancellation) =>
        {
            if (MessageOptions.LoadCatalogue() is not { } catalogue) return ExitCodes.WrongCall;
            if (message.FindType(call, catalogue) is not { } type) return ExitCodes.WrongCall;
            if (await message.ReadAsync(call, cancellation) is not { } json) return ExitCodes.WrongCall;

            var policy = call.GetValue(real) ? PersonIdentifierPolicy.Production : PersonIdentifierPolicy.Test;
            var today = NorwegianTime.Today(TimeProvider.System);
            var content = catalogue.ReaderOf(type).Read(
                json, new ReadOptions(policy, today) { TakesValidationUnit = true });
            FindingTable.Write(AnsiConsole.Console, content.Findings);
            var records = content.Batches.Sum(batch => batch.Count);
            var deleted = content.Batches.Sum(batch => batch.DeletedLocalIds.Count);
            AnsiConsole.MarkupLine(content.IsAccepted
                ? $"[green]✓[/] {type.Name} {type.Version}: would be received. "
                    + $"Records: {records}, deletions: {deleted}."
                : $"[red]✗[/] {type.Name} {type.Version} would be refused.");
            return content.IsAccepted ? ExitCodes.Done : ExitCodes.Wrong;
        });
        return command;
    }
}
