using System.CommandLine;
using Kilde.Definitions.Reading;
using Kilde.Intake.Files;
using Kilde.Intake.Log;
using Kilde.Intake.Overview;
using Kilde.Kernel;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Receives XML messages from files, of any size, as the message bus does.</summary>
internal static class IngestCommand
{
    private static readonly string[] Endings = [".xml", ".zip"];
    private static readonly TimeSpan LookEach = TimeSpan.FromMilliseconds(250);

    private static readonly Argument<string[]> Paths = new("file")
    {
        Description = "XML messages, in a MsgHead or bare, or zip archives of such. A folder stands for those in it.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<OrganizationNumber?> Unit = new("--unit")
    {
        Description = "Organisation number of the reporting unit. Found from the message when left out.",
        CustomParser = UnitNumber.Parse,
    };

    private static readonly Option<bool> Wait = new("--wait")
    {
        Description = "Wait until each message is in the register or rejected. A worker must be running.",
    };

    private static readonly Option<DirectoryInfo?> Receipts = new("--receipts")
    {
        Description = "Wait, and write the receipt (AppRec) of each message into this folder, as NAME.apprec.xml.",
    };

    public static Command Create()
    {
        var command = new Command("ingest", """
            Receives XML messages from files, whatever their size. What is received is judged and merged by the workers.
            Ends with 1 when any is refused, or rejected while you wait.

            Examples:
              kilde ingest ord-2026.xml ide-2026.xml
              kilde ingest trust.zip --wait
              kilde ingest ord-2026.xml --receipts answers/
              kilde ingest municipality.xml --unit 964338531
            """)
        { Paths, Unit, Wait, Receipts };
        command.SetAction((call, cancellation) => IngestAsync(call, cancellation));
        return command;
    }

    private static async Task<int> IngestAsync(ParseResult call, CancellationToken cancellation)
    {
        if (FindFiles(call.GetRequiredValue(Paths)) is not { } files) return ExitCodes.WrongCall;
        var unit = call.GetValue(Unit);
        var receipts = call.GetValue(Receipts);
        receipts?.Create();
        return await WithServices.RunAsync(async services =>
        {
            var isWell = true;
            foreach (var file in files)
            {
                IReadOnlyList<ReceivedFile> received;
                try
                {
                    received = await ProgressReport.Current.RunAsync(
                        $"Receiving {file.Name} …",
                        report => services.GetRequiredService<ReceiveFile>().ReceiveAsync(
                            file.FullName, unit, CommandActor.Current.Id, report, cancellation));
                }
                catch (StorageUnavailableException failure)
                {
                    await Console.Error.WriteLineAsync($"{failure.Message} Stopped at {file.FullName}.");
                    return ExitCodes.Failed;
                }

                foreach (var one in received)
                {
                    isWell &= await TellAsync(one, services, call.GetValue(Wait) || receipts is not null, cancellation);
                    if (receipts is not null) await WriteReceiptAsync(receipts, one, services, cancellation);
                }
            }

            return isWell ? ExitCodes.Done : ExitCodes.Wrong;
        });
    }

    private static async Task<bool> TellAsync(
        ReceivedFile one, IServiceProvider services, bool waits, CancellationToken cancellation)
    {
        var name = Markup.Escape(one.Name);
        var console = AnsiConsole.Console;
        switch (one.Outcome)
        {
            case FileOutcome.Received received:
                console.MarkupLine($"[green]✓[/] {name}: received, submission [blue]{received.SubmissionId}[/]");
                return !waits || await WaitAsync(received.SubmissionId, services, cancellation);
            case FileOutcome.Repeated repeated:
                console.MarkupLine(
                    $"[yellow]•[/] {name}: came before, as submission [blue]{repeated.SubmissionId}[/]");
                return !waits || await WaitAsync(repeated.SubmissionId, services, cancellation);
            default:
                console.MarkupLine(
                    $"[red]✗[/] {name}: not received. {Markup.Escape(((FileOutcome.Refused)one.Outcome).Text)}");
                return false;
        }
    }

    private static async Task<bool> WaitAsync(
        Guid submission, IServiceProvider services, CancellationToken cancellation)
    {
        var find = services.GetRequiredService<GetSubmission>();
        while (true)
        {
            var detail = await find.FindAsync(submission, cancellation)
                ?? throw new InvalidOperationException("A submission that was received is gone.");
            switch (detail.Summary.State)
            {
                case SubmissionState.Merged:
                    AnsiConsole.MarkupLine(
                        $"  [green]in the register[/]: {TextOf(detail)}; findings: {detail.Summary.FindingCount}");
                    TellOvertaken(detail.Findings);
                    return true;
                case SubmissionState.Rejected:
                    AnsiConsole.MarkupLine($"  [red]rejected[/] ({detail.Summary.ErrorCode})");
                    FindingTable.Write(AnsiConsole.Console, detail.Findings);
                    return false;
                case SubmissionState.SetAside:
                    AnsiConsole.MarkupLine("  [red]set aside[/]: a fault of ours; 'kilde submissions list' shows it");
                    return false;
                default:
                    await Task.Delay(LookEach, cancellation);
                    break;
            }
        }
    }

    private static string TextOf(SubmissionDetail detail) => detail switch
    {
        { Persons: { } persons } => $"{persons.Total} persons told of, {persons.Unknown} without a valid number",
        { Merged: { } rows } =>
            $"{rows.Inserted} new, {rows.Updated} changed, {rows.Unchanged} unchanged, {rows.Deleted} gone",
        _ => throw new InvalidOperationException("A submission that was merged has not been counted."),
    };

    private static void TellOvertaken(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings.Where(finding => finding.RuleId == ReadingRules.Overtaken.Id))
            AnsiConsole.MarkupLine($"  [yellow]overtaken[/]: {Markup.Escape(finding.Text)}");
    }

    private static async Task WriteReceiptAsync(
        DirectoryInfo folder, ReceivedFile one, IServiceProvider services, CancellationToken cancellation)
    {
        var receipt = one.Outcome switch
        {
            FileOutcome.Received received => await FindReceiptAsync(received.SubmissionId, services, cancellation),
            FileOutcome.Repeated repeated => await FindReceiptAsync(repeated.SubmissionId, services, cancellation),
            _ => FileReceipt.OfRefusal(
                one.Name, (FileOutcome.Refused)one.Outcome, services.GetRequiredService<TimeProvider>().GetUtcNow()),
        };
        if (receipt is null)
        {
            AnsiConsole.MarkupLine("  [yellow]no receipt[/]: it is not judged, or came over another channel before");
            return;
        }

        // In an archive: the archive's name and the name in it.
        var name = string.Join('-', one.Name.Split(Path.GetInvalidFileNameChars())) + FileReceipt.Ending;
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name), receipt, cancellation);
        AnsiConsole.MarkupLine($"  receipt: [blue]{Markup.Escape(Path.Combine(folder.ToString(), name))}[/]");
    }

    private static Task<byte[]?> FindReceiptAsync(
        Guid submission, IServiceProvider services, CancellationToken cancellation) =>
        services.GetRequiredService<GetReceipt>().FindAsync(submission, cancellation);

    private static List<FileInfo>? FindFiles(IEnumerable<string> paths)
    {
        List<FileInfo> files = [];
        foreach (var path in paths)
        {
            if (File.Exists(path))
            {
                files.Add(new FileInfo(path));
                continue;
            }

            var before = files.Count;
            if (Directory.Exists(path)) files.AddRange(FilesIn(path));
            if (files.Count > before) continue;
            Console.Error.WriteLine(Directory.Exists(path)
                ? $"There is no XML or zip file in the folder {Path.GetFullPath(path)}."
                : $"There is no file {Path.GetFullPath(path)}.");
            return null;
        }

        return files;
    }

    private static IEnumerable<FileInfo> FilesIn(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles()
            .Where(file => Endings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
}
