using System.CommandLine;
using Kilde.Host.Composition;
using Kilde.Intake.Slash.Client;

namespace Kilde.Host.Commands;

/// <summary>Fetches a sender's own records, identity included, with what has been found in them.</summary>
internal static class ReturnCommand
{
    public static Command Create()
    {
        var (sender, output) = (WithSender.NewOption(), NewOutput());
        var command = new Command("return", """
            Fetches all that a sender has in the register, as it stands: its own ids, the persons as it told them, and
            what checks have found in each record. The file holds identity numbers. Every fetch is in the audit log.

            Examples:
              kilde return --sender 312345679 --out own-records.jsonl
              kilde return --sender my-unit.json --out own-records.jsonl
            """)
        { sender, output, StandingReturnCommand.Create() };
        command.SetAction((call, cancellation) => FetchAsync(
            call.GetRequiredValue(sender), call.GetRequiredValue(output),
            client => client.ReturnAsync(NorwegianTime.Today(TimeProvider.System), cancellation), cancellation));
        return command;
    }

    /// <summary>Where records go that are fetched.</summary>
    public static Option<FileInfo> NewOutput() => new("--out", "-o")
    {
        Description = "File for the records, one JSON object a line. Made readable for you alone.", Required = true,
    };

    /// <summary>Writes what is fetched. What is in the file stays until all of it has come.</summary>
    public static Task<int> FetchAsync(
        string sender, FileInfo file, Func<SlashClient, Task<HttpContent>> fetchAsync,
        CancellationToken cancellation) =>
        WithSender.RunAsync(sender, async (profile, client) =>
        {
            using var records = await fetchAsync(client);
            var written = await OwnerOnlyFile.WriteWholeAsync(
                file.FullName, content => records.CopyToAsync(content, cancellation));

            // Into a pipe nothing is said: it may be where the records went.
            if (written is { } bytes)
                Console.Out.WriteLine($"{profile.Name}: {new FileSize(bytes)} in {file.FullName}");
            return ExitCodes.Done;
        }, cancellation);
}
