using System.CommandLine;
using Kilde.Host.Commands;
using Kilde.Host.Composition;
using Spectre.Console;

namespace Kilde.Host.Up;

/// <summary>
/// Everything with one command: servers, databases, keys, synthetic senders, one day of messages, the portal.
/// </summary>
internal static class UpCommand
{
    private const int PortDefault = 5080;
    private const int PortMax = 65_535 - 1; // The identity provider takes the next one.

    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "Port of the portal and the API, on this machine only.",
            DefaultValueFactory = _ => PortDefault,
        };
        port.Validators.Add(given =>
        {
            if (given.GetValue(port) is < 1 or > PortMax) given.AddError($"The port is a number from 1 to {PortMax}.");
        });
        var bus = new Option<bool>("--bus")
        {
            Description = "A message bus too: starts RabbitMQ, or uses the one that KILDE_RABBITMQ points to.",
        };
        var command = new Command("up", """
            Starts everything on this machine: PostgreSQL, the test identity provider, and Kilde with synthetic data.
            Data are kept in ./data (or KILDE_DATA); the next start goes on where you left. Ctrl-C stops it.

            Examples:
              kilde up
              kilde up --port 8080
              kilde up --bus
              KILDE_POSTGRES='Host=db;Username=postgres;Password=…' kilde up
            """)
        { port, bus };
        command.SetAction(async (call, cancellation) =>
        {
            var steps = new Steps(AnsiConsole.Console);
            try
            {
                await RunAsync(call.GetValue(port), call.GetValue(bus), steps, cancellation);
                return ExitCodes.Done;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return ExitCodes.Done;
            }
            catch (UpException obstacle)
            {
                steps.Console.MarkupLine($"[red]✗[/] {Markup.Escape(obstacle.Message)}");
                return ExitCodes.Failed;
            }
        });
        return command;
    }

    private static async Task RunAsync(int port, bool hasBus, Steps steps, CancellationToken cancellation)
    {
        using var alone = UpLock.Take(KildeSettings.DataFolder);
        await using var site = await LocalSite.StartAsync(port, hasBus, steps, cancellation);
        Welcome(site, steps.Console);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            steps.Console.WriteLine();
            steps.Console.MarkupLine("[grey]Stopping …[/]");
        }
    }

    private static void Welcome(LocalSite site, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("");
        table.AddRow("Portal", $"[link]{site.Url}[/]   sign in and choose who you are");
        table.AddRow("API", $"{site.Url}/keys, /message, /validate, /connection-test");
        table.AddRow("Identity provider", site.Issuer);
        if (site.BusTold is { } bus) table.AddRow("Message bus", Markup.Escape(bus));
        table.AddRow("Databases", Markup.Escape(site.DatabasesTold));
        table.AddRow("Data", Markup.Escape(KildeSettings.DataFolder));
        console.WriteLine();
        console.Write(new Panel(table).Header(" Kilde is running ").BorderColor(Color.Green));
        console.MarkupLine("""

            Try, in another terminal:
              [blue]./kilde synthesize --type HST_Konsultasjon --messages 1 --out message.json[/]
              [blue]./kilde validate message.json --type HST_Konsultasjon[/]
              [blue]./kilde send message.json --type HST_Konsultasjon[/]
              [blue]./kilde audit verify[/]
            """);
        if (site.BusTold is not null)
            console.MarkupLine("""
                  [blue]./kilde synthesize hospital --trust Finnmark --size 1MB --wrap --out trust/[/]
                  [blue]./kilde bus send trust/ide*.xml trust/ord*.xml --wait[/]
                """);
        console.MarkupLine("""

            [grey]Ctrl-C stops everything; the data stay.[/]
            """);
    }
}
