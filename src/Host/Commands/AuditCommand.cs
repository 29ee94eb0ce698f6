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
            Ends with 1 when there is any.

            Example:
              kilde audit verify
            """);
        verify.SetAction((_, cancellation) => WithServices.RunAsync(async services =>
        {
            var verifier = services.GetRequiredService<AuditVerifier>();
            var isIntact = true;
            foreach (var store in services.GetServices<AuditStore>())
            {
                var outcome = await AnsiConsole.Status().StartAsync(
                    $"Reading the log of {store.Name} …", _ => verifier.VerifyAsync(store, cancellation));
                Tell(outcome);
                isIntact &= outcome.IsIntact;
            }

            return isIntact ? ExitCodes.Done : ExitCodes.Wrong;
        }));
        return new Command("audit", "The log of every access.") { verify };
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
