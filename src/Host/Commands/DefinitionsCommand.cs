using System.CommandLine;
using Kilde.Definitions;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Compiling;
using Kilde.Definitions.Rules;
using Kilde.Host.Composition;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Checks, lists and documents the message types.</summary>
internal static class DefinitionsCommand
{
    private static readonly Option<DirectoryInfo?> Folder = new("--folder")
    {
        Description = "Folder with messages/, code-lists/ and rules/; this installation's when left out.",
    };

    public static Command Create() => new("definitions", """
        The message types: checked, listed, documented.

        Examples:
          kilde definitions check
          kilde definitions rules --type NPR_ORD
          kilde definitions docs --out published/
        """)
    { Check(), List(), Rules(), Codes(), Docs() };

    private static Command Check()
    {
        var command = new Command("check", """
            Explains every mistake in definitions, rules and files of codes, with file, line and column.
            Holds every rule against its examples. Ends with 1 when there is any mistake.

            Examples:
              kilde definitions check
              kilde definitions check --folder my-definitions
            """)
        { Folder };
        command.SetAction(call =>
        {
            var check = CheckOf(call);
            foreach (var mistake in check.Mistakes) Console.WriteLine(mistake);
            var rules = ListedRule.Of(check.RuleSets).Count;
            AnsiConsole.MarkupLine(check.IsSound
                ? $"[green]✓[/] {check.MessageTypes.Count} message types, {rules} rules, no mistakes."
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
            var check = CheckOf(call);
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

    private static Command Rules()
    {
        var name = new Option<string?>("--type", "-t") { Description = "A message type, for example NPR_ORD." };
        var command = new Command("rules", """
            Lists the content rules: what each asks of a message, how grave a breach is and who should mend it.

            Examples:
              kilde definitions rules
              kilde definitions rules --type NPR_ORD
            """)
        { Folder, name };
        command.SetAction(call =>
        {
            var check = CheckOf(call);
            var table = new Table().Border(TableBorder.Minimal)
                .AddColumns("Rule", "Types", "Record", "Level", "Mender", "Years", "A breach is told so");
            foreach (var listed in ListedRule.Of(check.RuleSets))
            {
                var rule = listed.Rule;
                if (call.GetValue(name) is { } only && !listed.TypeNames.Contains(only)) continue;
                table.AddRow(
                    rule.Id, string.Join(", ", listed.TypeNames),
                    rule.Record ?? (rule.IsOfUnits ? "(unit)" : "(message)"), $"{rule.Level}",
                    $"{rule.Mender}", $"{rule.FirstDataYear}–{rule.LastDataYear}", Markup.Escape(rule.Text.Nb));
            }

            AnsiConsole.Write(table);
            TellMistakes(check);
            return check.IsSound ? ExitCodes.Done : ExitCodes.Wrong;
        });
        return command;
    }

    private static Command Codes()
    {
        var package = new Option<DirectoryInfo?>("--package")
        {
            Description = "Folder of npm's @navikt/diagnosekoder to make files of; the one in tools/ is a choice.",
        };
        var command = new Command("codes", """
            Lists the medical code systems, the days whose codes are at hand, and the data years whose codes are not, so
            that nobody checks them; with --package, fetches a year's codes first.

            Examples:
              kilde definitions codes
              kilde definitions codes --package tools/node_modules/@navikt/diagnosekoder
            """)
        { Folder, package };
        command.SetAction(call =>
        {
            if (call.GetValue(package) is { } from)
            {
                foreach (var (file, count) in DiagnosisPackage.Write(from.FullName, CodesFolder()))
                    AnsiConsole.MarkupLine($"[green]✓[/] {count} codes in {Markup.Escape(file)}");
            }

            var check = CheckOf(call);
            var table = new Table().Border(TableBorder.Minimal).AddColumns(
                "Letter", "System", "Codes", "Days", "Not checked");
            foreach (var system in check.CodeSystems.All.OrderBy(system => system.Letter, StringComparer.Ordinal))
            {
                var days = system.Covered.Select(one => $"{one.From:yyyy-MM-dd}–{one.To:yyyy-MM-dd}");
                table.AddRow(
                    system.Letter, Markup.Escape(system.Title), $"{system.CodeCount}", string.Join(", ", days),
                    string.Join(", ", YearsNotChecked(system, check)));
            }

            AnsiConsole.Write(table);
            TellMistakes(check);
            return check.IsSound ? ExitCodes.Done : ExitCodes.Wrong;
        });
        return command;
    }

    // Years that messages may tell of, as ranges: one is checked only when the codes of all of it are at hand.
    private static IEnumerable<string> YearsNotChecked(CodeSystem system, DefinitionCheck check)
    {
        var last = NorwegianTime.Today(TimeProvider.System).Year;
        var first = check.MessageTypes.Select(type => type.FirstDataYear).DefaultIfEmpty(last).Min();
        bool IsChecked(int year) => system.Covered.Any(days =>
            days.Includes(new DateOnly(year, 1, 1)) && days.Includes(new DateOnly(year, 12, 31)));
        for (var year = first; year <= last; year++)
        {
            if (IsChecked(year)) continue;
            var from = year;
            while (year < last && !IsChecked(year + 1)) year++;
            yield return from == year ? $"{year}" : $"{from}–{year}";
        }
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
            var check = CheckOf(call);
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

    private static DefinitionCheck CheckOf(ParseResult call) => DefinitionChecker.Check(
        call.GetValue(Folder)?.FullName ?? KildeSettings.Load()["Definitions:Folder"]!, CodesFolder());

    private static string CodesFolder() => KildeSettings.Load()["Definitions:CodeSystems"]!;
}
