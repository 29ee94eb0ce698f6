using System.Diagnostics;
using Kilde.Host.Commands;
using Spectre.Console;

namespace Kilde.Host.Up;

/// <summary>Tells on the terminal what is being done, and how long each step took.</summary>
internal sealed class Steps(IAnsiConsole console)
{
    public IAnsiConsole Console => console;

    /// <summary>Runs a step behind a spinner; its own words follow the tick.</summary>
    public async Task<T> RunAsync<T>(string doing, Func<Task<(T Result, string Told)>> stepAsync)
    {
        var started = Stopwatch.GetTimestamp();
        T? result = default;
        var told = doing;
        await console.Status().Spinner(Spinner.Known.Dots).StartAsync(
            Markup.Escape(doing), async _ => (result, told) = await stepAsync());
        Tick(told, started);
        return result!;
    }

    /// <summary>Runs a step that knows how far it has come.</summary>
    public async Task<T> RunAsync<T>(
        string doing, int total, Func<Action, Task<(T Result, string Told)>> stepAsync)
    {
        var started = Stopwatch.GetTimestamp();
        var (result, told) = await new ProgressReport(console, System.Console.Error).RunAsync(doing, report =>
        {
            var done = 0;
            return stepAsync(() => report(Interlocked.Increment(ref done), total));
        });
        Tick(told, started);
        return result;
    }

    private void Tick(string told, long started) => console.MarkupLine(
        $"[green]✓[/] {Markup.Escape(told)} [grey]({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)[/]");
}
