using System.CommandLine;
using Kilde.Intake.Slash.Client;
using Kilde.Intake.Slash.Returning;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Orders that a sender's own records are made ready every month, and fetches them.</summary>
internal static class StandingReturnCommand
{
    private static readonly Option<string> Sender = WithSender.NewOption();

    public static Command Create() => new("standing", """
        A sender's own records, made ready every month: what stands, what lies ready, and when the next one comes.

        Examples:
          kilde return standing list --sender 312345679
          kilde return standing order kpr HST --sender 312345679 --email ehr@example.no
        """)
    {
        List(), Order(), Withdraw(), Resume(), Fetch(),
    };

    private static Command List()
    {
        var command = new Command("list", """
            Lists the standing returns, and what lies ready of them.

            Example:
              kilde return standing list --sender 312345679
            """)
        { Sender };
        command.SetAction((call, cancellation) => AskAsync(call, new StandingQuestion("list"), cancellation));
        return command;
    }

    private static Command Order()
    {
        var register = new Argument<string>("register") { Description = "kpr or npr." };
        var area = new Argument<string>("area") { Description = "Service area, for example HST." };
        var from = new Option<int?>("--from") { Description = "The first data year. All years when left out." };
        var email = new Option<string>("--email")
        {
            Description = "Who is told that a package lies ready. Kept encrypted.", Required = true,
        };
        var command = new Command("order", """
            Orders a standing return of an area. The first package is made at once, the next ones on the first of each
            month.

            Example:
              kilde return standing order kpr HST --from 2025 --sender 312345679 --email ehr@example.no
            """)
        { register, area, from, email, Sender };
        command.SetAction((call, cancellation) => AskAsync(
            call,
            new StandingQuestion(
                "order", call.GetRequiredValue(register), call.GetRequiredValue(area), call.GetValue(from),
                call.GetRequiredValue(email)),
            cancellation));
        return command;
    }

    private static Command Withdraw() => OfOne("withdraw", """
        Withdraws a standing return. What lies ready can be fetched for as long as it would be kept.

        Example:
          kilde return standing withdraw 0198c1de-7a60-7c2e-8f0e-3f5f0c9f2a11 --sender 312345679
        """);

    private static Command Resume() => OfOne("resume", """
        Resumes a standing return that rests, since two packages in a row were not fetched. The next one is made at
        once.

        Example:
          kilde return standing resume 0198c1de-7a60-7c2e-8f0e-3f5f0c9f2a11 --sender 312345679
        """);

    private static Command OfOne(string ask, string description)
    {
        var id = new Argument<Guid>("id") { Description = "The return's id, as 'list' tells it." };
        var command = new Command(ask, description) { id, Sender };
        command.SetAction((call, cancellation) => AskAsync(
            call, new StandingQuestion(ask, Id: call.GetValue(id)), cancellation));
        return command;
    }

    private static Command Fetch()
    {
        var id = new Argument<Guid>("package") { Description = "The package's id, as 'list' tells it." };
        var output = ReturnCommand.NewOutput();
        var command = new Command("fetch", """
            Fetches a package that lies ready. The file holds identity numbers. Every fetch is in the audit log.

            Example:
              kilde return standing fetch 0198c1de-7a60-7c2e-8f0e-3f5f0c9f2a12 --sender 312345679 --out own.jsonl
            """)
        { id, Sender, output };
        command.SetAction((call, cancellation) => ReturnCommand.FetchAsync(
            call.GetRequiredValue(Sender), call.GetRequiredValue(output),
            client => ClientOf(client).FetchAsync(call.GetValue(id), cancellation), cancellation));
        return command;
    }

    private static Task<int> AskAsync(ParseResult call, StandingQuestion question, CancellationToken cancellation) =>
        WithSender.RunAsync(call.GetRequiredValue(Sender), async (_, client) =>
        {
            var told = await ClientOf(client).AskAsync(question, cancellation);
            foreach (var each in told) AnsiConsole.WriteLine(LineOf(each));
            if (told.Count == 0) AnsiConsole.WriteLine("No standing returns.");
            return ExitCodes.Done;
        }, cancellation);

    private static string LineOf(ToldReturn each)
    {
        var years = each.FromYear is { } from ? $"from {from}" : "all years";
        var next = each switch
        {
            { Next: { } day } => $"next {day:yyyy-MM-dd}",
            { RestsSince: { } since } => $"rests since {since:yyyy-MM-dd}",
            _ => "withdrawn",
        };
        var ready = each.Package is { } package
            ? $"ready {package.Id}: {package.Records} records, until {package.KeptUntil:yyyy-MM-dd}"
            : "nothing ready";
        return $"{each.Id} {each.Register} {each.Area} {years}, {next}, {ready}";
    }

    private static StandingReturnClient ClientOf(SlashClient client) =>
        client.StandingReturns(NorwegianTime.Today(TimeProvider.System));
}
