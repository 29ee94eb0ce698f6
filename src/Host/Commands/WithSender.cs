using System.CommandLine;
using Kilde.Host.Sending;
using Kilde.Intake.Slash.Client;

namespace Kilde.Host.Commands;

/// <summary>Runs a command that asks the receiver as a sender, and tells plainly when it cannot.</summary>
internal static class WithSender
{
    /// <summary>The sender of a command that has no message to find one in.</summary>
    public static Option<string> NewOption() => new("--sender")
    {
        Description = "Sender profile (a JSON file), or the organisation number of a unit that 'kilde up' made.",
        Required = true,
    };

    /// <param name="sender">As <see cref="NewOption"/> gives it.</param>
    public static Task<int> RunAsync(
        string sender, Func<SenderProfile, SlashClient, Task<int>> commandAsync, CancellationToken cancellation) =>
        RunAsync(sender, [], commandAsync, cancellation);

    /// <param name="sender">As <see cref="SenderClients"/> takes it.</param>
    /// <param name="message">What a sender is chosen by when none is given.</param>
    public static async Task<int> RunAsync(
        string? sender, byte[] message, Func<SenderProfile, SlashClient, Task<int>> commandAsync,
        CancellationToken cancellation)
    {
        using var clients = new SenderClients(sender);
        try
        {
            var (profile, client) = await clients.ForAsync(message, cancellation);
            return await commandAsync(profile, client);
        }
        catch (SenderProfileException obstacle)
        {
            await Console.Error.WriteLineAsync(obstacle.Message);
            return ExitCodes.WrongCall;
        }
        catch (Exception refusal) when (refusal is TokenRefusedException or QuestionRefusedException { Status: < 500 })
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return ExitCodes.Wrong;
        }
        catch (HttpRequestException failure)
        {
            await Console.Error.WriteLineAsync(
                $"The receiver or the identity provider does not answer ({failure.Message}). Is 'kilde up' running?");
            return ExitCodes.Failed;
        }
    }
}
