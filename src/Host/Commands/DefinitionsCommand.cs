using System.CommandLine;
using Kilde.Definitions;
using Kilde.Definitions.Compiling;
using Kilde.Host.Composition;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Checks, lists and documents the message types.</summary>
internal static class DefinitionsCommand
{
    private static readonly Option<DirectoryInfo?> Folder = new("--folder")
    {
        Description = "Folder with messages/ and code-lists/; this installation's when left out.",
    };

    public static Command Create() => new("definitions", """
        The message types: checked, listed, documented.

        Examples:
          kilde definitions check
          kilde definitions docs --out published/
        """)
    { Check(), List(), Docs() };

    private static Command Check()
    {
        var command = new Command("check", """
            Explains every mistake in the definition files, with file, line and column. Ends with 1 when there is any.

            Examples:
              kilde definitions check
              kilde definitions check --folder my-definitions
            """)
        { Folder };
        command.SetAction(call =>
        {
            var check = DefinitionChecker.Check(FolderOf(call));
            foreach (var mistake in check.Mistakes) Console.WriteLine(mistake);
            AnsiConsole.MarkupLine(check.IsSound
                ? $"[green]✓[/] {check.MessageTypes.Count} message types, no mistakes."
                : $"[red]✗[/] Mistakes: {check.Mistakes.Count}.");
            return check.IsSound ? ExitCodes.Done : ExitCodes.Wrong;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", """
            Lists the message types.

            Example:
              kilde definitions list
            """)
        { Folder };
        command.SetAction(call =>
        {
            var check = DefinitionChecker.Check(FolderOf(call));
            var table = new Table().Border(TableBorder.Minimal)
                .AddColumns("Type", "Version", "Register", "Area", "Status", "Tables", "Title");
            foreach (var type in check.MessageTypes)
            {
                table.AddRow(
                    type.Name, type.Version, $"{type.Register}", type.ServiceArea, $"{type.Status}",
                    string.Join(", ", type.RecordTypes.Select(record => record.Table)), Markup.Escape(type.Title));
            }

            if (check.MessageTypes.Count > 0) AnsiConsole.Write(table);
            TellMistakes(check);
            return check.IsSound ? ExitCodes.Done : ExitCodes.Wrong;
        });
        return command;
    }

    private static Command Docs()
    {
        var output = new Option<DirectoryInfo>("--out", "-o")
        {
            Description = "Folder to write to; made when missing.",
            Required = true,
        };
        var command = new Command("docs", """
            Writes each message type's documentation, JSON Schema and example.

            Example:
              kilde definitions docs --out published/
            """)
        { Folder, output };
        command.SetAction(async (call, cancellation) =>
        {
            var check = DefinitionChecker.Check(FolderOf(call));
            TellMistakes(check);
            var folder = call.GetRequiredValue(output).FullName;
            foreach (var type in check.MessageTypes)
            {
                await DefinitionDocuments.WriteAsync(type, folder, cancellation);
                AnsiConsole.MarkupLine($"[green]✓[/] {type.Name} {type.Version} in {Markup.Escape(folder)}");
            }

            return check.IsSound ? ExitCodes.Done : ExitCodes.Wrong;
        });
        return command;
    }

    private static void TellMistakes(DefinitionCheck check)
    {
        foreach (var mistake in check.Mistakes) Console.Error.WriteLine(mistake);
    }

    private static string FolderOf(ParseResult call) =>
        call.GetValue(Folder)?.FullName ?? KildeSettings.Load()["Definitions:Folder"]!;
}
