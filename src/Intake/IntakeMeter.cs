using System.Diagnostics.Metrics;
using Kilde.Intake.Log;
using Kilde.Platform.Telemetry;

namespace Kilde.Intake;

/// <summary>What intake counts and times, as <c>Kilde.Intake</c>.</summary>
internal static class IntakeMeter
{
    private static readonly ModuleTelemetry Telemetry = new("Intake");
    private static readonly Meter Meter = Telemetry.Meter;
    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("kilde.intake.messages");
    private static readonly Histogram<double> BatchSeconds =
        Meter.CreateHistogram<double>("kilde.intake.log.batch.duration", "s");
    private static readonly Histogram<int> BatchMessages = Meter.CreateHistogram<int>(
        "kilde.intake.log.batch.messages");

    public static Counter<long> RefusalsNotLogged { get; } =
        Meter.CreateCounter<long>("kilde.intake.refusals_not_logged");

    public static Counter<long> TurnedAway { get; } = Meter.CreateCounter<long>("kilde.intake.turned_away");

    public static Counter<long> Merged { get; } = Meter.CreateCounter<long>("kilde.intake.merged");

    public static Counter<long> SetAside { get; } = Meter.CreateCounter<long>("kilde.intake.set_aside");

    public static void Batch(StoreOutcome[] outcomes, List<LogEntry> entries, TimeSpan duration)
    {
        BatchSeconds.Record(duration.TotalSeconds);
        BatchMessages.Record(outcomes.Length);
        for (var i = 0; i < outcomes.Length; i++)
            Messages.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(outcomes[i], entries[i])));
    }

    private static string NameOf(StoreOutcome outcome, LogEntry entry) => outcome switch
    {
        StoreOutcome.ProofReplayed => "proof_replayed",
        StoreOutcome.Repeated => "repeated",
        _ => entry.IsUnjudged ? "received" : entry.IsAccepted ? "accepted" : "rejected",
    };
}
