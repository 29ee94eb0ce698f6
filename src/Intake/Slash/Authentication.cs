using Kilde.Intake.Log;
using Kilde.Platform.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Slash;

/// <summary>Checks token and proof, and says in Norwegian what a vendor must do when one of them is wrong.</summary>
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
            return Missing("Authorization", "Headeren Authorization mangler. Den skal være «DPoP» og tilgangstokenet.");
        if (authorization.Count > 1 || authorization[0]?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
            return Wrong("Authorization", "Authorization skal stå én gang og være «DPoP» og tilgangstokenet.");

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
        if (header.Count == 0) return Missing("DPoP", "Headeren DPoP mangler. Den skal være et DPoP-bevis.");
        if (header.Count > 1) return WrongProof("Headeren DPoP skal stå én gang.");
        var (proof, proofFault) = proofs.Verify(
            header[0]!, exchange.Token!, new ProvenRequest(request.Method, Address(request)));
        if (proof is null) return OfProof(proofFault, Address(request));
        exchange.Proof = proof;
        return exchange.IsTrial && !await used.TryUseAsync(Used(proof), cancellation) ? Replayed() : null;
    }

    public UsedProof Used(DpopProof proof) =>
        new($"{proof.KeyThumbprint}.{proof.Id}", proof.IssuedAt + proofs.Lifetime);

    public static Refusal Replayed() => WrongProof(
        "DPoP-beviset er brukt før. Lag et nytt bevis med ny jti for hver forespørsel.");

    private string Address(HttpRequest request) => options.Value.PublicAddress is { } address
        ? $"{address.GetLeftPart(UriPartial.Authority)}{address.AbsolutePath.TrimEnd('/')}{request.Path}"
        : $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}";

    private Refusal OfToken(TokenFault fault) => fault switch
    {
        TokenFault.IssuerUnavailable => Refusal.Unavailable(
            SlashCode.None, "Tilgangstokenet kan ikke kontrolleres nå. Prøv igjen om litt."),
        TokenFault.Expired => Wrong("Authorization", "Tilgangstokenet er utløpt. Hent et nytt."),
        TokenFault.NotYetValid => Wrong(
            "Authorization", "Tilgangstokenet gjelder ikke ennå. Kontroller klokken der det ble laget."),
        TokenFault.Issuer => Wrong("Authorization", $"Tilgangstokenet skal være utstedt av {trust.Value.Issuer}."),
        TokenFault.Audience => Wrong(
            "Authorization",
            $"Tilgangstokenet skal gjelde {trust.Value.Audience} (aud). Kontroller klientens API i HelseID."),
        TokenFault.NotBound => Refusal.Unauthorized(
            SlashCode.MissingSignatureClaimFromHelseIdToken, "Authorization", InvalidToken,
            "Tilgangstokenet er ikke bundet til en nøkkel (cnf.jkt). Be om det med et DPoP-bevis."),
        TokenFault.BadBinding => Refusal.Unauthorized(
            SlashCode.BadSignatureClaimFromHelseIdToken, "Authorization", InvalidToken,
            "Tilgangstokenets cnf.jkt er ikke en nøkkels avtrykk (SHA-256 i base64url). Hent et nytt token."),
        TokenFault.Type => Wrong("Authorization", "Dette er ikke et tilgangstoken (typ skal være at+jwt)."),
        TokenFault.Algorithm or TokenFault.UnknownKey or TokenFault.BadKey or TokenFault.Signature => Wrong(
            "Authorization", "Tilgangstokenets signatur er ikke gyldig. Send tokenet slik HelseID ga det."),
        _ => Wrong("Authorization", "Tilgangstokenet kan ikke leses. Send det slik HelseID ga det."),
    };

    private static Refusal OfProof(TokenFault fault, string address) => fault == TokenFault.OtherKey
        ? Refusal.Unauthorized(
            SlashCode.HelseIdSignatureDoesNotMatchHeaderValues, "DPoP", InvalidProof,
            "DPoP-beviset er signert med en annen nøkkel enn tilgangstokenet er bundet til (cnf.jkt).")
        : WrongProof(WordsOf(fault, address));

    private static string WordsOf(TokenFault fault, string address) => fault switch
    {
        TokenFault.Method => "DPoP-bevisets htm skal være forespørselens metode.",
        TokenFault.Address => $"DPoP-bevisets htu skal være {address}.",
        TokenFault.OtherToken => "DPoP-bevisets ath skal være SHA-256 av tilgangstokenet som sendes, i base64url.",
        TokenFault.NoId => "DPoP-beviset skal ha en jti på høyst 256 tegn.",
        TokenFault.Expired => "DPoP-beviset er for gammelt. Lag et nytt for hver forespørsel, og kontroller klokken.",
        TokenFault.NotYetValid => "DPoP-beviset er fra framtiden. Kontroller klokken.",
        TokenFault.Type => "DPoP-bevisets typ skal være dpop+jwt.",
        TokenFault.Algorithm =>
            "DPoP-beviset skal være signert med RS256, PS256 eller ES256, og alg i jwk være den samme.",
        TokenFault.BadKey =>
            "DPoP-bevisets jwk skal være en offentlig nøkkel: RSA på 2048–4096 bit eller P-256, uten private deler.",
        TokenFault.Signature => "DPoP-bevisets signatur er ikke gyldig.",
        _ => "DPoP-beviset kan ikke leses som en JWT på høyst 16 kB med iat i sekunder.",
    };

    private static Refusal Missing(string header, string text) =>
        Refusal.Unauthorized(SlashCode.HttpHeaderMissing, header, "invalid_request", text);

    private static Refusal Wrong(string header, string text) =>
        Refusal.Unauthorized(SlashCode.HttpHeaderValidation, header, InvalidToken, text);

    private static Refusal WrongProof(string text) =>
        Refusal.Unauthorized(SlashCode.HttpHeaderValidation, "DPoP", InvalidProof, text);
}
