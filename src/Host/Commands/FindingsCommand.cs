using System.CommandLine;
using System.Text.Json;
using Kilde.Intake.Slash.Client;
using Kilde.Intake.Slash.Findings;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Reads what has been found in a sender's data, and explains it, over the API.</summary>
internal static class FindingsCommand
{
    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create() => new("findings", """
        What the register's checks have found in a sender's data, and the sender's explanations.

        Example:
          kilde findings list --sender 312345679
        """)
    {
        CreateList(),
        CreateAnswer(),
    };

    private static Command CreateList()
    {
        var sender = WithSender.NewOption();
        var check = new Option<string?>("--check") { Description = "Only findings of this check, KPR-OMS-001." };
        var year = new Option<int?>("--year") { Description = "Only findings of this data year." };
        var output = new Option<FileInfo?>("--out", "-o") { Description = "File for all of it, a line of JSON each." };
        var command = new Command("list", """
            Lists the findings that stand in a sender's own data, the newest first: what is wrong, in which record, and
            what would mend it, as JSON Patch or XPath where the right value is known. Ends with 1 when some are not
            answered.

            Examples:
              kilde findings list --sender 312345679
              kilde findings list --sender my-unit.json --check KPR-OMS-001 --out findings.jsonl
            """)
        { sender, check, year, output };
        command.SetAction((call, cancellation) => AskAsync(
            call.GetRequiredValue(sender),
            async (name, client) =>
            {
                var told = await client.ListAsync(call.GetValue(check), call.GetValue(year), cancellation);
                if (call.GetValue(output) is { } file)
                {
                    await File.WriteAllLinesAsync(
                        file.FullName, told.Select(one => JsonSerializer.Serialize(one, Lines)), cancellation);
                }

                return Tell(name, told);
            },
            cancellation));
        return command;
    }

    private static Command CreateAnswer()
    {
        var finding = new Argument<Guid>("finding") { Description = "The id of the finding, as list tells it." };
        var sender = WithSender.NewOption();
        var cause = new Option<string>("--cause")
        {
            Description = "technical, cleanUp, changedService, wrongCoupling, realChange or other.",
            Required = true,
        };
        var text = new Option<string>("--text")
        {
            Description = "What has happened, 1-500 characters. Never anything of a person.", Required = true,
        };
        var command = new Command("answer", """
            Explains a finding, as on its page in the portal. Data close it, and register staff may take it as it is.

            Examples:
              kilde findings answer 0198c1de-7a60-7c2e-8f0e-3f5f0c9f2a11 --sender 312345679 --cause wrongCoupling
                --text "Koblet til feil tjeneste, rettes i neste uttrekk"
            """)
        { finding, sender, cause, text };
        command.SetAction((call, cancellation) => AskAsync(
            call.GetRequiredValue(sender),
            async (name, client) =>
            {
                var answer = new FindingAnswer(
                    call.GetRequiredValue(finding), call.GetRequiredValue(cause), call.GetRequiredValue(text));
                if (await client.AnswerAsync(answer, cancellation) is not { } fault)
                {
                    Console.Out.WriteLine($"{name}: the explanation is kept.");
                    return ExitCodes.Done;
                }

                await Console.Error.WriteLineAsync(fault);
                return ExitCodes.Wrong;
            },
            cancellation));
        return command;
    }

    private static Task<int> AskAsync(
        string sender, Func<string, FindingsClient, Task<int>> askAsync, CancellationToken cancellation) =>
        WithSender.RunAsync(sender, (profile, client) => askAsync(
            profile.Name, client.Findings(NorwegianTime.Today(TimeProvider.System))), cancellation);

    private static int Tell(string name, IReadOnlyList<ToldFinding> told)
    {
        var console = AnsiConsole.Console;
        var open = told.Count(one => one.State is "open" or "seen");
        console.MarkupLine(open == 0
            ? $"[green]✓[/] {Markup.Escape(name)}: no findings without an answer, {told.Count} in all."
            : $"[red]✗[/] {Markup.Escape(name)}: {open} findings without an answer, {told.Count} in all.");
        foreach (var one in told)
        {
            console.MarkupLine(Markup.Escape(
                $"  {one.Id} {one.State,-9} {one.Check} {one.Year} {one.LocalId ?? "-"}: {one.Text}"));
            foreach (var edit in one.Edits) console.MarkupLine(Markup.Escape($"    {MendingOf(edit)}"));
        }

        return open == 0 ? ExitCodes.Done : ExitCodes.Wrong;
    }

    private static string MendingOf(ToldEdit edit)
    {
        var change = edit switch
        {
            { Removes: true } => $"remove {edit.Was}",
            { Becomes: { } becomes } => $"{edit.Was ?? "nothing"} -> {becomes}",
            _ => $"{edit.Was ?? "nothing"} -> one of {string.Join(", ", edit.Codes)}",
        };
        return $"{edit.Item}: {change} {edit.XPath ?? edit.Patch?.ToJsonString()}".TrimEnd();
    }
}
