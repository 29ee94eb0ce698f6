using System.CommandLine;
using Kilde.Host.Composition;

namespace Kilde.Host.Commands;

/// <summary>Runs one or more roles on this machine until stopped.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var roles = new Option<KildeRoles>("--roles")
        {
            Description = "What this process does, with commas between: intake, worker, portal.",
            DefaultValueFactory = _ => KildeRoles.All,
        };
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen, for example http://127.0.0.1:5080.",
            DefaultValueFactory = _ => "http://127.0.0.1:5080",
        };
        var command = new Command("serve", """
            Runs one or more roles until stopped. Databases, keys and issuers come from the settings.

            Examples:
              kilde serve --roles intake --urls http://0.0.0.0:8080
              kilde serve --roles worker
            """)
        { roles, urls };
        command.SetAction(async (call, cancellation) =>
        {
            await using var application =
                KildeApplication.Create(KildeSettings.Load(), call.GetValue(roles));
            application.Urls.Add(call.GetValue(urls)!);
            await application.StartAsync(cancellation);
            await application.WaitForShutdownAsync(cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
