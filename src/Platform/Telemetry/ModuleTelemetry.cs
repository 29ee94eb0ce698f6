using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kilde.Platform.Telemetry;

/// <summary>
/// A module's meters and traces, named <c>Kilde.&lt;Module&gt;</c>. Each module has one, in a static field. Tags hold
/// ids of units and types, never anything about a person.
/// </summary>
public sealed class ModuleTelemetry(string module)
{
    internal const string NamePrefix = "Kilde.";

    public Meter Meter { get; } = new(NamePrefix + module);

    public ActivitySource Activities { get; } = new(NamePrefix + module);
}
