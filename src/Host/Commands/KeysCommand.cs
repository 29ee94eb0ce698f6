using System.CommandLine;
using Kilde.Audit;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Renews keys. What was encrypted before stays readable.</summary>
internal static class KeysCommand
{
    // The walk is told in parts of a million; the keys it goes by are too large to be multiplied.
    private const long WalkedUnit = long.MaxValue / 1_000_000;

    public static Command Create()
    {
        var reason = new Option<string>("--case")
        {
            Description = "The case or routine behind it; it goes into the audit log.",
            DefaultValueFactory = _ => "rutine",
        };
        return new Command("keys", """
            Keys and their rotation.

            Examples:
              kilde keys rotate intake
              kilde keys rotate identity --case RUT-7
            """)
        {
            new Command("rotate", """
                Makes new keys; older ones stay readable while they are needed.

                Examples:
                  kilde keys rotate intake
                  kilde keys rotate identity --case RUT-7
                """)
            {
                Intake(), Identity(reason),
            },
        };
    }

    private static Command Intake()
    {
        var command = new Command("intake", """
            Publishes a new key pair for senders. Messages under the older ones decrypt until those expire.

            Example:
              kilde keys rotate intake
            """);
        command.SetAction((_, cancellation) => WithServices.RunAsync(async services =>
        {
            await services.GetRequiredService<Intake.Slash.Keys.RotateKeys>().RotateAsync(cancellation);
            AnsiConsole.MarkupLine("[green]✓[/] A new key pair is published.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Identity(Option<string> reason)
    {
        var command = new Command("identity", """
            Makes a new key-encryption key and data key for the vault, and re-encrypts every identifier. It can be
            stopped anywhere; the worker goes on from there. Run again, it makes yet another key.

            Example:
              kilde keys rotate identity --case RUT-7
            """)
        { reason };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var rotate = services.GetRequiredService<Kilde.Identity.RotateKeys>();
            var ground = new AccessGround(CommandActor.Current, "Nøkkelbytte", call.GetValue(reason));
            var number = await rotate.BeginAsync(ground, cancellation);
            await ReencryptAsync(rotate, cancellation);
            AnsiConsole.MarkupLine($"[green]✓[/] The vault is encrypted under data key {number}.");
            return ExitCodes.Done;
        }));
        return command;
    }

    // A worker may be at it too: what is told is how far the vault has come, and not what was done here.
    private static Task<bool> ReencryptAsync(Kilde.Identity.RotateKeys rotate, CancellationToken cancellation) =>
        ProgressReport.Current.RunAsync("Re-encrypting the vault …", async report =>
        {
            while (await rotate.StepAsync(cancellation))
                report(await rotate.WalkedAsync(cancellation) / WalkedUnit, long.MaxValue / WalkedUnit);
            return true;
        });
}
