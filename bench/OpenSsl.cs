using System.Diagnostics;
using System.Globalization;

namespace Kilde.Bench;

/// <summary>What the machine itself can do, told by OpenSSL's own measurement.</summary>
internal static class OpenSsl
{
    /// <summary>
    /// RSA-2048 private-key operations per second on all cores: no receiver of RSA-wrapped keys can be faster.
    /// </summary>
    public static async Task<double> PrivateOperationsPerSecondAsync(int seconds, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            "openssl",
            [
                "speed", "-seconds", seconds.ToString(CultureInfo.InvariantCulture),
                "-multi", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), "rsa2048",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("openssl is not installed.");
        var told = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await told;
        await process.WaitForExitAsync(cancellation);

        // The last line: "rsa 2048 bits 0.000575s 0.000013s   1739.5  75662.5"
        var line = output.Split('\n').Last(line => line.StartsWith("rsa", StringComparison.Ordinal));
        return double.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
