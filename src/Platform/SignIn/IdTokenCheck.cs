namespace Kilde.Platform.SignIn;

/// <summary>Decides whether an id token is true and for us, and reads the user out of it.</summary>
internal sealed class IdTokenCheck
{
    public Task<SignedInUser> VerifyAsync(string token, string nonce, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
