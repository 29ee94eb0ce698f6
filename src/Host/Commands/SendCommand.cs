using System.CommandLine;
using System.Text.Json;
using Kilde.Host.Sending;
using Kilde.Intake.Slash;
using Kilde.Intake.Slash.Client;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Sends messages as an EHR does, and shows the answers.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var message = new MessageOptions();
        var sender = new Option<string?>("--sender")
        {
            Description = "Sender profile (a JSON file), or the organisation number of a unit that 'kilde up' made. "
                + "The unit that the message names is taken when left out.",
        };
        var extracted = new Option<DateOnly?>("--extracted-on")
        {
            Description = "The day the data were taken out of the EHR, yyyy-MM-dd. Today when left out.",
        };
        var command = message.AddTo(new Command("send", """
            Sends messages as an EHR does: fetches a public key, encrypts, gets a DPoP-bound token, posts.
            They go in the order given, one after the other. Ends with 1 when any is refused.

            Examples:
              kilde send message.json --type HST_Konsultasjon
              kilde send message.json --type HST_Konsultasjon --sender my-unit.json
              kilde send messages/ --type Basismelding --extracted-on 2026-11-20
            """));
        command.Add(sender);
        command.Add(extracted);
        command.SetAction((call, cancellation) => SendAsync(
            call, message, call.GetValue(sender),
            call.GetValue(extracted) ?? NorwegianTime.Today(TimeProvider.System), cancellation));
        return command;
    }

    private static async Task<int> SendAsync(
        ParseResult call, MessageOptions message, string? sender, DateOnly day, CancellationToken cancellation)
    {
        var (type, version) = (call.GetRequiredValue(message.Type), call.GetRequiredValue(message.Version));
        if (await message.FindFilesAsync(call) is not { } files) return ExitCodes.WrongCall;

        using var clients = new SenderClients(sender);
        var (received, refused) = (0, 0);
        try
        {
            await MessageOptions.ForEachAsync("Sending …", files, async file =>
            {
                var json = await File.ReadAllBytesAsync(file.FullName, cancellation);
                var (profile, client) = await clients.ForAsync(json, cancellation);
                var reply = await client.SendPersistentlyAsync(
                    new OutgoingMessage(type, version, json, day), cancellation);
                if (reply.Answer.Delivered) received++;
                else refused++;
                Tell(reply, files.Count == 1 ? profile.Name : file.Name);
            });
        }
        catch (SenderProfileException obstacle)
        {
            return await StopAsync(obstacle.Message, ExitCodes.WrongCall);
        }
        catch (TokenRefusedException refusal)
        {
            return await StopAsync(refusal.Message, ExitCodes.Wrong);
        }
        catch (HttpRequestException failure)
        {
            return await StopAsync(
                $"The receiver or the identity provider does not answer ({failure.Message}). Is 'kilde up' running?",
                ExitCodes.Failed);
        }

        if (files.Count > 1)
            AnsiConsole.MarkupLine($"Messages: {files.Count}, received: {received}, refused: {refused}.");
        return refused == 0 ? ExitCodes.Done : ExitCodes.Wrong;

        async Task<int> StopAsync(string text, int exitCode)
        {
            await Console.Error.WriteLineAsync(text);
            if (files.Count > 1)
            {
                await Console.Error.WriteLineAsync(
                    $"Stopped at {files[received + refused].FullName}: "
                    + $"{received + refused} of {files.Count} were sent.");
            }

            return exitCode;
        }
    }

    private static void Tell(SlashReply reply, string name)
    {
        var console = AnsiConsole.Console;
        console.MarkupLine(reply.Answer.Delivered
            ? $"[green]✓[/] {Markup.Escape(name)}: received ({reply.Status})"
            : $"[red]✗[/] {Markup.Escape(name)}: refused ({reply.Status})");
        console.MarkupLine($"  X-Correlation-ID [blue]{reply.CorrelationId}[/]");
        foreach (var error in reply.Answer.Errors)
        {
            console.MarkupLine($"  [red]{error.ErrorCode}[/] {Markup.Escape(error.ErrorMessage)}");
            if (error.ErrorDetails is { } details)
                FindingTable.Write(console, JsonSerializer.Deserialize<List<SlashLocation>>(details) ?? [], "red");
        }

        if (reply.Answer.Warnings is { } warnings) FindingTable.Write(console, warnings, "yellow");
    }
}
