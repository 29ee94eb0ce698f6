using Kilde.Intake.Admission;
using Kilde.Intake.Log;
using Kilde.Kernel;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kilde.Intake.Slash;

/// <summary>One step of taking a message in; null when it passed.</summary>
internal sealed record SlashStep(
    string Name, Func<SlashExchange, CancellationToken, ValueTask<Refusal?>> CheckAsync);

/// <summary>
/// The layers a message goes through, cheap ones first: a known token costs a look-up, so who is turned away for lack
/// of room costs little; nothing is read before the sender is known, and nothing is decrypted before everything that
/// can be checked without it has been. The same steps serve sending, validation and the connection test.
/// </summary>
internal sealed partial class SlashSteps
{
    /// <summary>A step that took less is not worth storing.</summary>
    private static readonly TimeSpan TimingMin = TimeSpan.FromMicroseconds(100);

    private static readonly LocalizedText IsBusy = new(
        "Mottaket har mye å gjøre. Send meldingen igjen om litt.",
        "Mottaket har mykje å gjere. Send meldinga igjen om litt.",
        "The receiver has much to do. Send the message again in a while.");

    private readonly AdmissionGate _gate;
    private readonly HeldAnswers _held;
    private readonly TimeProvider _clock;
    private readonly ILogger<SlashSteps> _logger;

    public SlashSteps(
        Authentication authentication, AdmissionGate gate, HeldAnswers held, Addressing addressing, KeyFinding keys,
        MessageOpening opening, ContentReading reading, TimeProvider clock, ILogger<SlashSteps> logger)
    {
        _gate = gate;
        _held = held;
        _clock = clock;
        _logger = logger;
        All =
        [
            new("tilgangstoken", authentication.CheckTokenAsync),
            new("kapasitet", EnterAsync),
            new("bevis", authentication.CheckProofAsync),
            new("headere", (exchange, _) => new(addressing.ReadSender(exchange))),
            new("meldingstype", (exchange, _) => new(addressing.FindType(exchange))),
            new("avsender", addressing.CheckSenderAsync),
            new("nøkkel", keys.CheckAsync),
            new("overføring", opening.ReadBodyAsync),
            new("dekryptering", (exchange, _) => opening.DecryptAsync(exchange)),
            new("hash", (exchange, _) => new(opening.CheckHash(exchange))),
            new("innhold", reading.CheckAsync),
        ];
    }

    public IReadOnlyList<SlashStep> All { get; }

    /// <summary>Runs the steps until one refuses.</summary>
    public async ValueTask<Refusal?> RunAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        foreach (var step in All)
        {
            var startedAt = _clock.GetTimestamp();
            var refusal = await RunAsync(step, exchange, cancellation);
            var took = _clock.GetElapsedTime(startedAt);
            if (took >= TimingMin)
                exchange.Timings.Add(new StepTiming(step.Name, (int)Math.Min(took.TotalMicroseconds, int.MaxValue)));
            if (refusal is not null) return refusal;
        }
        return null;
    }

    /// <summary>Runs one step. A database that fails is an answer too, and never the sender's fault.</summary>
    public async ValueTask<Refusal?> RunAsync(
        SlashStep step, SlashExchange exchange, CancellationToken cancellation)
    {
        try
        {
            return await step.CheckAsync(exchange, cancellation);
        }
        catch (NpgsqlException fault)
        {
            Log.StepFailed(_logger, fault, step.Name, exchange.CorrelationId);
            return Refusal.StorageAway();
        }
    }

    private async ValueTask<Refusal?> EnterAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var answer = await _gate.EnterAsync(
            exchange.Token!.ClientId, exchange.Context.Request.ContentLength, cancellation);
        if (answer is GateAnswer.Refused refused)
        {
            // Some seconds are long enough for what is held to be moved by the garbage collector, while nothing runs.
            var headers = exchange.Context.Request.Headers;
            var language = AskedLanguage.Of(exchange.Context.Request);
            headers.Clear();
            if (language != AskedLanguage.Bokmaal) headers.AcceptLanguage = language;
            await _held.WaitAsync(cancellation);
            return Refusal.Busy(refused.RetryAfterSeconds, IsBusy);
        }

        exchange.HoldPlace(((GateAnswer.Admitted)answer).Place);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(5002, LogLevel.Error, "The database failed in step {Step}, correlation {CorrelationId}.")]
        public static partial void StepFailed(ILogger log, Exception exception, string step, Guid correlationId);
    }
}
