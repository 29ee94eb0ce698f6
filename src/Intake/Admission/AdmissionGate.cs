namespace Kilde.Intake.Admission;

/// <summary>The gate's answer.</summary>
public abstract record GateAnswer
{
    private GateAnswer()
    {
    }

    /// <summary>Let in. Dispose when the message is answered.</summary>
    public sealed record Admitted(IDisposable Place) : GateAnswer;

    /// <summary>Too much at once: answer 429 with <c>Retry-After</c> in whole seconds.</summary>
    public sealed record Refused(int RetryAfterSeconds) : GateAnswer;
}

/// <summary>
/// Bounds the work and the memory of taking in, and shares both fairly between senders: who sends much waits behind
/// itself, not before others. Enter before any costly work, when the sender is known.
/// </summary>
public sealed class AdmissionGate
{
    /// <param name="sender">Client id of the token, or the remote address while the token is not yet verified.</param>
    /// <param name="bodyBytes">Declared length of the body; null when not declared, which counts as the largest.</param>
    public ValueTask<GateAnswer> EnterAsync(string sender, long? bodyBytes, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
