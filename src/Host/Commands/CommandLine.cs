using System.CommandLine;
using Kilde.Host.Up;

namespace Kilde.Host.Commands;

/// <summary>Every command of <c>kilde</c>; <see cref="ExitCodes"/> says what each ends with.</summary>
public static class CommandLine
{
    public static RootCommand Create() => new("""
        Kilde: one open platform for Norway's health registers KPR and NPR.

        Examples:
          kilde up                                                      start everything, with synthetic data
          kilde synthesize --type HST_Konsultasjon --out message.json   make a message
          kilde send message.json --type HST_Konsultasjon               send it as an EHR does
          kilde COMMAND --help                                          help, with examples
        """)
    {
        UpCommand.Create(),
        ServeCommand.Create(),
        MigrateCommand.Create(),
        SendCommand.Create(),
        ValidateCommand.Create(),
        SynthesizeCommand.Create(),
        DefinitionsCommand.Create(),
        SubmissionsCommand.Create(),
        RegisterCommand.Create(),
        PersonsCommand.Create(),
        KeysCommand.Create(),
        AuditCommand.Create(),
    };
}
