using System.CommandLine;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Quality.Caveats;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>What those who use a unit's data year are to know, and years that are counted as the year before.</summary>
internal static class CaveatCommand
{
    private static readonly Argument<string> Unit = new("unit")
    {
        Description = "The unit as it calls itself in its messages: a municipality number, for example 0122, or an "
            + "organisation number.",
    };

    private static readonly Argument<int> Year = new("year") { Description = "The data year." };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = $"Why, in Norwegian: 1 to {RecordCaveat.ReasonCharactersMax} characters, never of a person.",
        Required = true,
    };

    public static Command Create() => new("caveat", """
        What is to be known of a unit's data year, beside its figures.

        Examples:
          kilde quality caveat list
          kilde quality caveat note 3301 2022 --reason "Mangler om lag 500 personer med bolig"
        """)
    {
        List(),
        Add("note", CaveatKind.Noted, """
            Notes something of a unit's data year. It is told beside figures and in the declaration of quality.

            Example:
              kilde quality caveat note 3301 2022 --reason "Mangler om lag 500 personer med bolig"
            """),
        Add("impute", CaveatKind.Imputed, """
            Has figures count the year before for a unit that has sent nothing of the year, marked as such. What comes
            of the year itself goes first.

            Example:
              kilde quality caveat impute 0122 2019 --reason "Leverte ikke, sammenslåing"
            """),
        Undo(),
    };

    private static Command List()
    {
        var command = new Command("list", """
            Lists the caveats that stand, the newest data year first.

            Example:
              kilde quality caveat list
            """);
        command.SetAction((_, cancellation) => WithServices.RunAsync(async services =>
        {
            var found = await services.GetRequiredService<FindCaveats>().ReadAsync(null, null, cancellation);
            foreach (var each in found)
                AnsiConsole.WriteLine($"{each.CaveatId} {each.DataYear} {each.Unit} {each.Kind}: {each.Reason}");
            if (found.Count == 0) AnsiConsole.WriteLine("No caveats.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Add(string name, CaveatKind kind, string help)
    {
        var command = new Command(name, help) { Unit, Year, Reason };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var (unit, reason) = (call.GetRequiredValue(Unit), call.GetRequiredValue(Reason));
            if (!RecordCaveat.IsUnit(unit))
            {
                return await ExitCodes.RefuseAsync(
                    "The unit is a municipality number of 4 digits, or an organisation number of 9.");
            }

            if (!DataYear.TryFrom(call.GetValue(Year), out var year) || !RecordCaveat.IsReason(reason))
            {
                return await ExitCodes.RefuseAsync(
                    "The year is 1980 to 2099, and the reason 1 to "
                    + $"{RecordCaveat.ReasonCharactersMax} characters of no person.");
            }

            var added = await services.GetRequiredService<RecordCaveat>().AddAsync(
                unit, year, kind, reason, Ground, cancellation);
            if (added is null) return await ExitCodes.RefuseAsync("The year is counted as the year before already.");
            AnsiConsole.WriteLine($"{added} {year.Year} {unit} {kind}");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Undo()
    {
        var id = new Argument<Guid>("id") { Description = "The caveat's id, as 'list' tells it." };
        var command = new Command("undo", """
            Undoes a caveat. It stays in the history, with the reason.

            Example:
              kilde quality caveat undo 0198c1de-7a60-7c2e-8f0e-3f5f0c9f2a11 --reason "Filen kom likevel"
            """)
        { id, Reason };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var reason = call.GetRequiredValue(Reason);
            return RecordCaveat.IsReason(reason)
                && await services.GetRequiredService<RecordCaveat>().UndoAsync(
                    call.GetValue(id), reason, Ground, cancellation)
                ? ExitCodes.Done
                : await ExitCodes.RefuseAsync(
                    "There is no such caveat that stands, or the reason is empty, long or of a person.");
        }));
        return command;
    }

    private static AccessGround Ground => new(CommandActor.Current, "caveat");
}
