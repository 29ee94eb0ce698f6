using Kilde.Definitions.Compiling;
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
            var why = File.Exists(KildeSettings.File)
                ? $"The settings in {KildeSettings.File} are not complete: {string.Join(" ", missing.Failures)}"
                : $"There are no settings: no file {KildeSettings.File}.";
            return await ExitCodes.RefuseAsync(
                $"{why} Run 'kilde up' first, or point {KildeSettings.FileVariable} to a settings file.");
        }
        catch (DefinitionException wrong)
        {
            return await ExitCodes.RefuseAsync(string.Join(Environment.NewLine, wrong.Mistakes));
        }
        catch (PostgresException refusal) when (refusal.SqlState is
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedTable)
        {
            await Console.Error.WriteLineAsync(
                $"The database refuses: {refusal.MessageText}. Do the settings in {KildeSettings.File} fit it, "
                + "and has 'kilde migrate' been run?");
            return ExitCodes.Failed;
        }
        catch (NpgsqlException failure) when (failure is not PostgresException)
        {
            await Console.Error.WriteLineAsync(
                $"The database does not answer ({failure.Message}). Is 'kilde up' running?");
            return ExitCodes.Failed;
        }
    }
}
