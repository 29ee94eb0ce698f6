using System.CommandLine;
using Kilde.Host.Composition;

namespace Kilde.Host.Commands;

/// <summary>Fetches a sender's own records, identity included, with what has been found in them.</summary>
internal static class ReturnCommand
{
    public static Command Create()
    {
        var sender = WithSender.NewOption();
        var output = new Option<FileInfo>("--out", "-o")
        {
            Description = "File for the records, one JSON object a line. Made readable for you alone.",
            Required = true,
        };
        var command = new Command("return", """
            Fetches all that a sender has in the register, as it stands: its own ids, the persons as it told them, and
            what checks have found in each record. The file holds identity numbers. Every fetch is in the audit log.

            Examples:
              kilde return --sender 312345679 --out own-records.jsonl
              kilde return --sender my-unit.json --out own-records.jsonl
            """)
        { sender, output, StandingReturnCommand.Create() };
        command.SetAction((call, cancellation) => FetchAsync(
            call.GetRequiredValue(sender), call.GetRequiredValue(output), cancellation));
        return command;
    }

    private static Task<int> FetchAsync(string sender, FileInfo file, CancellationToken cancellation) =>
        WithSender.RunAsync(sender, async (profile, client) =>
        {
            await using var content = OwnerOnlyFile.Open(file.FullName, FileMode.Create);
            var status = await client.ReturnAsync(content, NorwegianTime.Today(TimeProvider.System), cancellation);
            if (status == StatusCodes.Status200OK)
            {
                Console.Out.WriteLine($"{profile.Name}: {new FileSize(content.Length)} in {file.FullName}");
                return ExitCodes.Done;
            }

            await Console.Error.WriteLineAsync($"The register refused, with status {status}: nothing was fetched.");
            return ExitCodes.Wrong;
        }, cancellation);
}
