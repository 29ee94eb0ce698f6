using System.Diagnostics.Metrics;
using Kilde.Platform.Telemetry;

namespace Kilde.Identity;

internal static class VaultTelemetry
{
    private static readonly ModuleTelemetry Telemetry = new("Identity");

    public static Counter<long> Resolved { get; } = Telemetry.Meter.CreateCounter<long>("kilde.identity.resolved");

    public static Counter<long> Revealed { get; } = Telemetry.Meter.CreateCounter<long>("kilde.identity.revealed");

    public static Counter<long> Reencrypted { get; } =
        Telemetry.Meter.CreateCounter<long>("kilde.identity.reencrypted");
}
