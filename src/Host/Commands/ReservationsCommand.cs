using System.CommandLine;
using System.Globalization;
using Kilde.Kernel;
using Kilde.Quality.Reservations;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Tells who is missing from a register because they have reserved.</summary>
internal static class ReservationsCommand
{
    public static Command Create()
    {
        var register = new Argument<RegisterCode>("register") { Description = "Kpr or Npr." };
        var day = new Option<DateOnly?>("--on") { Description = "The day, yyyy-MM-dd; today when left out." };
        var command = new Command("reservations", """
            Holds those who have reserved against the population, by age, sex and county: how many are missing, and how
            far those who remain are from the population. Numbers under 5 are shown as <5.

            Examples:
              kilde quality reservations Kpr
              kilde quality reservations Npr --on 2025-12-31
            """)
        { register, day };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var today = NorwegianTime.Today(services.GetRequiredService<TimeProvider>());
            Tell(await services.GetRequiredService<ReportReservationLoss>().RunAsync(
                call.GetValue(register), call.GetValue(day) ?? today, cancellation));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static void Tell(ReservationLoss loss)
    {
        foreach (var by in loss.Groups.GroupBy(group => group.By))
        {
            var table = new Table().Border(TableBorder.Minimal)
                .AddColumns($"{by.Key}", "Residents", "Reserved", "Share");
            foreach (var (_, group, persons, reserved, share) in by)
                table.AddRow(Markup.Escape(group.In("en")), $"{persons}", $"{reserved}", Percent(share));

            AnsiConsole.Write(table);
            AnsiConsole.WriteLine(
                $"Those who remain differ from the population by {Percent(loss.Deviations[by.Key])}: as many would "
                + "have to be in another group.");
        }

        AnsiConsole.WriteLine($"{loss.Day:yyyy-MM-dd}: {loss.Reserved} of {loss.Persons} residents have reserved.");
    }

    private static string Percent(decimal? share) =>
        share is { } told ? string.Create(CultureInfo.InvariantCulture, $"{told * 100:0.00} %") : "–";
}
