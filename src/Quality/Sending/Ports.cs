namespace Kilde.Quality.Sending;

/// <summary>A file in a mail.</summary>
public sealed record MailAttachment(string Name, byte[] Content);

/// <summary>One mail, with one report or with none.</summary>
/// <param name="MessageId">The same at every attempt, so that a server or a reader knows a repeat.</param>
public sealed record OutgoingMail(
    string MessageId, string To, string Subject, string Body, MailAttachment? Attachment);

/// <summary>One SMS.</summary>
/// <param name="To"><c>+47</c> and eight digits.</param>
public sealed record OutgoingSms(string MessageId, string To, string Text);

/// <summary>The way out by mail.</summary>
public interface IMailPort
{
    /// <summary>Returns when the next server has taken the responsibility.</summary>
    /// <exception cref="DeliveryRefusedException">It will never be taken: do not try again.</exception>
    /// <exception cref="DeliveryDelayedException">It was not taken now: try again.</exception>
    Task SendAsync(OutgoingMail mail, CancellationToken cancellation);
}

/// <summary>The way out by SMS. Passwords go this way and no other (R3.13).</summary>
public interface ISmsPort
{
    /// <inheritdoc cref="IMailPort.SendAsync"/>
    Task SendAsync(OutgoingSms sms, CancellationToken cancellation);
}

/// <summary>The other side said no for good. The message is a code, never an address or a text.</summary>
public sealed class DeliveryRefusedException(string code) : Exception(code);

/// <summary>The other side could not be reached, or asked us to come again. The message is a code.</summary>
public sealed class DeliveryDelayedException(string code, Exception? cause = null) : Exception(code, cause);
