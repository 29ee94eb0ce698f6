using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>
/// Tells how far a long job has come: a bar on a terminal, and elsewhere plain lines on the error stream, so that what
/// a command answers stays alone on the other.
/// </summary>
internal sealed class ProgressReport(IAnsiConsole console, TextWriter plain)
{
    /// <summary>Plain lines per job at most: one for each tenth.</summary>
    private const int LinesMax = 10;

    public static ProgressReport Current => new(AnsiConsole.Console, Console.Error);

    /// <summary>Runs a job that tells how many of its pieces are done, and of how many.</summary>
    public async Task<T> RunAsync<T>(string doing, Func<Action<long, long>, Task<T>> jobAsync)
    {
        if (!console.Profile.Capabilities.Interactive) return await RunPlainlyAsync(doing, jobAsync);
        T? result = default;
        await console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(Markup.Escape(doing));
                result = await jobAsync((done, total) => (bar.MaxValue, bar.Value) = (Math.Max(total, 1), done));
            });
        return result!;
    }

    private Task<T> RunPlainlyAsync<T>(string doing, Func<Action<long, long>, Task<T>> jobAsync)
    {
        var (gate, told) = (new Lock(), 0L);
        return jobAsync((done, total) =>
        {
            lock (gate)
            {
                var tenth = Math.Min(LinesMax, done * LinesMax / Math.Max(total, 1));
                if (tenth <= told) return;
                told = tenth;
                plain.WriteLine($"{doing} {tenth * (100 / LinesMax)} %");
            }
        });
    }
}
