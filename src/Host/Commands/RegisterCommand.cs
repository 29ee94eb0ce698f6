using System.CommandLine;
using Kilde.Audit;
using Kilde.Register.Reading;
using Kilde.Register.Tables;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Shows a record as it stands or stood. Every reading is written to the audit log.</summary>
internal static class RegisterCommand
{
    private static readonly Argument<string> Table = new("table")
    {
        Description = "The record table, for example hst_konsultasjon. 'kilde definitions list' shows them.",
    };

    private static readonly Argument<string> Sender = new("sender")
    {
        Description = "The unit as it names itself; most often its organisation number.",
    };

    private static readonly Argument<string> LocalId = new("local-id") { Description = "The sender's own id." };

    private static readonly Option<string> Purpose = new("--purpose")
    {
        Description = "Why you look; it goes into the audit log.",
        Required = true,
    };

    private static readonly Option<string?> Case = new("--case") { Description = "Case reference, if there is one." };

    private static readonly Option<string[]> Sensitive = new("--sensitive")
    {
        Description = "A class of what is held apart, for example coercion, to be shown too. It must be granted here, "
            + "and the reading of it is in the audit log by itself. May be given several times.",
    };

    public static Command Create()
    {
        var command = new Command("register", """
            The records, as they stand and as they stood. Every reading goes into the audit log.

            Examples:
              kilde register show hst_konsultasjon 312345679 K-1001 --purpose Feilsøking
              kilde register as-of hst_konsultasjon 312345679 K-1001 2026-11-20T12:00 --purpose Feilsøking
            """)
        { Show(), AsOf() };
        foreach (var years in RegisterYearsCommand.CreateAll()) command.Add(years);
        foreach (var counts in RegisterCountsCommand.CreateAll()) command.Add(counts);
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", """
            Shows every version of a record, oldest first.

            Example:
              kilde register show hst_konsultasjon 312345679 K-1001 --purpose Feilsøking
            """)
        { Table, Sender, LocalId, Purpose, Case, Sensitive };
        command.SetAction((call, cancellation) => ReadAsync(call, (reader, sender, ground) =>
            reader.ReadHistoryAsync(
                call.GetRequiredValue(Table), sender, call.GetRequiredValue(LocalId), ground, cancellation)));
        return command;
    }

    private static Command AsOf()
    {
        var at = new Argument<DateTimeOffset>("at")
        {
            Description = "The moment, for example 2026-11-20T12:00:00+01:00; Norwegian time without an offset.",
            CustomParser = argument =>
            {
                if (NorwegianTime.TryRead(argument.Tokens[0].Value, out var moment)) return moment;
                argument.AddError($"'{argument.Tokens[0].Value}' is no moment. Write it as 2026-11-20T12:00:00+01:00.");
                return default;
            },
        };
        var command = new Command("as-of", """
            Shows a record as the register knew it at a moment.

            Example:
              kilde register as-of hst_konsultasjon 312345679 K-1001 2026-11-20T12:00 --purpose Feilsøking
            """)
        { Table, Sender, LocalId, at, Purpose, Case, Sensitive };
        command.SetAction((call, cancellation) => ReadAsync(call, async (reader, sender, ground) =>
            await reader.ReadAsOfAsync(
                call.GetRequiredValue(Table), sender, call.GetRequiredValue(LocalId), call.GetValue(at), ground,
                cancellation) is { } version
                ? [version]
                : []));
        return command;
    }

    private static Task<int> ReadAsync(
        ParseResult call,
        Func<RegisterReader, string, AccessGround, Task<IReadOnlyList<RecordVersion>>> readAsync) =>
        WithServices.RunAsync(async services =>
        {
            var sender = call.GetRequiredValue(Sender);
            var ground = new AccessGround(CommandActor.Current, call.GetRequiredValue(Purpose), call.GetValue(Case));
            try
            {
                var reader = services.GetRequiredService<RegisterReader>().Showing(call.GetValue(Sensitive) ?? []);
                var versions = await readAsync(reader, sender, ground);
                foreach (var version in versions) Write(version);
                if (versions.Count > 0) return ExitCodes.Done;
                await Console.Error.WriteLineAsync("The register has no such record.");
                return ExitCodes.Wrong;
            }
            catch (Exception mistake) when (mistake is InvalidRecordTableException or SensitiveClassException)
            {
                await Console.Error.WriteLineAsync(mistake.Message);
                return ExitCodes.WrongCall;
            }
        });

    private static void Write(RecordVersion version)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "");
        var until = version.Until is { } end ? $"{NorwegianTime.Told(end)} ({version.EndedBy})" : "stands";
        table.AddRow("[grey]from – until[/]", $"{NorwegianTime.Told(version.Since)} – {until}");
        table.AddRow("[grey]person key[/]", $"{version.Person.Value}");
        table.AddRow("[grey]unit[/]", Markup.Escape(version.Unit));
        table.AddRow("[grey]submission[/]", $"{version.SubmissionId}");
        table.AddRow("[grey]extracted on[/]", $"{version.ExtractedOn:yyyy-MM-dd}");
        foreach (var (name, value) in version.Values.Where(item => item.Value is not null))
            table.AddRow(Markup.Escape(name), Markup.Escape(Told(value!)));
        if (version.Class is { } held)
            table.AddRow("[grey]held apart[/]", $"{held}{(version.IsWhole ? "" : ", items")}");
        AnsiConsole.Write(new Panel(table));
    }

    private static string Told(object value) => value switch
    {
        DateTimeOffset time => NorwegianTime.Told(time),
        DateOnly day => $"{day:yyyy-MM-dd}",
        Array items => string.Join(", ", items.Cast<object>()),
        _ => value.ToString() ?? "",
    };
}
