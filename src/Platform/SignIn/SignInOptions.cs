using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;

namespace Kilde.Platform.SignIn;

/// <summary>Settings of the pages' sign-in, section <c>SignIn</c>.</summary>
public sealed class SignInOptions : IValidatableObject
{
    /// <summary>
    /// The identity provider exactly as its tokens name it: HelseID or ID-porten, or the test provider. Plain http only
    /// on this machine.
    /// </summary>
    [Required]
    public string Issuer { get; set; } = "";

    [Required]
    public string ClientId { get; set; } = "kilde-portal";

    /// <summary>
    /// PEM file with the client's private key (RSA or P-256): the client proves itself with <c>private_key_jwt</c>.
    /// Exactly one of this and <see cref="ClientSecretFile"/> is set.
    /// </summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>The key's id (<c>kid</c>) at the provider; left out of the assertion when null.</summary>
    public string? ClientKeyId { get; set; }

    /// <summary>File that holds the client's shared secret and nothing else.</summary>
    public string? ClientSecretFile { get; set; }

    [Required]
    public string Scopes { get; set; } = "openid";

    /// <summary>
    /// Claim with the user's roles, as a list or a text with spaces: <c>staff</c>, <c>sender</c>, <c>auditor</c>,
    /// <c>vendor</c>.
    /// </summary>
    [Required]
    public string RoleClaim { get; set; } = "role";

    /// <summary>Claim with the organisation number of the unit or vendor that the user speaks for.</summary>
    [Required]
    public string UnitClaim { get; set; } = "unit";

    /// <summary>
    /// Claim that holds the user to a part of the unit: organisation number of a unit in a municipality or a hospital,
    /// or the six digits of an urban district. Sign-in is refused when it is there and cannot be read.
    /// </summary>
    [Required]
    public string PartClaim { get; set; } = "part";

    /// <summary>Hours until the user must sign in again, counted from sign-in however active the user is.</summary>
    [Range(1, 24)]
    public int SessionHoursMax { get; set; } = 8;

    /// <summary>
    /// The address users know the portal by, for example <c>https://kilde.example.no</c>. Null takes it from the
    /// request, which is right only when no proxy stands in front.
    /// </summary>
    public Uri? PublicOrigin { get; set; }

    /// <summary>Behind a proxy that ends TLS the request looks plain, so a public https address decides.</summary>
    internal CookieSecurePolicy CookieSecurity => PublicOrigin?.Scheme == Uri.UriSchemeHttps
        ? CookieSecurePolicy.Always
        : CookieSecurePolicy.SameAsRequest;

    /// <summary>
    /// Folder (mode 0700) for the keys that protect cookies, shared by all nodes. Null leaves the place to
    /// the framework: the user's own folder, or memory where there is none.
    /// </summary>
    public string? CookieKeyFolder { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((ClientKeyFile is null) == (ClientSecretFile is null))
        {
            yield return new ValidationResult(
                "Set exactly one of SignIn:ClientKeyFile and SignIn:ClientSecretFile.", [nameof(ClientKeyFile)]);
        }

        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer)
            || (issuer.Scheme != Uri.UriSchemeHttps && !issuer.IsLoopback))
        {
            yield return new ValidationResult("SignIn:Issuer must use https.", [nameof(Issuer)]);
        }
    }
}
