using System.Diagnostics;

namespace Kilde.Bench;

/// <summary>How fast bytes are gone through.</summary>
internal static class Throughput
{
    /// <param name="passes">More than one where a single pass is too short for the clock.</param>
    public static double MegabytesPerSecond(long bytes, Action pass, int passes = 1)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < passes; i++) pass();
        return passes * bytes / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
