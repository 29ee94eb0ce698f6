using System.CommandLine;
using Kilde.Audit;
using Kilde.Audit.Verification;
using Kilde.Host.Composition;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Verifies the audit logs: every entry altered, removed, reordered or inserted is named.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var verify = new Command("verify", """
            Reads both audit logs from end to end and names every entry that was altered, removed, moved or inserted.
            Ends with 1 when there is any. That you did it goes into the log, and shows in the portal as last verified.

            Example:
              kilde audit verify
            """);
        verify.SetAction((_, cancellation) => WithServices.RunAsync(async services =>
        {
            var verify = services.GetRequiredService<VerifyLog>();
            var isIntact = true;
            foreach (var store in services.GetServices<AuditStore>())
            {
                var outcome = await ProgressReport.Current.RunAsync(
                    $"Reading the log of {store.Name} …", report => verify.HandleAsync(
                        store, CommandActor.Current, report, cancellation));
                Tell(outcome);
                isIntact &= outcome.IsIntact;
            }

            return isIntact ? ExitCodes.Done : ExitCodes.Wrong;
        }));
        return new Command("audit", """
            The log of every access.

            Example:
              kilde audit verify
            """)
        { verify };
    }

    private static void Tell(AuditVerification outcome)
    {
        AnsiConsole.MarkupLine(outcome.IsIntact
            ? $"[green]✓[/] {outcome.Log}: {outcome.Entries} entries, {outcome.Checkpoints} checkpoints, intact"
            : $"[red]✗[/] {outcome.Log}: {outcome.Entries} entries, {outcome.Checkpoints} checkpoints, tampered with");
        foreach (var finding in outcome.Findings)
        {
            AnsiConsole.MarkupLine(
                $"  [red]{finding.Kind}[/] {Markup.Escape(finding.Chain)} {finding.SequenceNo}  "
                + Markup.Escape(finding.Text));
        }

        if (!outcome.IsComplete) AnsiConsole.MarkupLine("  [red]… and more.[/]");
    }
}
