namespace Kilde.Platform.Tokens;

/// <summary>Why a token or a proof was refused. What to do about it is said by the API that refuses.</summary>
public enum TokenFault
{
    None = 0,

    /// <summary>Not three parts of canonical base64url, not JSON objects, duplicate members, or too large.</summary>
    Malformed,

    /// <summary>Header <c>typ</c> is not the one asked for.</summary>
    Type,

    /// <summary>Not RS256, PS256 or ES256, or not an algorithm for this kind of key.</summary>
    Algorithm,

    /// <summary>The issuer has no key with this <c>kid</c>.</summary>
    UnknownKey,

    /// <summary>A key that is too small, too large, private, or of a kind we do not take.</summary>
    BadKey,

    Signature,
    Issuer,
    Audience,
    Expired,
    NotYetValid,

    /// <summary>The token is not bound to a key (<c>cnf.jkt</c>).</summary>
    NotBound,

    /// <summary><c>cnf</c> is there, and <c>jkt</c> in it is no thumbprint.</summary>
    BadBinding,

    /// <summary>The proof is signed by another key than the token is bound to.</summary>
    OtherKey,

    /// <summary>The proof is for another HTTP method (<c>htm</c>).</summary>
    Method,

    /// <summary>The proof is for another address (<c>htu</c>).</summary>
    Address,

    /// <summary>The proof is for another access token (<c>ath</c>).</summary>
    OtherToken,

    /// <summary>The proof has no <c>jti</c>, or one that is too long.</summary>
    NoId,

    /// <summary>The issuer's keys cannot be fetched: our trouble, not the sender's.</summary>
    IssuerUnavailable,
}

/// <summary>A verified thing, or why it was refused. Exactly one of the two.</summary>
public readonly record struct Verified<T>(T? Value, TokenFault Fault)
    where T : class
{
    public static implicit operator Verified<T>(T value) => new(value, TokenFault.None);

    public static implicit operator Verified<T>(TokenFault fault) => new(null, fault);
}
