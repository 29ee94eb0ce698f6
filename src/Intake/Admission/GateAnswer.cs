namespace Kilde.Intake.Admission;

/// <summary>The gate's answer.</summary>
public abstract record GateAnswer
{
    private GateAnswer()
    {
    }

    /// <summary>Let in. Dispose when the message is answered.</summary>
    public sealed record Admitted(GatePlace Place) : GateAnswer;

    /// <summary>Too much at once: answer 429 with <c>Retry-After</c> in whole seconds.</summary>
    public sealed record Refused(int RetryAfterSeconds) : GateAnswer;
}

/// <summary>A place that a message has been given. To be disposed when the message is answered.</summary>
public abstract class GatePlace : IDisposable
{
    /// <summary>
    /// Gives the place to others while this one waits for its sender and does no work. False when too many have
    /// stepped aside already: then the message is to be refused.
    /// </summary>
    public abstract bool TryStepAside();

    /// <summary>Goes on after <see cref="TryStepAside"/>, at once: those aside are few.</summary>
    public abstract void StepBack();

    public abstract void Dispose();
}
