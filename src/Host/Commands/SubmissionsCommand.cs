using System.CommandLine;
using Kilde.Audit;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Kilde.Intake.Silence;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>What has come in, and what to do with what was set aside.</summary>
internal static class SubmissionsCommand
{
    private const int RowsDefault = 20;
    private const int RowsMax = 500;

    public static Command Create() => new("submissions", """
        What has come in, and what to do with what was set aside.

        Examples:
          kilde submissions list
          kilde submissions silent
        """)
    {
        List(), Silent(), Replay(),
    };

    private static Command List()
    {
        var state = new Option<SubmissionState?>("--state") { Description = "Only those in this state." };
        var rows = new Option<int>("--rows")
        {
            Description = $"How many, 1 to {RowsMax}, newest first.",
            DefaultValueFactory = _ => RowsDefault,
        };
        var command = new Command("list", """
            Lists submissions, newest first.

            Examples:
              kilde submissions list
              kilde submissions list --state setaside
            """)
        { state, rows };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var page = await services.GetRequiredService<FindSubmissions>().FindAsync(
                new SubmissionFilter(call.GetValue(state)), after: null,
                Math.Clamp(call.GetValue(rows), 1, RowsMax), cancellation);
            var table = new Table().Border(TableBorder.Minimal)
                .AddColumns("Received", "State", "Unit", "Type", "Records", "Submission");
            foreach (var found in page.Submissions)
            {
                table.AddRow(
                    NorwegianTime.Told(found.ReceivedAt), $"{found.State}",
                    Markup.Escape($"{found.Unit}"), Markup.Escape($"{found.MessageType}"), $"{found.RecordCount}",
                    $"{found.SubmissionId}");
            }

            if (page.Submissions.Count == 0) AnsiConsole.WriteLine("No submissions.");
            else AnsiConsole.Write(table);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Silent()
    {
        var command = new Command("silent", """
            Lists feeds that are silent against their own rhythm, bring less than they do, or lack what the sender has
            told that it has, or what a chain names. Ends with 1 when any is.

            Example:
              kilde submissions silent
            """);
        command.SetAction((_, cancellation) => WithServices.RunAsync(async services =>
        {
            var silences = await services.GetRequiredService<FindSilences>().FindAsync(units: null, cancellation);
            var table = new Table().Border(TableBorder.Minimal)
                .AddColumns("Since", "Unit", "Type", "Expected", "Got", "By chance");
            foreach (var one in silences)
            {
                table.AddRow(
                    NorwegianTime.Told(one.Since), $"{one.Unit} {Markup.Escape(one.UnitName ?? "")}",
                    Markup.Escape(one.MessageType), one.Lack is null ? $"{Math.Round(one.Expected)}" : "",
                    one.Lack is null ? $"{one.Got}" : $"{one.Lacking} missing", one.Lack switch
                    {
                        LackCause.Told => "no: told by the sender",
                        LackCause.Chain => "no: hole in the chain",
                        _ => $"1 in {one.OneIn}",
                    });
            }

            if (silences.Count == 0) AnsiConsole.WriteLine("No feed is silent.");
            else AnsiConsole.Write(table);
            return silences.Count == 0 ? ExitCodes.Done : ExitCodes.Wrong;
        }));
        return command;
    }

    private static Command Replay()
    {
        var id = new Argument<Guid>("submission") { Description = "The submission's id." };
        var reason = new Option<string>("--case")
        {
            Description = "The case or change that mended the cause; it goes into the audit log.",
            Required = true,
        };
        var command = new Command("replay", """
            Puts a submission that was set aside back into its queue, after its cause has been mended.

            Example:
              kilde submissions replay 0199b0f2-6f0e-7c3a-9a59-0f4c2b7c1a10 --case ENDRING-42
            """)
        { id, reason };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var ground = new AccessGround(
                CommandActor.Current, "Ny behandling etter retting",
                call.GetRequiredValue(reason));
            var outcome = await services.GetRequiredService<ReplaySubmission>()
                .ReplayAsync(call.GetValue(id), ground, cancellation);
            AnsiConsole.WriteLine(outcome switch
            {
                ReplayOutcome.Queued => "Back in its queue.",
                ReplayOutcome.NotFound => "There is no such submission.",
                ReplayOutcome.NotSetAside => "The submission is not set aside.",
                _ => "Its payload has been removed; the sender must send it again.",
            });
            return outcome == ReplayOutcome.Queued ? ExitCodes.Done : ExitCodes.Wrong;
        }));
        return command;
    }
}
