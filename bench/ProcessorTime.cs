using System.Globalization;

namespace Kilde.Bench;

/// <summary>Processor time used so far by the server, by PostgreSQL with all its processes, and by the load.</summary>
internal readonly record struct ProcessorTime(TimeSpan Server, TimeSpan Postgres, TimeSpan Load)
{
    // The kernel tells times in clock ticks: 100 a second on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public static ProcessorTime Now(int server, int postmaster) => new(
        Of(server),
        Tree(postmaster),
        System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime);

    /// <summary>Processor time of the programs this process started that have ended.</summary>
    public static TimeSpan OfEndedChildren() => Ticks(Fields(Environment.ProcessId), 13, 14);

    /// <summary>The process that started another.</summary>
    public static int ParentOf(int process) => int.Parse(Fields(process)[1], CultureInfo.InvariantCulture);

    public static ProcessorTime operator -(ProcessorTime later, ProcessorTime earlier) => new(
        later.Server - earlier.Server, later.Postgres - earlier.Postgres, later.Load - earlier.Load);

    /// <summary>For example "server 0.9, PostgreSQL 0.5, load 0.1 ms of processor a message".</summary>
    public string Each(int messages) => string.Create(
        CultureInfo.InvariantCulture,
        $"server {Server.TotalMilliseconds / messages:0.00}, PostgreSQL {Postgres.TotalMilliseconds / messages:0.00}, "
        + $"load {Load.TotalMilliseconds / messages:0.00} ms of processor a message");

    /// <summary>For example "server 0.9, PostgreSQL 0.5, load 0.1 processors".</summary>
    public string During(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture,
        $"server {Server / time:0.00}, PostgreSQL {Postgres / time:0.00}, load {Load / time:0.00} processors");

    private static TimeSpan Of(int process) => Ticks(Fields(process), 11, 12);

    // A process's own time, that of its children that have ended, and that of those that run.
    private static TimeSpan Tree(int parent)
    {
        var sum = Ticks(Fields(parent), 11, 12, 13, 14);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            var name = Path.GetFileName(folder.AsSpan());
            if (!int.TryParse(name, CultureInfo.InvariantCulture, out var process)) continue;
            try
            {
                if (ParentOf(process) == parent) sum += Of(process);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        return sum;
    }

    private static TimeSpan Ticks(string[] fields, params ReadOnlySpan<int> places)
    {
        var ticks = 0L;
        foreach (var place in places) ticks += long.Parse(fields[place], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    // Past the name in parentheses, which may hold spaces: state, parent, …
    private static string[] Fields(int process)
    {
        var line = File.ReadAllText($"/proc/{process}/stat");
        return line[(line.LastIndexOf(')') + 2)..].Split(' ');
    }
}
