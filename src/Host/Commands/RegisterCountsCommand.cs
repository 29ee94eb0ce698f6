using System.CommandLine;
using System.Globalization;
using Kilde.Audit;
using Kilde.Register.Contacts;
using Kilde.Register.Tables;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Counts that register staff ask for: the ways through emergency care, and what a class holds.</summary>
internal static class RegisterCountsCommand
{
    public static IEnumerable<Command> CreateAll() => [Emergency(), Sensitive()];

    private static Command Emergency()
    {
        var from = new Argument<DateOnly>("from") { Description = "The first day, as 2026-01-01." };
        var to = new Argument<DateOnly>("to") { Description = "The last day." };
        var command = new Command("emergency", """
            Counts how people came through emergency care: from AMK and ambulance, by out-of-hours (LV) and municipal
            emergency beds (KOHD), to urgent hospital care (SOM). For register staff: small numbers are not held back.

            Example:
              kilde register emergency 2026-01-01 2026-01-31
            """)
        { from, to };
        command.SetAction(async (call, cancellation) =>
        {
            var (first, last) = (call.GetValue(from), call.GetValue(to));
            if (last < first) return await ExitCodes.RefuseAsync("The last day is before the first.");
            return await WithServices.RunAsync(async services =>
            {
                var paths = await services.GetRequiredService<CountEmergencyChains>()
                    .CountAsync(first, last, cancellation);
                Write(
                    ["way", "chains", "persons", "acute", "minutes to arrival", "minutes to hospital"],
                    paths.Select(path => new[]
                    {
                        path.Path, Told(path.Chains), Told(path.Persons), Told(path.Acute),
                        Told(path.MinutesToArrival), Told(path.MinutesToHospital),
                    }));
                return ExitCodes.Done;
            });
        });
        return command;
    }

    private static Command Sensitive()
    {
        var name = new Argument<string>("class") { Description = "The class, for example coercion." };
        var purpose = new Option<string>("--purpose")
        {
            Description = "Why you count; it goes into the audit log.",
            Required = true,
        };
        var reference = new Option<string?>("--case") { Description = "Case reference, if there is one." };
        var command = new Command("count-sensitive", """
            Counts what a sensitive class holds, where it is granted. Each counting goes into the audit log.

            Example:
              kilde register count-sensitive coercion --purpose "Årsrapport om tvang"
            """)
        { name, purpose, reference };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            try
            {
                var lines = await services.GetRequiredService<CountSensitive>().CountAsync(
                    call.GetRequiredValue(name),
                    new AccessGround(
                        CommandActor.Current, call.GetRequiredValue(purpose), call.GetValue(reference)),
                    cancellation);
                Write(
                    ["table", "sender", "year", "records", "persons"],
                    lines.Select(line => new[]
                    {
                        line.Table, line.Sender, Told(line.Year), Told(line.Records), Told(line.Persons),
                    }));
                return ExitCodes.Done;
            }
            catch (SensitiveClassException refused)
            {
                return await ExitCodes.RefuseAsync(refused.Message);
            }
        }));
        return command;
    }

    private static void Write(string[] headings, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.None).AddColumns(headings);
        foreach (var row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    private static string Told(double? number) => number?.ToString("0", CultureInfo.InvariantCulture) ?? "";
}
