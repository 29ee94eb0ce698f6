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

    public Option<FileFault?> Error { get; } = new("--error")
    {
        Description = "Only this kind of error; every kind that the schema lets through when left out.",
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
        return call.GetValue(Error) is { } only ? FaultMix.Only(only, share) : FaultMix.Content(share);
    }

    /// <summary>Opens the files, writes them behind a progress bar, and tells what they came to.</summary>
    public async Task<int> WriteAsync<TKind>(
        ParseResult call, string doing, IReadOnlyDictionary<TKind, string> names,
        Func<IReadOnlyDictionary<TKind, Stream>, IProgress<double>, IReadOnlyList<SeededFault>> write,
        CancellationToken cancellation)
        where TKind : notnull
    {
        var folder = call.GetRequiredValue(Output);
        Directory.CreateDirectory(folder);
        var started = Stopwatch.GetTimestamp();
        var paths = names.ToDictionary(pair => pair.Key, pair => Path.Combine(folder, pair.Value));
        var streams = paths.ToDictionary(pair => pair.Key, pair => (Stream)new FileStream(
            pair.Value, FileMode.Create, FileAccess.Write, FileShare.Read, FileBufferBytes));
        IReadOnlyList<SeededFault> faults = [];
        try
        {
            await AnsiConsole.Progress().AutoClear(true).StartAsync(async progress =>
            {
                var bar = progress.AddTask(Markup.Escape(doing), maxValue: 1);
                var told = new Told(share => bar.Value = share);
                faults = await Task.Run(() => write(streams, told), cancellation);
            });
        }
        finally
        {
            foreach (var stream in streams.Values) await stream.DisposeAsync();
        }

        foreach (var path in paths.Values)
        {
            var size = new FileSize(new FileInfo(path).Length);
            AnsiConsole.MarkupLine($"[green]✓[/] {Markup.Escape(path)} [grey]{size}[/]");
        }

        if (call.GetValue(Errors).Value > 0)
        {
            var manifest = Path.Combine(folder, FaultManifest.FileName);
            await File.WriteAllBytesAsync(manifest, FaultManifest.Write(faults), cancellation);
            AnsiConsole.MarkupLine($"[yellow]•[/] {Markup.Escape(manifest)} [grey]{faults.Count} errors[/]");
        }

        AnsiConsole.MarkupLine(string.Create(
            CultureInfo.InvariantCulture, $"[grey]{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s[/]"));
        return ExitCodes.Done;
    }

    // Progress<T> posts to a thread pool; here the bar is told at once.
    private sealed class Told(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
