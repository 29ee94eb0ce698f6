using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Kilde.Host.Up;
using Kilde.Synthetic;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>What the commands that write files of a year have alike: their options, progress and last words.</summary>
internal sealed class FileOptions
{
    private const int FileBufferBytes = 1 << 20;
    private const int FilesTold = 12;
    private const int ProgressSteps = 1_000;

    public Option<DateOnly?> AsOf { get; } = new("--as-of")
    {
        Description = "The last day the files tell of, yyyy-MM-dd; they begin on 1 January of its year.",
    };

    public Option<int> Year { get; }

    public Option<long> Seed { get; } = new("--seed")
    {
        Description = "The same seed gives the same files, byte for byte.",
        DefaultValueFactory = _ => LocalSite.Seed,
    };

    public Option<FileEncoding> Encoding { get; } = new("--encoding")
    {
        Description = "Utf8 or Latin1.",
        DefaultValueFactory = _ => FileEncoding.Utf8,
    };

    public Option<bool> Wrap { get; } = new("--wrap") { Description = "Put each message into a MsgHead 1.2." };

    public Option<Share> Errors { get; } = new("--errors")
    {
        Description = $"Share of persons with an error put in, such as 1%; {FaultManifest.FileName} tells them.",
        CustomParser = Share.Parse,
    };

    public Option<FileFault[]> Error { get; } = new("--error")
    {
        Description = "Only these kinds of error, such as ReversedTimes; all the schema lets through when left out.",
        HelpName = "kind …",
        CustomParser = FaultKinds.Parse,
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string> Output { get; } = new("--out", "-o")
    {
        Description = "Folder for the files.",
        Required = true,
    };

    public FileOptions(int usualYear) => Year = new Option<int>("--year")
    {
        Description = "All of this year.",
        DefaultValueFactory = _ => usualYear,
    };

    public Command AddTo(Command command)
    {
        foreach (var option in (Option[])[Year, AsOf, Seed, Encoding, Wrap, Errors, Error, Output]) command.Add(option);
        return command;
    }

    public DateOnly DayOf(ParseResult call) => call.GetValue(AsOf) ?? new DateOnly(call.GetValue(Year), 12, 31);

    public FaultMix FaultsOf(ParseResult call)
    {
        var share = call.GetValue(Errors).Value;
        return call.GetValue(Error) is { Length: > 0 } chosen
            ? new FaultMix(share, chosen)
            : FaultMix.Content(share);
    }

    /// <summary>Opens the files, writes them while telling how far it has come, and tells what they came to.</summary>
    /// <param name="write">Given how to open a file by its name; closes it when it is written.</param>
    public async Task<int> WriteAsync(
        ParseResult call, string doing,
        Func<Func<string, Stream>, IProgress<double>, IReadOnlyList<SeededFault>> write,
        CancellationToken cancellation)
    {
        var folder = call.GetRequiredValue(Output);
        Directory.CreateDirectory(folder);
        var started = Stopwatch.GetTimestamp();
        var paths = new List<string>();
        var faults = await ProgressReport.Current.RunAsync($"{doing} …", report => Task.Run(
            () => write(Open, new Told(share => report((long)(share * ProgressSteps), ProgressSteps))), cancellation));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var sizes = paths.ConvertAll(path => new FileSize(new FileInfo(path).Length));
        foreach (var (path, size) in paths.Zip(sizes).Take(FilesTold))
            AnsiConsole.MarkupLine($"[green]✓[/] {Markup.Escape(path)} [grey]{size}[/]");

        if (paths.Count > FilesTold) AnsiConsole.MarkupLine($"[green]✓[/] … and {paths.Count - FilesTold} more files");

        if (call.GetValue(Errors).Value > 0)
        {
            var manifest = Path.Combine(folder, FaultManifest.FileName);
            await File.WriteAllBytesAsync(manifest, FaultManifest.Write(faults), cancellation);
            AnsiConsole.MarkupLine($"[yellow]•[/] {Markup.Escape(manifest)} [grey]{faults.Count} errors[/]");
        }

        var all = new FileSize(sizes.Sum(size => size.Bytes));
        var perSecond = new FileSize((long)(all.Bytes / Math.Max(seconds, 0.001)));
        AnsiConsole.MarkupLine(string.Create(
            CultureInfo.InvariantCulture, $"[grey]{all} in {seconds:0.0} s, {perSecond}/s[/]"));
        return ExitCodes.Done;

        Stream Open(string name)
        {
            paths.Add(Path.Combine(folder, name));
            return new FileStream(paths[^1], FileMode.Create, FileAccess.Write, FileShare.Read, FileBufferBytes);
        }
    }

    // Progress<T> posts to a thread pool; here it is told at once.
    private sealed class Told(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
