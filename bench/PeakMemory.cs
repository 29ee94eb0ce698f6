using System.Globalization;

namespace Kilde.Bench;

/// <summary>The most memory a process holds from now on, as the kernel counts it.</summary>
internal sealed class PeakMemory
{
    private const string Line = "VmHWM:";

    // Makes the kernel forget the peak there has been (proc(5), clear_refs).
    private const string ForgetPeak = "5";

    private readonly int _process;

    public PeakMemory(int process)
    {
        _process = process;
        File.WriteAllText($"/proc/{process}/clear_refs", ForgetPeak);
    }

    public long Mebibytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process}/status")
                .First(line => line.StartsWith(Line, StringComparison.Ordinal));
            return long.Parse(line.AsSpan(Line.Length).Trim(" \tkB"), CultureInfo.InvariantCulture) >> 10;
        }
    }
}
