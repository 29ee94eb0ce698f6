using System.Text.Json;
using Kilde.Kernel;
using Kilde.Platform.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Platform.SignIn;

/// <summary>
/// Decides whether an id token is true and for us (OpenID Connect Core 1.0 § 3.1.3.7), and reads the user out of it.
/// </summary>
internal sealed class IdTokenCheck(IOptions<SignInOptions> options, TimeProvider clock, ILogger<IssuerKeys> log)
    : IDisposable
{
    private const int IdLengthMax = 200;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    // An id token need not name its type; an access token does, and is refused here.
    private static readonly string?[] Types = ["JWT", null];

    private readonly SignInOptions _options = options.Value;
    private readonly IssuerKeys _keys = new(options.Value.Issuer, clock, log);

    /// <exception cref="SignInRefusedException">The token is not to be believed, or is for another flow.</exception>
    public async Task<SignedInUser> VerifyAsync(string token, string nonce, CancellationToken cancellation)
    {
        var verifier = new JwtVerifier(_keys, _options.ClientId, ClockSkew, clock);
        var (claims, fault) = await verifier.VerifyAsync(token, Types, cancellation);
        if (claims is null) throw new SignInRefusedException("id_token_" + fault.ToString().ToLowerInvariant());
        if (claims.Text("nonce") != nonce) throw new SignInRefusedException("id_token_nonce");
        if (claims.Text("azp") is { } party && party != _options.ClientId)
        {
            throw new SignInRefusedException("id_token_azp");
        }

        if (claims.Subject.Length is 0 or > IdLengthMax) throw new SignInRefusedException("id_token_sub");

        // The log must not hold a national identity number, so a provider that uses it as subject is refused.
        if (PersonIdentifier.TryParse(claims.Subject, provider: null, out _))
        {
            throw new SignInRefusedException("id_token_sub_is_person_number");
        }

        var unitText = claims.Text(_options.UnitClaim);
        OrganizationNumber? unit = OrganizationNumber.TryParse(unitText, provider: null, out var number)
            ? number
            : null;
        return new SignedInUser(
            claims.Subject, claims.Text("name") ?? claims.Subject, RolesOf(claims), unit, PartOf(claims));
    }

    public void Dispose() => _keys.Dispose();

    // A part that cannot be read must not become the whole unit.
    private UnitPart? PartOf(JwtClaims claims)
    {
        if (!claims.Payload.TryGetProperty(_options.PartClaim, out _)) return null;
        return UnitPart.TryParse(claims.Text(_options.PartClaim))
            ?? throw new SignInRefusedException("id_token_part");
    }

    private string[] RolesOf(JwtClaims claims)
    {
        if (!claims.Payload.TryGetProperty(_options.RoleClaim, out var value)) return [];
        var named = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Split(' '),
            JsonValueKind.Array => [.. value.EnumerateArray()
                .Where(item => item.ValueKind == JsonValueKind.String)
                .Select(item => item.GetString()!)],
            _ => [],
        };
        return [.. UserRole.All.Intersect(named)];
    }
}
