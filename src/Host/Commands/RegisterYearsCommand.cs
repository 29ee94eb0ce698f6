using System.CommandLine;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Register.Chains;
using Kilde.Register.Periods;
using Kilde.Register.Persons;

namespace Kilde.Host.Commands;

/// <summary>What is wrong with units' years: excluded from statistics, half of it missing, persons unknown.</summary>
internal static class RegisterYearsCommand
{
    private static readonly Argument<string> Sender = new("sender")
    {
        Description = "The unit as it names itself; most often its organisation number.",
    };

    private static readonly Argument<int> Year = new("year") { Description = "The data year, for example 2026." };

    private static readonly Option<string?> Type = new("--type")
    {
        Description = "One message type; without it, everything the unit has reported of the year.",
    };

    private static readonly Option<string> Reason = new("--reason") { Description = "Why.", Required = true };

    private static readonly Option<string> Purpose = new("--purpose")
    {
        Description = "What you do it for; it goes into the audit log.",
        DefaultValueFactory = _ => "Kvalitetssikring av innrapportering",
    };

    private static readonly Option<string?> Case = new("--case") { Description = "Case reference, if there is one." };

    public static IEnumerable<Command> CreateAll() =>
        [Exclude(), Lift(), Exclusions(), EndOfShare(), Missing(), Holes(), Unknown()];

    private static Command Exclude()
    {
        var rule = new Option<string>("--rule") { Description = "The rule it breaks.", Required = true };
        var command = new Command("exclude", """
            Marks a unit's year as excluded from statistics. The data stay; what is published shows the mark.

            Example:
              kilde register exclude 312345679 2026 --rule R3.05 --reason "Under halvparten av episodene er meldt"
            """)
        { Sender, Year, Type, rule, Reason, Purpose, Case };
        command.SetAction((call, cancellation) => WithYearAsync(call, async (services, year) =>
        {
            var id = await services.GetRequiredService<ExcludeFromStatistics>().MarkAsync(
                call.GetRequiredValue(Sender), year, call.GetValue(Type), call.GetRequiredValue(rule),
                call.GetRequiredValue(Reason), GroundOf(call), cancellation);
            return id is null ? "It is excluded already." : "Excluded from statistics.";
        }));
        return command;
    }

    private static Command Lift()
    {
        var command = new Command("lift", """
            Lifts the mark of a unit's year. That it was marked stays on record.

            Example:
              kilde register lift 312345679 2026 --reason "Ny og hel fil er kommet"
            """)
        { Sender, Year, Type, Reason, Purpose, Case };
        command.SetAction((call, cancellation) => WithYearAsync(call, async (services, year) =>
            await services.GetRequiredService<ExcludeFromStatistics>().LiftAsync(
                call.GetRequiredValue(Sender), year, call.GetValue(Type), call.GetRequiredValue(Reason),
                GroundOf(call), cancellation)
                ? "The mark is lifted."
                : "There is no such mark in force."));
        return command;
    }

    private static Command EndOfShare()
    {
        var share = new Option<string>("--share")
        {
            Description = "The urban district, for example 01.", Required = true,
        };
        var type = new Option<string>("--type")
        {
            Description = "The message type.", DefaultValueFactory = _ => "KPR_IPLOS",
        };
        var command = new Command("end-share", """
            Ends what one urban district has sent of a year, when its municipality has gone over to one file for all.
            The records keep their history. A file that the district extracts later is taken as any other.

            Example:
              kilde register end-share 0301 2025 --share 01 --reason "Kommunen sender én fil"
            """)
        { Sender, Year, share, type, Reason, Purpose, Case };
        command.SetAction((call, cancellation) => WithYearAsync(call, async (services, year) =>
            await services.GetRequiredService<EndShare>().EndAsync(
                call.GetRequiredValue(Sender), call.GetRequiredValue(type), year, call.GetRequiredValue(share),
                call.GetRequiredValue(Reason), GroundOf(call), cancellation) is { } ended
                ? $"{ended} records have ended."
                : "There is no such year of the district."));
        return command;
    }

    private static Command Exclusions()
    {
        var all = new Option<bool>("--all") { Description = "Those that are lifted too." };
        var command = new Command("exclusions", """
            Lists units' years that are excluded from statistics.

            Example:
              kilde register exclusions --all
            """)
        { all };
        command.SetAction((call, cancellation) => ListAsync(
            async services => await services.GetRequiredService<ExcludeFromStatistics>().ListAsync(
                year: null, call.GetValue(all), cancellation),
            mark => $"{mark.Sender} {mark.DataYear} {mark.MessageType ?? "alt"} {mark.Rule}: {mark.Reason}"
                + (mark.LiftedAt is { } at ? $" (lifted {at:yyyy-MM-dd}: {mark.LiftedReason})" : ""),
            "Nothing is excluded."));
        return command;
    }

    private static Command Missing()
    {
        var command = new Command("missing", """
            Lists units' years of which activity or identity has come without the other.

            Example:
              kilde register missing
            """);
        command.SetAction((_, cancellation) => ListAsync(
            async services => await services.GetRequiredService<FindMissingHalves>().FindAsync(null, cancellation),
            half => $"{half.Sender} {half.Year} {(half.IsIdentityMissing ? "identity" : "activity")} is missing; "
                + $"has sent {string.Join(", ", half.Sent)}, extracted {half.ExtractedOn:yyyy-MM-dd}",
            "No half is missing."));
        return command;
    }

    private static Command Holes()
    {
        var sender = new Option<string?>("--sender") { Description = "One unit, as it names itself; else all." };
        var command = new Command("holes", """
            Lists holes in chains of notifications, and what closes each. A hole is gone when what was missing has come.

            Example:
              kilde register holes --sender 5001
            """)
        { sender };
        command.SetAction((call, cancellation) => ListAsync(
            async services => await services.GetRequiredService<FindChainHoles>().FindAsync(
                call.GetValue(sender), cancellation),
            hole => $"{hole.Sender} {hole.MessageType} nr. {hole.Serial} {ChainRule.Of(hole.Kind).Id} "
                + $"{ChainRule.Of(hole.Kind).Text.Nb} {ChainRule.WhatToSend(hole)}",
            "Every chain is whole."));
        return command;
    }

    private static Command Unknown()
    {
        var command = new Command("unknown", """
            Counts the activity whose person is not known, by unit.

            Example:
              kilde register unknown
            """);
        command.SetAction((_, cancellation) => ListAsync(
            async services => await services.GetRequiredService<CountUnknownPersons>().CountAsync(cancellation),
            count => $"{count.Sender} {count.Table}: {count.Unknown} of {count.Records} ({count.Share:P1})",
            "All activity has a known person."));
        return command;
    }

    private static AccessGround GroundOf(ParseResult call) =>
        new(CommandActor.Current, call.GetRequiredValue(Purpose), call.GetValue(Case));

    private static Task<int> WithYearAsync(
        ParseResult call, Func<IServiceProvider, DataYear, Task<string>> actAsync) =>
        WithServices.RunAsync(async services =>
        {
            if (!DataYear.TryFrom(call.GetValue(Year), out var year))
                return await ExitCodes.RefuseAsync("The year is no data year: 1980 to 2099.");

            try
            {
                Console.WriteLine(await actAsync(services, year));
                return ExitCodes.Done;
            }
            catch (ArgumentException wrong)
            {
                return await ExitCodes.RefuseAsync(wrong.Message);
            }
        });

    private static Task<int> ListAsync<T>(
        Func<IServiceProvider, Task<IReadOnlyList<T>>> readAsync, Func<T, string> tell, string none) =>
        WithServices.RunAsync(async services =>
        {
            var items = await readAsync(services);
            foreach (var item in items) Console.WriteLine(tell(item));
            if (items.Count == 0) Console.WriteLine(none);
            return ExitCodes.Done;
        });
}
