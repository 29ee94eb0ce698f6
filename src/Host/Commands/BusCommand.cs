using System.CommandLine;
using Kilde.Host.Composition;
using Kilde.Host.Up;
using Kilde.Intake.Bus.Client;
using Kilde.Intake.Headers;
using Kilde.Intake.Parties;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>The message bus as a sender sees it: for trying out, with the senders that 'kilde up --bus' made.</summary>
internal static class BusCommand
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookEach = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("file")
        {
            Description = "Messages in a MsgHead 1.2; the header names sender and receiver.",
            Arity = ArgumentArity.OneOrMore,
        };
        files.AcceptExistingOnly();
        var wait = new Option<bool>("--wait") { Description = "Wait for the answer to each message, and show it." };
        var send = new Command("send", """
            Signs, encrypts and sends messages over the bus as a hospital does. Ends with 1 when any is rejected.

            Examples:
              kilde synthesize hospital --size 1MB --wrap --out trust/
              kilde bus send trust/*.xml --wait
            """)
        { files, wait };
        send.SetAction((call, cancellation) => WithServices.RunAsync(services => SendAsync(
            services, call.GetRequiredValue(files), call.GetValue(wait), cancellation)));
        return new Command("bus", """
            The message bus, seen from a sender.

            Example:
              kilde bus send trust/*.xml --wait
            """)
        { send };
    }

    private static async Task<int> SendAsync(
        IServiceProvider services, FileInfo[] files, bool waits, CancellationToken cancellation)
    {
        var settings = services.GetRequiredService<IConfiguration>();
        if (settings["Bus:Address"] is not { Length: > 0 } address)
            return await ExitCodes.RefuseAsync("The settings tell of no bus. Start by 'kilde up --bus'.");

        var isWell = true;
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file.FullName, cancellation);
            var exitCode = await SendAsync(services, new Uri(address), file.Name, bytes, waits, cancellation);
            if (exitCode == ExitCodes.WrongCall) return exitCode;
            isWell &= exitCode == ExitCodes.Done;
        }

        return isWell ? ExitCodes.Done : ExitCodes.Wrong;
    }

    private static async Task<int> SendAsync(
        IServiceProvider services, Uri address, string name, byte[] message, bool waits,
        CancellationToken cancellation)
    {
        var (clock, parties) = (
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<PartyRegister>());
        if (await OutgoingHead.ReadAsync(message, cancellation) is not { } head)
            return await ExitCodes.RefuseAsync($"{name} has no MsgHead with a sender and a receiver.");
        if (await parties.FindAsync(head.Receiver, cancellation) is not { } receiver)
            return await ExitCodes.RefuseAsync($"{name}: nobody here has the HER-id {head.Receiver}.");
        var folder = BusSenders.FolderIn(KildeSettings.DataFolder);
        if (await BusSenders.FindAsync(parties, head.Sender, folder, cancellation) is not { } sender)
            return await ExitCodes.RefuseAsync($"{name}: there is no key of the sender {head.Sender} on this machine.");

        await using var client = await BusClient.ConnectAsync(address, sender, clock, cancellation);
        await client.SendAsync(receiver, head.Function, message, cancellation);
        AnsiConsole.MarkupLine(
            $"[green]✓[/] {Markup.Escape(name)}: sent to [blue]{head.Receiver}_async[/], message id {head.MessageId}");
        return !waits || await WaitAsync(client, receiver, head.MessageId, clock, cancellation)
            ? ExitCodes.Done
            : ExitCodes.Wrong;
    }

    private static async Task<bool> WaitAsync(
        BusClient client, RegisteredParty receiver, string messageId, TimeProvider clock,
        CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < AnswerMax)
        {
            switch (await client.ReadAsync(receiver, cancellation))
            {
                case BusAnswer.Receipt receipt when receipt.Content.Answers.MessageId == messageId:
                    Tell(receipt.Content);
                    return receipt.Content.Status != AppRecStatus.Rejected;
                case BusAnswer.NotReceived fault:
                    AnsiConsole.MarkupLine(
                        $"  [red]not received[/]: {Markup.Escape(fault.Condition)} {Markup.Escape(fault.Text)}");
                    return false;
                case null:
                    await Task.Delay(LookEach, cancellation);
                    break;
            }
        }

        AnsiConsole.MarkupLine("  [red]no answer[/]. Is 'kilde up --bus' running?");
        return false;
    }

    private static void Tell(ApplicationReceipt receipt)
    {
        var (colour, text) = receipt.Status switch
        {
            AppRecStatus.Ok => ("green", "OK"),
            AppRecStatus.Rejected => ("red", "rejected"),
            _ => ("yellow", "OK, with errors"),
        };
        AnsiConsole.MarkupLine($"  AppRec: [{colour}]{text}[/]");
        foreach (var error in receipt.Errors)
            AnsiConsole.MarkupLine($"    [blue]{error.Code}[/] {Markup.Escape(error.Detail ?? error.Title)}");
    }
}
