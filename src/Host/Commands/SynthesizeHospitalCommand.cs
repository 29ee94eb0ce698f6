using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Kilde.Host.Up;
using Kilde.Synthetic;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Writes a hospital trust's year as the files it sends to NPR.</summary>
internal static class SynthesizeHospitalCommand
{
    private const int FileYear = 2019;
    private const int FileBufferBytes = 1 << 20;

    public static Command Create()
    {
        var trust = new Option<string?>("--trust")
        {
            Description = "Name of the trust, or a part that only one has. The largest when left out.",
        };
        var asOf = new Option<DateOnly?>("--as-of")
        {
            Description = "The last day the files tell of, yyyy-MM-dd; they begin on 1 January of its year.",
        };
        var year = new Option<int>("--year")
        {
            Description = "All of this year.",
            DefaultValueFactory = _ => FileYear,
        };
        var size = new Option<FileSize?>("--size")
        {
            Description = "About how large the year's activity file is, such as 120MB; all the people when left out.",
            CustomParser = given => FileSize.Parse(given),
        };
        var seed = new Option<long>("--seed")
        {
            Description = "The same seed gives the same files, byte for byte.",
            DefaultValueFactory = _ => LocalSite.Seed,
        };
        var encoding = new Option<FileEncoding>("--encoding")
        {
            Description = "Utf8 or Latin1.",
            DefaultValueFactory = _ => FileEncoding.Utf8,
        };
        var wrap = new Option<bool>("--wrap") { Description = "Put each message into a MsgHead 1.2." };
        var output = new Option<string>("--out", "-o") { Description = "Folder for the files.", Required = true };
        var command = new Command("hospital", """
            Writes a hospital trust's year: activity and identity, each in one message for all its institutions.

            Examples:
              kilde synthesize hospital --trust Rogaland --size 20MB --out rogaland/
              kilde synthesize hospital --size 1GB --as-of 2019-04-30 --out april/
              kilde synthesize hospital --trust Troms --encoding Latin1 --wrap --out troms/
            """)
        { trust, year, asOf, size, seed, encoding, wrap, output };
        command.SetAction((call, cancellation) =>
        {
            if (TrustOf(call.GetValue(trust)) is not { } found) return Task.FromResult(ExitCodes.WrongCall);
            var order = new TrustYearOrder
            {
                Trust = found,
                AsOf = call.GetValue(asOf) ?? new DateOnly(call.GetValue(year), 12, 31),
                Seed = call.GetValue(seed),
                Encoding = call.GetValue(encoding),
                IsWrapped = call.GetValue(wrap),
            };
            return RunAsync(order, call.GetValue(size), call.GetRequiredValue(output), cancellation);
        });
        return command;
    }

    private static HospitalTrust? TrustOf(string? name)
    {
        var found = name is null ? TrustDirectory.Largest : TrustDirectory.Find(name);
        if (found is null)
        {
            Console.Error.WriteLine(
                $"There is no one trust named {name}. The trusts: "
                + string.Join(", ", TrustDirectory.All.Select(trust => trust.Name)) + ".");
        }

        return found;
    }

    private static async Task<int> RunAsync(
        TrustYearOrder order, FileSize? size, string folder, CancellationToken cancellation)
    {
        if (size is { } wanted)
        {
            order = order with { Share = TrustYear.ShareFor(order, wanted.Bytes) };
            if (order.Share > 1)
            {
                var most = new FileSize((long)(wanted.Bytes / order.Share));
                await Console.Error.WriteLineAsync(
                    $"{order.Trust.Name} has people for {most} at most. Leave out --trust to take the largest.");
                return ExitCodes.WrongCall;
            }
        }

        Directory.CreateDirectory(folder);
        var started = Stopwatch.GetTimestamp();
        var paths = TrustYear.Kinds.ToDictionary(
            kind => kind, kind => Path.Combine(folder, TrustYear.FileName(order, kind)));
        var streams = paths.ToDictionary(pair => pair.Key, pair => (Stream)new FileStream(
            pair.Value, FileMode.Create, FileAccess.Write, FileShare.Read, FileBufferBytes));
        try
        {
            await AnsiConsole.Progress().AutoClear(true).StartAsync(progress =>
            {
                var bar = progress.AddTask(Markup.Escape(order.Trust.Name), maxValue: 1);
                var told = new Told(share => bar.Value = share);
                return Task.Run(() => TrustYear.Write(order, streams, told, cancellation), cancellation);
            });
        }
        finally
        {
            foreach (var stream in streams.Values) await stream.DisposeAsync();
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        foreach (var path in paths.Values)
        {
            var bytes = new FileSize(new FileInfo(path).Length);
            AnsiConsole.MarkupLine($"[green]✓[/] {Markup.Escape(path)} [grey]{bytes}[/]");
        }

        AnsiConsole.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[grey]{seconds:0.0} s[/]"));
        return ExitCodes.Done;
    }

    // Progress<T> posts to a thread pool; here the bar is told at once.
    private sealed class Told(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
