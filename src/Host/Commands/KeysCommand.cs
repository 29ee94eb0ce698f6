using System.CommandLine;
using Kilde.Audit;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Renews keys. What was encrypted before stays readable.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var reason = new Option<string>("--case")
        {
            Description = "The case or routine behind it; it goes into the audit log.",
            DefaultValueFactory = _ => "rutine",
        };
        return new Command("keys", "Keys and their rotation.")
        {
            new Command("rotate", "Makes new keys; older ones stay readable while they are needed.")
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
            stopped anywhere; the worker, or this command again, goes on from there.

            Example:
              kilde keys rotate identity --case RUT-7
            """)
        { reason };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            var rotate = services.GetRequiredService<Kilde.Identity.RotateKeys>();
            var ground = new AccessGround(CommandActor.Current, "Nøkkelbytte", call.GetValue(reason));
            var number = await rotate.BeginAsync(ground, cancellation);
            await AnsiConsole.Status().StartAsync("Re-encrypting the vault …", async _ =>
            {
                while (await rotate.StepAsync(cancellation))
                {
                }
            });
            AnsiConsole.MarkupLine($"[green]✓[/] The vault is encrypted under data key {number}.");
            return ExitCodes.Done;
        }));
        return command;
    }
}
