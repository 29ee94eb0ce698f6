using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Compiling;
using Kilde.Quality.Checks;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>What a check would find, before it counts.</summary>
internal static class QualityTryCommand
{
    private const int RowsDefault = 10;
    private const int SendersShown = 30;

    public static Command Create()
    {
        var id = new Argument<string?>("check")
        {
            Description = "The check's id, for example KPR-OMS-001. Not said when --file is.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = new Option<FileInfo?>("--file") { Description = "A check that is not installed, or an edited one." };
        var years = new Option<Years>("--years")
        {
            Description = "Data years, as 2020-2021 or 2021; all when left out.",
            CustomParser = written => Years.Read(written),
            DefaultValueFactory = _ => Years.All,
        };
        var rows = new Option<int>("--rows")
        {
            Description = $"Findings shown, 0 to {TryCheck.SamplesMax}.",
            DefaultValueFactory = _ => RowsDefault,
        };
        var command = new Command("try", """
            Tells what a check would find, per sender and year, with some of the findings. Nothing is kept.

            Examples:
              kilde quality try KPR-OMS-001 --years 2020-2021
              kilde quality try --file my-check.yaml
            """)
        { id, file, years, rows };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var catalogue = services.GetRequiredService<DefinitionCatalogue>();
            if (await FindAsync(catalogue, call.GetValue(id), call.GetValue(file)) is not { } check)
                return ExitCodes.WrongCall;
            var (first, last) = call.GetRequiredValue(years);
            var trial = await services.GetRequiredService<TryCheck>().RunAsync(
                check, first, last, Math.Clamp(call.GetValue(rows), 0, TryCheck.SamplesMax), cancellation);
            Write(trial);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static void Write(CheckTrial trial)
    {
        if (trial.Findings == 0)
        {
            AnsiConsole.WriteLine($"{trial.Check.Id} would find nothing.");
            return;
        }

        var table = new Table().Border(TableBorder.Minimal).AddColumns("Sender", "Year", "Findings");
        foreach (var count in trial.Counts.Take(SendersShown))
            table.AddRow(Markup.Escape(count.Unit), $"{count.DataYear}", $"{count.Findings}");
        AnsiConsole.Write(table);
        if (trial.Counts.Count > SendersShown)
            AnsiConsole.WriteLine($"And {trial.Counts.Count - SendersShown} senders' years more.");
        foreach (var each in trial.Samples)
        {
            AnsiConsole.WriteLine(
                $"{each.Unit} {each.DataYear} {each.LocalId ?? "-"}: {FindingText.Of(each, trial.Limits)}");
        }

        var senders = trial.Counts.Select(count => count.Unit).Distinct().Count();
        AnsiConsole.WriteLine($"{trial.Check.Id} would find {trial.Findings}, of {senders} senders. Nothing is kept.");
    }

    private static async Task<Check?> FindAsync(DefinitionCatalogue catalogue, string? id, FileInfo? file)
    {
        if ((id is null) == (file is null))
        {
            await Console.Error.WriteLineAsync("Say a check's id, or --file with a check that is not installed.");
            return null;
        }

        if (file is null)
        {
            var found = catalogue.Checks.FirstOrDefault(check => check.Id == id);
            if (found is null)
                await Console.Error.WriteLineAsync($"There is no check {id}. 'kilde quality list' lists them.");
            return found;
        }

        try
        {
            return catalogue.ReadCheck(file.FullName);
        }
        catch (DefinitionException wrong)
        {
            foreach (var mistake in wrong.Mistakes) await Console.Error.WriteLineAsync($"{mistake}");
            return null;
        }
    }

    /// <summary>Data years from and to, both included.</summary>
    private sealed record Years(int First, int Last)
    {
        public override string ToString() => $"{First}-{Last}";

        public static Years All { get; } = new(1980, 2099);

        public static Years? Read(ArgumentResult written)
        {
            var parts = written.Tokens[0].Value.Split('-');
            int[] years = [.. parts.Select(part =>
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : 0)];
            var read = new Years(years[0], years[^1]);
            if (parts.Length <= 2 && read.First >= All.First && read.Last <= All.Last && read.First <= read.Last)
                return read;
            written.AddError("Years are written as 2020-2021, or 2021.");
            return null;
        }
    }
}
