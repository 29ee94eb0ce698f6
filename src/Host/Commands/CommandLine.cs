using System.CommandLine;
using System.CommandLine.Invocation;
using Kilde.Host.Up;
using Kilde.Platform.Telemetry;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Every command of <c>kilde</c>; <see cref="ExitCodes"/> says what each ends with.</summary>
public static class CommandLine
{
    /// <summary>Set to anything to see where an unexpected failure came from.</summary>
    private const string TraceVariable = "KILDE_TRACE";

    /// <summary>Wide enough that no id is broken over two lines in a file or a pipe.</summary>
    private const int RedirectedColumns = 1_000;

    /// <summary>
    /// Ctrl-C lets what runs finish: a server answers what it has taken in, and databases stop in order.
    /// </summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command; whatever goes wrong is told in a line, not as a stack trace.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (Console.IsOutputRedirected) WritePlainly();
        var call = Create().Parse(arguments);
        foreach (var command in call.CommandResult.Command.Subcommands)
            command.Description = FirstSentence(command.Description ?? "");
        try
        {
            var isTold = call.CommandResult.Command.Action is not null || CallMistakes.IsUnknown(call);
            if (call.Errors.Count > 0 && isTold)
                return await CallMistakes.TellAsync(call, Console.Error);
            var exitCode = await call.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = StopMax,
            });
            return call.Action is ParseErrorAction ? ExitCodes.WrongCall : exitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return ExitCodes.WrongCall;
        }
        catch (Exception exception)
        {
            var failure = QuietException.Of(exception);
            await Console.Error.WriteLineAsync(
                Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 }
                    ? failure.ToString()
                    : $"Kilde failed: {failure.Message} ({exception.GetType().Name}; {TraceVariable}=1 shows where)");
            return ExitCodes.Failed;
        }
    }

    private static void WritePlainly()
    {
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No,
        });
        AnsiConsole.Profile.Width = RedirectedColumns;
    }

    // A command's own help has all of it, with examples; in the list of commands they would drown each other.
    private static string FirstSentence(string description) =>
        description.Split("\n\n")[0].Replace('\n', ' ').Split(". ")[0].TrimEnd('.') + ".";

    public static RootCommand Create() => new("""
        Kilde: one open platform for Norway's health registers KPR and NPR.

        Examples:
          kilde up                                                      start everything, with synthetic data
          kilde synthesize --type HST_Konsultasjon --out message.json   make a message
          kilde send message.json --type HST_Konsultasjon               send it as an EHR does
          kilde COMMAND --help                                          help, with examples

        Exit codes: 0 done; 1 done, and something is wrong with what was given; 2 the call or the settings are wrong;
        3 a failure of ours, or of something we stand on; 130 stopped before it was done.
        """)
    {
        UpCommand.Create(),
        ServeCommand.Create(),
        MigrateCommand.Create(),
        SendCommand.Create(),
        ValidateCommand.Create(),
        CompareCommand.Create(),
        FindingsCommand.Create(),
        ReturnCommand.Create(),
        IngestCommand.Create(),
        SynthesizeCommand.Create(),
        DefinitionsCommand.Create(),
        SubmissionsCommand.Create(),
        RegisterCommand.Create(),
        QualityCommand.Create(),
        PersonsCommand.Create(),
        KeysCommand.Create(),
        PartiesCommand.Create(),
        BusCommand.Create(),
        AuditCommand.Create(),
    };
}
