namespace Kilde.Intake.Slash;

/// <summary>FHI's error codes, with FHI's own names (Slash, table of error messages).</summary>
public enum SlashCode
{
    /// <summary>Not a fault in the message: too many at once, or the receiver is out of order.</summary>
    None = 0,
    HttpHeaderMissing = 1001,
    HttpHeaderValidation = 1002,
    InvalidMessageTypeVersion = 1003,
    InvalidKeyId = 1004,
    InvalidDigest = 1005,
    PayloadHashMismatch = 1006,
    ExpiredKey = 1007,
    DecryptionErrorForAsymmetricalKey = 1008,
    DecryptionErrorForSymmetricalKey = 1009,
    ShouldNotReceiveMessageForGivenOrganizationAndMessageType = 2001,
    MissingOrganizationNumberClaimFromHelseIdToken = 2002,

    /// <summary>The token is bound to no key. What FHI calls its signature is the binding, <c>cnf.jkt</c>.</summary>
    MissingSignatureClaimFromHelseIdToken = 2003,

    /// <summary>The token has a binding, and it names no key.</summary>
    BadSignatureClaimFromHelseIdToken = 2004,

    /// <summary>The proof in the header is made by another key than the token is bound to.</summary>
    HelseIdSignatureDoesNotMatchHeaderValues = 2005,

    SchemaNotFound = 2006,
    InvalidJsonMessage = 2007,
    SchemaValidationFailed = 2008,
    PayloadSizeLimitExceeded = 2009,
    StorageError = 2010,
}
