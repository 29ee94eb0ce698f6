using System.CommandLine;
using Kilde.Audit;
using Kilde.Identity.Linking;
using Kilde.Kernel;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Staff's decisions on who is who, by person key; no command shows a number in clear text.</summary>
internal static class PersonsCommand
{
    private static readonly Option<string> Case = new("--case")
    {
        Description = "Case reference; it goes into the audit log.",
        Required = true,
    };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why; it goes into the audit log.",
        Required = true,
    };

    public static Command Create() => new("persons", """
        Who is who, by person key.

        Examples:
          kilde persons candidates
          kilde persons merge 5512345678901 7712345678902 --case SAK-12 --reason "D-nummer ble fødselsnummer"
        """)
    {
        List(), Merge(), Split(),
    };

    private static Command List()
    {
        var command = new Command("candidates", """
            Lists pairs of persons that a record says are one, and that wait for a decision.

            Example:
              kilde persons candidates
            """);
        command.SetAction((_, cancellation) => WithServices.RunAsync(async services =>
        {
            var candidates = await services.GetRequiredService<LinkCandidates>().ListAsync(cancellation);
            foreach (var pair in candidates)
                Console.WriteLine(
                    $"{pair.PersonKey.Value} {pair.OtherPersonKey.Value} {pair.Basis} {pair.FirstSeenAt:yyyy-MM-dd}");
            if (candidates.Count == 0) Console.WriteLine("No pair waits for a decision.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Merge()
    {
        var from = new Argument<long>("from") { Description = "The person key that is emptied." };
        var into = new Argument<long>("into") { Description = "The person key that takes over." };
        var command = new Command("merge", """
            Merges two persons found to be one: all identifiers of the first go to the second. Can be undone by split.

            Example:
              kilde persons merge 5512345678901 7712345678902 --case SAK-12 --reason "D-nummer ble fødselsnummer"
            """)
        { from, into, Case, Reason };
        command.SetAction((call, cancellation) => DecideAsync(call, async (services, ground) =>
        {
            var moved = await services.GetRequiredService<LinkPersons>().MergeAsync(
                new PersonKey(call.GetValue(from)), new PersonKey(call.GetValue(into)), ground,
                call.GetRequiredValue(Reason), cancellation);
            return $"{moved} identifiers moved; their records follow.";
        }));
        return command;
    }

    private static Command Split()
    {
        var identifiers = new Argument<long[]>("identifier") { Description = "The identifier keys that leave." };
        var command = new Command("split", """
            Gives identifiers that were wrongly merged a person of their own again; their records follow.

            Example:
              kilde persons split 6612345678903 --case SAK-13 --reason "Feil sammenslåing"
            """)
        { identifiers, Case, Reason };
        command.SetAction((call, cancellation) => DecideAsync(call, async (services, ground) =>
        {
            var person = await services.GetRequiredService<LinkPersons>().SplitAsync(
                [.. call.GetRequiredValue(identifiers).Select(key => new IdentifierKey(key))], ground,
                call.GetRequiredValue(Reason), cancellation);
            return $"The new person has key {person.Value}.";
        }));
        return command;
    }

    private static Task<int> DecideAsync(
        ParseResult call, Func<IServiceProvider, AccessGround, Task<string>> decideAsync) =>
        WithServices.RunAsync(async services =>
        {
            var ground = new AccessGround(CommandActor.Current, "Sammenslåing av personer", call.GetValue(Case));
            try
            {
                AnsiConsole.WriteLine(await decideAsync(services, ground));
                return ExitCodes.Done;
            }
            catch (ArgumentException refusal)
            {
                // The parameter that the exception adds is ours, not the caller's.
                await Console.Error.WriteLineAsync(refusal.Message.Split(" (Parameter")[0]);
                return ExitCodes.Wrong;
            }
        });
}
