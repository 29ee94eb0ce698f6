using System.CommandLine;
using System.Globalization;
using Kilde.Audit;
using Kilde.Definitions.Checks;
using Kilde.Quality.Checks;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Checks of what the register holds, and what they have found.</summary>
internal static class QualityCommand
{
    private const int RowsDefault = 20;
    private const int RowsMax = 500;

    private static readonly Argument<string?> CheckId = new("check")
    {
        Description = "The check's id, for example KPR-OMS-001; all when left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create() =>
        new("quality", """
            Checks of what the register holds.

            Examples:
              kilde quality list
              kilde quality findings KPR-OMS-001
            """)
        {
            List(), Run(), QualityTryCommand.Create(), Findings(), Limit(), DeclarationCommand.Create(),
            CoverageCommand.Create(), ReservationsCommand.Create(), EligibleCommand.Create(), CaveatCommand.Create(),
        };

    private static Command List()
    {
        var command = new Command("list", """
            Lists the checks and how they stand, those with most unanswered findings first.

            Example:
              kilde quality list
            """);
        command.SetAction((_, cancellation) => WithServices.RunAsync(async services =>
        {
            var standings = await services.GetRequiredService<FindFindings>().CountAsync(unit: null, cancellation);
            var table = new Table().Border(TableBorder.Minimal)
                .AddColumns("Check", "What", "Status", "Standing", "Unanswered", "Senders", "Corrected");
            foreach (var each in standings)
            {
                table.AddRow(
                    each.Check.Id, Markup.Escape(each.Check.Titles.En ?? each.Check.Titles.Nb),
                    $"{each.Check.Status}", $"{each.Standing}", $"{each.Unanswered}", $"{each.Units}",
                    $"{each.Corrected}");
            }

            AnsiConsole.Write(table);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Run()
    {
        var command = new Command("run", """
            Holds checks against the whole register. They follow what comes in by themselves; this is for afterwards.

            Examples:
              kilde quality run
              kilde quality run KPR-OMS-001
            """)
        { CheckId };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var run = services.GetRequiredService<RunChecks>();
            if (await FindAsync(run, call.GetValue(CheckId)) is not { } checks) return ExitCodes.WrongCall;
            var outcomes = await ProgressReport.Current.RunAsync("Checking", async tell =>
            {
                var done = new List<CheckOutcome>();
                await run.RunAsync(
                    checks,
                    outcome =>
                    {
                        done.Add(outcome);
                        tell(done.Count, checks.Count);
                    },
                    cancellation);
                return done;
            });
            foreach (var (check, measured, opened, closed) in outcomes)
                AnsiConsole.WriteLine($"{check.Id}: {measured} measured, {opened} findings opened, {closed} closed.");

            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Findings()
    {
        var rows = new Option<int>("--rows")
        {
            Description = $"How many, 1 to {RowsMax}, newest first.",
            DefaultValueFactory = _ => RowsDefault,
        };
        var state = new Option<FindingState?>("--state")
        {
            Description = "Only those in this state; else all that stand.",
        };
        var command = new Command("findings", """
            Lists findings, newest first, with what they cost, and the edit that would mend each where it is known.

            Examples:
              kilde quality findings
              kilde quality findings KPR-OMS-001 --state explained
            """)
        { CheckId, state, rows };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            if (await FindAsync(services.GetRequiredService<RunChecks>(), call.GetValue(CheckId)) is null)
                return ExitCodes.WrongCall;
            var found = await services.GetRequiredService<FindFindings>().FindAsync(
                new FindingFilter(Unit: null, call.GetValue(CheckId), call.GetValue(state)),
                Math.Clamp(call.GetValue(rows), 1, RowsMax), cancellation);
            var limits = services.GetRequiredService<CheckLimits>();
            var suggest = services.GetRequiredService<SuggestEdits>();
            foreach (var each in found)
            {
                var text = FindingText.Of(each, await limits.ReadAsync(each.Check, cancellation));
                AnsiConsole.MarkupLineInterpolated(
                    $"{each.Check.Id} {each.Unit} {each.DataYear} {each.LocalId ?? "-"} {each.State}: {text}");
                if (each.Check.Affects is { } affects) AnsiConsole.WriteLine($"  Affects: {affects.In("en")}");
                if (each.Check.Edits.Count == 0) continue;
                foreach (var edit in await suggest.OfAsync(each.FindingId, unit: null, cancellation))
                    AnsiConsole.WriteLine($"  {Text(edit)}");
            }

            if (found.Count == 0) AnsiConsole.WriteLine("No findings.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static string Text(FindingEdit edit)
    {
        var item = edit.Item.In("en");
        return edit switch
        {
            { Patch: { } patch } => $"JSON Patch of the record {edit.LocalId}: {patch}",
            { Removes: true } => $"{item}: remove {edit.XPath ?? edit.Was}",
            { Becomes: { } value } => $"{item}: write {value}{(edit.XPath is { } place ? $" at {place}" : "")}",
            _ => $"{item}: one of {string.Join(", ", edit.Codes.Select(code => $"{code.Value.Value} {code.Text}"))}",
        };
    }

    private static Command Limit()
    {
        var check = new Argument<string>("check") { Description = "The check's id." };
        var name = new Argument<string>("limit") { Description = "The limit's name." };
        var value = new Argument<decimal>("value")
        {
            Description = "The new value, with a point before decimals.",
            CustomParser = written => decimal.TryParse(
                written.Tokens[0].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
                ? number
                : 0,
        };
        var reason = new Option<string>("--reason") { Description = "Why; shown beside the limit.", Required = true };
        var command = new Command("limit", """
            Moves a limit. What was measured is judged anew at once; nothing is measured again.

            Example:
              kilde quality limit KPR-OMS-001 hours 120 --reason "Prøver en strengere grense"
            """)
        { check, name, value, reason };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var run = services.GetRequiredService<RunChecks>();
            if (await FindAsync(run, call.GetRequiredValue(check)) is not [var found])
                return ExitCodes.WrongCall;
            try
            {
                var ground = new AccessGround(CommandActor.Current, "check limit");
                var outcome = await services.GetRequiredService<SetCheckLimit>().SetAsync(
                    found, call.GetRequiredValue(name), call.GetRequiredValue(value), call.GetRequiredValue(reason),
                    ground, cancellation);
                Console.WriteLine($"{outcome.Opened} new findings, {outcome.Closed} withdrawn.");
                return ExitCodes.Done;
            }
            catch (ArgumentOutOfRangeException)
            {
                var known = found.Limits.Select(limit => FormattableString.Invariant(
                    $"{limit.Name} ({limit.Min} to {limit.Max} {limit.Unit.In("en")})"));
                return await ExitCodes.RefuseAsync($"{found.Id} has these limits: {string.Join(", ", known)}.");
            }
        }));
        return command;
    }

    private static async Task<IReadOnlyList<Check>?> FindAsync(RunChecks run, string? id)
    {
        if (id is null) return run.Checks;
        if (run.Checks.FirstOrDefault(check => check.Id == id) is { } found) return [found];
        await Console.Error.WriteLineAsync($"There is no check {id}. 'kilde quality list' lists them.");
        return null;
    }
}
