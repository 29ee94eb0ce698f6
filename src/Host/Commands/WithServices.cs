using Kilde.Host.Composition;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Host.Commands;

/// <summary>Runs a command that needs the databases, and tells plainly when they cannot be reached.</summary>
internal static class WithServices
{
    public static async Task<int> RunAsync(Func<IServiceProvider, Task<int>> commandAsync)
    {
        try
        {
            await using var services = KildeApplication.CreateServices(KildeSettings.Load());
            return await commandAsync(services);
        }
        catch (OptionsValidationException missing)
        {
            await Console.Error.WriteLineAsync(
                $"The settings are not complete: {string.Join(" ", missing.Failures)} "
                + $"Run 'kilde up' first, or point {KildeSettings.FileVariable} to a settings file.");
            return ExitCodes.WrongCall;
        }
        catch (NpgsqlException failure) when (failure is not PostgresException)
        {
            await Console.Error.WriteLineAsync(
                $"The database does not answer ({failure.Message}). Is 'kilde up' running?");
            return ExitCodes.Failed;
        }
    }
}
