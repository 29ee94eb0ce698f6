using System.CommandLine;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Files;
using Kilde.Kernel;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Checks messages on this machine as the intake does, and stores and sends nothing.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var message = new MessageOptions(takesXml: true);
        var real = new Option<bool>("--real-persons")
        {
            Description = "Take real persons and units and refuse made-up ones, as production does.",
        };
        var command = message.AddTo(new Command("validate", """
            Checks messages on this machine as the intake does: envelope, structure, codes, content. XML of any size, in
            a MsgHead, bare or in a zip archive, is known by its namespace; JSON needs --type. Nothing is stored or
            sent. Ends with 1 when any would be refused.

            Examples:
              kilde validate ord-2026.xml ide-2026.xml
              kilde validate trust.zip
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
        MessageType? type = null;
        if (call.GetValue(message.Type) is not null && (type = message.FindType(call, catalogue)) is null)
            return ExitCodes.WrongCall;
        if (await message.FindFilesAsync(call) is not { } files) return ExitCodes.WrongCall;
        var xml = files.Where(MessageOptions.IsXml).ToList();
        var json = files.Where(file => !MessageOptions.IsXml(file)).ToList();
        if (type is null && json is [var unknown, ..])
        {
            await Console.Error.WriteLineAsync(
                $"{unknown.Name} is taken for JSON: name its type with --type. 'kilde definitions list' shows all.");
            return ExitCodes.WrongCall;
        }

        // The unit of vendors without an agreement validates, and sends nothing about anybody real.
        var options = new ReadOptions(policy, NorwegianTime.Today(TimeProvider.System))
        {
            TakesValidationUnit = policy.TakesSynthetic,
        };
        var (messages, refused) = await ValidateXmlAsync(catalogue, xml, options, cancellation);
        if (type is not null)
            refused += await ValidateJsonAsync(catalogue.ReaderOf(type), json, options, cancellation);
        messages += files.Count - xml.Count;
        if (messages > 1) AnsiConsole.MarkupLine($"Messages: {messages}, would be refused: {refused}.");
        return refused == 0 ? ExitCodes.Done : ExitCodes.Wrong;
    }

    private static async Task<(int Messages, int Refused)> ValidateXmlAsync(
        DefinitionCatalogue catalogue, IReadOnlyList<FileInfo> files, ReadOptions options,
        CancellationToken cancellation)
    {
        var validate = new ValidateFile(catalogue);
        var (messages, refused) = (0, 0);
        foreach (var file in files)
        {
            var validated = await ProgressReport.Current.RunAsync(
                $"Validating {file.Name} …",
                report => validate.ValidateAsync(file.FullName, options, report, cancellation));
            foreach (var one in validated) Tell(one);
            (messages, refused) = (messages + validated.Count, refused + validated.Count(one => one.IsRefused));
        }

        return (messages, refused);
    }

    private static async Task<int> ValidateJsonAsync(
        MessageReader reader, List<FileInfo> files, ReadOptions options, CancellationToken cancellation)
    {
        if (files.Count == 0) return 0;
        var refused = 0;
        await MessageOptions.ForEachAsync("Validating …", files, async file =>
        {
            var content = reader.Read(await File.ReadAllBytesAsync(file.FullName, cancellation), options);
            if (!content.IsAccepted) refused++;
            Tell(content, $"{reader.Type.Name} {reader.Type.Version}", files.Count == 1 ? "" : file.Name + ": ");
        });
        return refused;
    }

    private static void Tell(ValidatedFile one)
    {
        var type = one.Type is null ? "" : $"{one.Type.Name} {one.Type.Version} ";
        AnsiConsole.MarkupLine(one.IsRefused
            ? $"[red]✗[/] {Markup.Escape(one.Name)}: {type}would be refused."
            : $"[green]✓[/] {Markup.Escape(one.Name)}: {type}would be received. "
                + $"Records: {one.RecordCount}, findings: {one.FindingCount}.");
        FindingTable.Write(AnsiConsole.Console, one.Findings);
        foreach (var rule in one.RuleCounts)
        {
            var told = one.Findings.Count(finding => finding.RuleId == rule.RuleId);
            if (told < rule.Count) AnsiConsole.MarkupLine($"{rule.RuleId}: {told} of {rule.Count} shown.");
        }
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
