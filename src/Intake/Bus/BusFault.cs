namespace Kilde.Intake.Bus;

/// <summary>Why a message from the bus is not received, by the number its submission carries.</summary>
public enum BusFaultCode
{
    /// <summary>A property is missing or wrong, or names nobody we know.</summary>
    InvalidFieldValue = 3001,

    /// <summary>The content is not XML, or its header does not follow the standard.</summary>
    NotWellFormed,

    /// <summary>Not protected, protected in a way that is not taken, or too large.</summary>
    UnsupportedMessage,

    /// <summary>Signed with a certificate that is not the sender's.</summary>
    UnverifiedCertificate,

    /// <summary>The sender has no certificate registered.</summary>
    MissingCertificate,

    /// <summary>The certificate's time is over.</summary>
    ExpiredCertificate,

    /// <summary>
    /// The signature does not hold, the certificate does not count yet, or we cannot open the message.
    /// </summary>
    InvalidCertificate,

    /// <summary>The certificate is revoked.</summary>
    RevokedCertificate,

    /// <summary>The header names another sender than the queue's properties.</summary>
    SpoofingAttack,

    /// <summary>A fault of ours.</summary>
    InternalError,
}

/// <summary>Why a message from the bus is not received, as its sender is told.</summary>
/// <param name="Text">In bokmål, for whoever looks after the sending system.</param>
/// <param name="Data">The values that are at fault: names of properties and HER-ids, never content.</param>
internal sealed record BusFault(BusFaultCode Code, string Text, params IReadOnlyList<string> Data)
{
    /// <summary>The standard's word for it.</summary>
    public string Condition => Code switch
    {
        BusFaultCode.InvalidFieldValue => "transport:invalid-field-value",
        BusFaultCode.NotWellFormed => "transport:not-well-formed-xml",
        BusFaultCode.UnsupportedMessage => "transport:unsupported-message",
        BusFaultCode.UnverifiedCertificate => "transport:unverified-certificate",
        BusFaultCode.MissingCertificate => "transport:missing-certificate",
        BusFaultCode.ExpiredCertificate => "transport:expired-certificate",
        BusFaultCode.InvalidCertificate => "transport:invalid-certificate",
        BusFaultCode.RevokedCertificate => "transport:revoked-certificate",
        BusFaultCode.SpoofingAttack => "abuse:spoofing-attack",
        _ => "transport:internal-error",
    };
}
