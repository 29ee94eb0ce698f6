using Kilde.Intake.Log;
using Kilde.Kernel;
using Kilde.Platform.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Slash;

/// <summary>Checks token and proof, and says what a vendor must do when one of them is wrong.</summary>
internal sealed class Authentication(
    AccessTokenVerifier tokens, DpopProofVerifier proofs, UsedProofs used, IOptions<SlashOptions> options,
    IOptions<TokenOptions> trust)
{
    private const string Scheme = "DPoP ";

    // What RFC 6750 and RFC 9449 call them in the challenge.
    private const string InvalidToken = "invalid_token";
    private const string InvalidProof = "invalid_dpop_proof";

    public async ValueTask<Refusal?> CheckTokenAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var request = exchange.Context.Request;
        var authorization = request.Headers.Authorization;
        if (authorization.Count == 0)
            return Missing("Authorization", new(
                "Headeren Authorization mangler. Den skal være «DPoP» og tilgangstokenet.",
                "Headeren Authorization manglar. Han skal vere «DPoP» og tilgangstokenet.",
                "The header Authorization is missing. It is to be “DPoP” and the access token."));
        if (authorization.Count > 1 || authorization[0]?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
            return Wrong("Authorization", new(
                "Authorization skal stå én gang og være «DPoP» og tilgangstokenet.",
                "Authorization skal stå éin gong og vere «DPoP» og tilgangstokenet.",
                "Authorization is to stand once and be “DPoP” and the access token."));

        var (token, tokenFault) = await tokens.VerifyAsync(authorization[0]![Scheme.Length..].Trim(), cancellation);
        if (token is null) return OfToken(tokenFault);
        exchange.Token = token;
        return null;
    }

    /// <summary>
    /// Checks the proof. That it is used once is seen to here when nothing is to be stored, and else by the log.
    /// </summary>
    public async ValueTask<Refusal?> CheckProofAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var request = exchange.Context.Request;
        var header = request.Headers["DPoP"];
        if (header.Count == 0) return Missing("DPoP", new(
            "Headeren DPoP mangler. Den skal være et DPoP-bevis.",
            "Headeren DPoP manglar. Han skal vere eit DPoP-bevis.",
            "The header DPoP is missing. It is to be a DPoP proof."));
        if (header.Count > 1) return WrongProof(new(
            "Headeren DPoP skal stå én gang.",
            "Headeren DPoP skal stå éin gong.",
            "The header DPoP is to stand once."));
        var (proof, proofFault) = proofs.Verify(
            header[0]!, exchange.Token!, new ProvenRequest(request.Method, Address(request)));
        if (proof is null) return OfProof(proofFault, Address(request));
        exchange.Proof = proof;
        return exchange.IsTrial && !await used.TryUseAsync(Used(proof), cancellation) ? Replayed() : null;
    }

    public UsedProof Used(DpopProof proof) =>
        new($"{proof.KeyThumbprint}.{proof.Id}", proof.IssuedAt + proofs.Lifetime);

    public static Refusal Replayed() => WrongProof(
        new(
            "DPoP-beviset er brukt før. Lag et nytt bevis med ny jti for hver forespørsel.",
            "DPoP-beviset er brukt før. Lag eit nytt bevis med ny jti for kvar førespurnad.",
            "The DPoP proof has been used before. Make a new proof with a new jti for each request."));

    private string Address(HttpRequest request) => options.Value.PublicAddress is { } address
        ? $"{address.GetLeftPart(UriPartial.Authority)}{address.AbsolutePath.TrimEnd('/')}{request.Path}"
        : $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}";

    private Refusal OfToken(TokenFault fault) => fault switch
    {
        TokenFault.IssuerUnavailable => Refusal.Unavailable(
            SlashCode.None, new(
                "Tilgangstokenet kan ikke kontrolleres nå. Prøv igjen om litt.",
                "Tilgangstokenet kan ikkje kontrollerast no. Prøv igjen om litt.",
                "The access token cannot be verified now. Try again in a while.")),
        TokenFault.Expired => Wrong("Authorization", new(
            "Tilgangstokenet er utløpt. Hent et nytt.",
            "Tilgangstokenet har gått ut. Hent eit nytt.",
            "The access token has expired. Get a new one.")),
        TokenFault.NotYetValid => Wrong(
            "Authorization", new(
                "Tilgangstokenet gjelder ikke ennå. Kontroller klokken der det ble laget.",
                "Tilgangstokenet gjeld ikkje enno. Kontroller klokka der det blei laga.",
                "The access token is not valid yet. Check the clock where it was made.")),
        TokenFault.Issuer => Wrong("Authorization", new(
            $"Tilgangstokenet skal være utstedt av {trust.Value.Issuer}.",
            $"Tilgangstokenet skal vere utferda av {trust.Value.Issuer}.",
            $"The access token is to be issued by {trust.Value.Issuer}.")),
        TokenFault.Audience => Wrong(
            "Authorization",
            new(
                $"Tilgangstokenet skal gjelde {trust.Value.Audience} (aud). Kontroller klientens API i HelseID.",
                $"Tilgangstokenet skal gjelde {trust.Value.Audience} (aud). Kontroller API-et til klienten i HelseID.",
                $"The access token is to be for {trust.Value.Audience} (aud). Check the client's API in HelseID.")),
        TokenFault.NotBound => Refusal.Unauthorized(
            SlashCode.MissingSignatureClaimFromHelseIdToken, "Authorization", InvalidToken,
            new(
                "Tilgangstokenet er ikke bundet til en nøkkel (cnf.jkt). Be om det med et DPoP-bevis.",
                "Tilgangstokenet er ikkje bunde til ein nøkkel (cnf.jkt). Be om det med eit DPoP-bevis.",
                "The access token is bound to no key (cnf.jkt). Ask for it with a DPoP proof.")),
        TokenFault.BadBinding => Refusal.Unauthorized(
            SlashCode.BadSignatureClaimFromHelseIdToken, "Authorization", InvalidToken,
            new(
                "Tilgangstokenets cnf.jkt er ikke en nøkkels avtrykk (SHA-256 i base64url). Hent et nytt token.",
                "cnf.jkt i tilgangstokenet er ikkje avtrykket av ein nøkkel (SHA-256 i base64url). Hent "
                + "eit nytt token.",
                "The access token's cnf.jkt is no thumbprint of a key (SHA-256 in base64url). Get a new token.")),
        TokenFault.Type => Wrong("Authorization", new(
            "Dette er ikke et tilgangstoken (typ skal være at+jwt).",
            "Dette er ikkje eit tilgangstoken (typ skal vere at+jwt).",
            "This is no access token (typ is to be at+jwt).")),
        TokenFault.Algorithm or TokenFault.UnknownKey or TokenFault.BadKey or TokenFault.Signature => Wrong(
            "Authorization", new(
                "Tilgangstokenets signatur er ikke gyldig. Send tokenet slik HelseID ga det.",
                "Signaturen til tilgangstokenet er ikkje gyldig. Send tokenet slik HelseID gav det.",
                "The signature of the access token is not valid. Send the token as HelseID gave it.")),
        _ => Wrong("Authorization", new(
            "Tilgangstokenet kan ikke leses. Send det slik HelseID ga det.",
            "Tilgangstokenet kan ikkje lesast. Send det slik HelseID gav det.",
            "The access token cannot be read. Send it as HelseID gave it.")),
    };

    private static Refusal OfProof(TokenFault fault, string address) => fault == TokenFault.OtherKey
        ? Refusal.Unauthorized(
            SlashCode.HelseIdSignatureDoesNotMatchHeaderValues, "DPoP", InvalidProof,
            new(
                "DPoP-beviset er signert med en annen nøkkel enn tilgangstokenet er bundet til (cnf.jkt).",
                "DPoP-beviset er signert med ein annan nøkkel enn tilgangstokenet er bunde til (cnf.jkt).",
                "The DPoP proof is signed by another key than the access token is bound to (cnf.jkt)."))
        : WrongProof(WordsOf(fault, address));

    private static LocalizedText WordsOf(TokenFault fault, string address) => fault switch
    {
        TokenFault.Method => new(
            "DPoP-bevisets htm skal være forespørselens metode.",
            "htm i DPoP-beviset skal vere metoden i førespurnaden.",
            "The DPoP proof's htm is to be the method of the request."),
        TokenFault.Address => new(
            $"DPoP-bevisets htu skal være {address}.",
            $"htu i DPoP-beviset skal vere {address}.",
            $"The DPoP proof's htu is to be {address}."),
        TokenFault.OtherToken => new(
            "DPoP-bevisets ath skal være SHA-256 av tilgangstokenet som sendes, i base64url.",
            "ath i DPoP-beviset skal vere SHA-256 av tilgangstokenet som blir sendt, i base64url.",
            "The DPoP proof's ath is to be the SHA-256 of the access token that is sent, in base64url."),
        TokenFault.NoId => new(
            "DPoP-beviset skal ha en jti på høyst 256 tegn.",
            "DPoP-beviset skal ha ein jti på høgst 256 teikn.",
            "The DPoP proof is to have a jti of at most 256 characters."),
        TokenFault.Expired => new(
            "DPoP-beviset er for gammelt. Lag et nytt for hver forespørsel, og kontroller klokken.",
            "DPoP-beviset er for gammalt. Lag eit nytt for kvar førespurnad, og kontroller klokka.",
            "The DPoP proof is too old. Make a new one for each request, and check the clock."),
        TokenFault.NotYetValid => new(
            "DPoP-beviset er fra framtiden. Kontroller klokken.",
            "DPoP-beviset er frå framtida. Kontroller klokka.",
            "The DPoP proof is from the future. Check the clock."),
        TokenFault.Type => new(
            "DPoP-bevisets typ skal være dpop+jwt.",
            "typ i DPoP-beviset skal vere dpop+jwt.",
            "The DPoP proof's typ is to be dpop+jwt."),
        TokenFault.Algorithm =>
            new(
                "DPoP-beviset skal være signert med RS256, PS256 eller ES256, og alg i jwk være den samme.",
                "DPoP-beviset skal vere signert med RS256, PS256 eller ES256, og alg i jwk vere den same.",
                "The DPoP proof is to be signed with RS256, PS256 or ES256, and alg in jwk be the same."),
        TokenFault.BadKey =>
            new(
                "DPoP-bevisets jwk skal være en offentlig nøkkel: RSA på 2048–4096 bit eller P-256, uten "
                + "private deler.",
                "jwk i DPoP-beviset skal vere ein offentleg nøkkel: RSA på 2048–4096 bit eller P-256, "
                + "utan private delar.",
                "The DPoP proof's jwk is to be a public key: RSA of 2048–4096 bits or P-256, without private parts."),
        TokenFault.Signature => new(
            "DPoP-bevisets signatur er ikke gyldig.",
            "Signaturen til DPoP-beviset er ikkje gyldig.",
            "The signature of the DPoP proof is not valid."),
        _ => new(
            "DPoP-beviset kan ikke leses som en JWT på høyst 16 kB med iat i sekunder.",
            "DPoP-beviset kan ikkje lesast som ein JWT på høgst 16 kB med iat i sekund.",
            "The DPoP proof cannot be read as a JWT of at most 16 kB with iat in seconds."),
    };

    private static Refusal Missing(string header, LocalizedText text) =>
        Refusal.Unauthorized(SlashCode.HttpHeaderMissing, header, "invalid_request", text);

    private static Refusal Wrong(string header, LocalizedText text) =>
        Refusal.Unauthorized(SlashCode.HttpHeaderValidation, header, InvalidToken, text);

    private static Refusal WrongProof(LocalizedText text) =>
        Refusal.Unauthorized(SlashCode.HttpHeaderValidation, "DPoP", InvalidProof, text);
}
