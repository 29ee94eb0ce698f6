using System.CommandLine;
using Kilde.Audit;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>What has come in, and what to do with what was set aside.</summary>
internal static class SubmissionsCommand
{
    private const int RowsDefault = 20;
    private const int RowsMax = 500;

    public static Command Create() => new("submissions", "What has come in.") { List(), Replay() };

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
