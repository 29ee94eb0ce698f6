using System.CommandLine;
using System.Globalization;
using System.Text;
using Kilde.Kernel;
using Kilde.Quality.Documents;
using Kilde.Quality.Eligible;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Tells which records are used in statistics, and what leaves the others out.</summary>
internal static class EligibleCommand
{
    public static Command Create()
    {
        var of = new Argument<string>("records") { Description = "What, for example service." };
        var year = new Argument<int>("year") { Description = "The data year." };
        var sender = new Option<string?>("--sender")
        {
            Description = "Only of this sender, as it calls itself in its messages.",
        };
        var file = new Option<FileInfo?>("--out")
        {
            Description = "Writes each record too: sender, local id, home, code and rules, as a spreadsheet reads it.",
        };
        var command = new Command("eligible", """
            Tells how many records of a data year are used in statistics, and how many each rule leaves out. A record
            may be left out by several.

            Examples:
              kilde quality eligible service 2025
              kilde quality eligible service 2025 --sender 1103 --out records.csv
            """)
        { of, year, sender, file };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var judge = services.GetRequiredService<JudgeRecords>();
            if (judge.Find(call.GetRequiredValue(of)) is not { } eligibility
                || !DataYear.TryFrom(call.GetValue(year), out var dataYear))
                return await ExitCodes.RefuseAsync("There are rules for service, of a data year from 1980 to 2099.");

            var table = new Table().Border(TableBorder.Minimal).AddColumns("", "Records", "Persons");
            foreach (var (rule, records, persons) in await judge.CountAsync(
                eligibility, dataYear.Year, call.GetValue(sender), cancellation))
            {
                table.AddRow(
                    Markup.Escape(rule is null ? "Used" : $"{rule.Id}: {rule.Titles.En}"),
                    records.ToString(CultureInfo.InvariantCulture), persons.ToString(CultureInfo.InvariantCulture));
            }

            AnsiConsole.Write(table);
            if (call.GetValue(file) is { } target)
            {
                await using var text = new StreamWriter(target.FullName, append: false, Encoding.UTF8);
                await text.WriteAsync(CsvFile.LineOf("sender", "localId", "municipality", "code", "leftOutBy"));
                await foreach (var record in judge.ListAsync(
                    eligibility, dataYear.Year, call.GetValue(sender), cancellation))
                {
                    await text.WriteAsync(CsvFile.LineOf(
                        record.Sender, record.LocalId ?? "", record.Municipality ?? "", record.Code ?? "",
                        string.Join(' ', record.LeftOutBy.Select(rule => rule.Id))));
                }
            }

            return ExitCodes.Done;
        }));
        return command;
    }
}
