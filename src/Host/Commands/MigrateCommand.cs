using System.CommandLine;
using Kilde.Host.Composition;
using Kilde.Platform.Databases;

namespace Kilde.Host.Commands;

/// <summary>Brings databases and record tables up to this version. Safe to run again, and from several nodes.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", """
            Brings both databases and the record tables up to this version and its definitions. Safe to run again.

            Needs the owners' connections: Platform__RegisterOwnerConnection and Platform__IdentityOwnerConnection.

            Example:
              kilde migrate
            """);
        command.SetAction(async (_, cancellation) =>
        {
            var settings = KildeSettings.Load();
            if (settings["Platform:RegisterOwnerConnection"] is not { } register
                || settings["Platform:IdentityOwnerConnection"] is not { } identity)
            {
                await Console.Error.WriteLineAsync(
                    "The owners' connections are missing: set Platform__RegisterOwnerConnection and "
                    + "Platform__IdentityOwnerConnection, or run kilde up first.");
                return ExitCodes.WrongCall;
            }

            try
            {
                var applied = await DatabaseMigrations.ApplyAsync(register, identity, cancellation);
                await using var services = KildeApplication.CreateServices(settings);
                await KildeApplication.EnsureTablesAsync(services, register, cancellation);
                Console.WriteLine($"{applied} migrations applied; the record tables agree with the definitions.");
                return ExitCodes.Done;
            }
            catch (MigrationException refusal)
            {
                await Console.Error.WriteLineAsync(refusal.Message);
                return ExitCodes.Wrong;
            }
        });
        return command;
    }
}
