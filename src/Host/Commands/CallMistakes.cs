using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Kilde.Host.Commands;

/// <summary>Tells what is wrong with a call in a few lines: what, where, and how it is written.</summary>
internal static partial class CallMistakes
{
    /// <summary>True when a group of commands was called with a word that is none of its commands.</summary>
    public static bool IsUnknown(ParseResult call) =>
        call.CommandResult.Command.Action is null && call.UnmatchedTokens.Count > 0;

    public static async Task<int> TellAsync(ParseResult call, TextWriter to)
    {
        if (IsUnknown(call)) await TellUnknownAsync(call, to);
        else foreach (var mistake in call.Errors)
        {
            await to.WriteLineAsync(OwnTypes.Replace(mistake.Message, "").Trim());
            if (Described(mistake.SymbolResult) is { } rule) await to.WriteLineAsync($"  {rule}");
        }

        await to.WriteLineAsync($"'{Path(call.CommandResult)} --help' shows how, with examples.");
        return ExitCodes.WrongCall;
    }

    private static Task TellUnknownAsync(ParseResult call, TextWriter to)
    {
        var known = string.Join(", ", call.CommandResult.Command.Subcommands.Select(one => one.Name));
        return to.WriteLineAsync(
            $"'{Path(call.CommandResult)}' has no command or option '{call.UnmatchedTokens[0]}'. It has: {known}.");
    }

    private static string? Described(SymbolResult? place) => place switch
    {
        OptionResult { Option: { Description: { } text } option } => $"{option.Name}: {text}",
        ArgumentResult { Argument: { Description: { } text } argument, Parent: not OptionResult } =>
            $"<{argument.Name}>: {text}",
        ArgumentResult { Parent: OptionResult parent } => Described(parent),
        _ => null,
    };

    private static string Path(CommandResult command) => command.Parent is CommandResult parent
        ? $"{Path(parent)} {command.Command.Name}"
        : command.Command.Name;

    // The parser names our types; the one who called knows words and days.
    [GeneratedRegex(@" as expected type '[^']*'", RegexOptions.None, 1000)]
    private static partial Regex OwnTypes { get; }
}
