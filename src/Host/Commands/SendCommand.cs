using System.CommandLine;
using System.Text.Json;
using Kilde.Host.Composition;
using Kilde.Host.Sending;
using Kilde.Intake.Slash;
using Kilde.Intake.Slash.Client;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Sends a message as an EHR does, and shows the answer.</summary>
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
            Sends a message as an EHR does: fetches a public key, encrypts, gets a DPoP-bound token, posts.
            Ends with 1 when the message is refused.

            Examples:
              kilde send message.json --type HST_Konsultasjon
              kilde send message.json --type HST_Konsultasjon --sender my-unit.json
            """));
        command.Add(sender);
        command.Add(extracted);
        command.SetAction(async (call, cancellation) =>
        {
            if (await message.ReadAsync(call, cancellation) is not { } json) return ExitCodes.WrongCall;
            var day = call.GetValue(extracted) ?? NorwegianTime.Today(TimeProvider.System);
            var outgoing = new OutgoingMessage(
                call.GetRequiredValue(message.Type), call.GetRequiredValue(message.Version), json, day);
            try
            {
                var profile = await FindProfileAsync(call.GetValue(sender), json, cancellation);
                return await SendAsync(profile, outgoing, cancellation);
            }
            catch (SenderProfileException obstacle)
            {
                return await TellAsync(obstacle.Message, ExitCodes.WrongCall);
            }
            catch (TokenRefusedException refusal)
            {
                return await TellAsync(refusal.Message, ExitCodes.Wrong);
            }
            catch (HttpRequestException failure)
            {
                return await TellAsync(
                    $"The receiver or the identity provider does not answer ({failure.Message}). "
                    + "Is 'kilde up' running?",
                    ExitCodes.Failed);
            }
        });
        return command;
    }

    private static async Task<int> SendAsync(
        SenderProfile profile, OutgoingMessage outgoing, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        using var key = ClientKey.FromPem(profile.PrivateKeyPem);
        using var client = profile.Connect(http, key, TimeProvider.System);
        var reply = await client.SendAsync(outgoing, cancellation);

        var console = AnsiConsole.Console;
        console.MarkupLine(reply.Answer.Delivered
            ? $"[green]✓[/] Received from {Markup.Escape(profile.Name)} ({reply.Status})"
            : $"[red]✗[/] Refused ({reply.Status})");
        console.MarkupLine($"  X-Correlation-ID [blue]{reply.CorrelationId}[/]");
        foreach (var error in reply.Answer.Errors)
        {
            console.MarkupLine($"  [red]{error.ErrorCode}[/] {Markup.Escape(error.ErrorMessage)}");
            if (error.ErrorDetails is { } details)
                FindingTable.Write(console, JsonSerializer.Deserialize<List<SlashLocation>>(details) ?? [], "red");
        }

        if (reply.Answer.Warnings is { } warnings) FindingTable.Write(console, warnings, "yellow");
        return reply.Answer.Delivered ? ExitCodes.Done : ExitCodes.Wrong;
    }

    private static async Task<SenderProfile> FindProfileAsync(
        string? given, byte[] json, CancellationToken cancellation)
    {
        if (given is not null && File.Exists(given)) return await SenderProfile.LoadAsync(given, cancellation);
        var unit = given ?? UnitIn(json) ?? throw new SenderProfileException(
            "The message names no orgNr to choose a sender by. Give --sender.");
        return await SenderProfile.LoadAsync(
            Path.Combine(KildeSettings.DataFolder, "senders", unit + ".json"), cancellation);
    }

    // Only to choose a profile; whether the message is sound is the receiver's to say.
    private static string? UnitIn(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.GetArrayLength() > 0
                && document.RootElement[0].TryGetProperty("orgNr", out var unit) ? unit.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<int> TellAsync(string text, int exitCode)
    {
        await Console.Error.WriteLineAsync(text);
        return exitCode;
    }
}
