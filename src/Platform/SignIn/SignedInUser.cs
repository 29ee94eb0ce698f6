using System.Security.Claims;
using Kilde.Kernel;

namespace Kilde.Platform.SignIn;

/// <summary>What a signed-in person may be to the registers.</summary>
public static class UserRole
{
    /// <summary>Register staff: sees every submission, configures senders, replays.</summary>
    public const string Staff = "staff";

    /// <summary>
    /// Someone at a reporting unit: sees that unit's submissions and nothing else; at a part of one, its figures only.
    /// </summary>
    public const string Sender = "sender";

    /// <summary>Reads the audit log; touches nothing.</summary>
    public const string Auditor = "auditor";

    /// <summary>Someone at a maker of EHR systems: sees what its systems have tried, and nothing else.</summary>
    public const string Vendor = "vendor";

    public static IReadOnlyList<string> All { get; } = [Staff, Sender, Auditor, Vendor];
}

/// <summary>The signed-in person, as the provider vouched for them.</summary>
/// <param name="Id">The provider's subject. It must be pairwise or random, never a national identity number.</param>
/// <param name="Unit">
/// The reporting unit a sender, or the organisation a vendor, speaks for; null for everyone else.
/// </param>
/// <param name="Part">The part of the unit that the person is held to; null for the whole of it.</param>
public sealed record SignedInUser(
    string Id, string Name, IReadOnlyList<string> Roles, OrganizationNumber? Unit, UnitPart? Part = null)
{
    public const string IdClaim = "sub";
    public const string NameClaim = "name";
    public const string RoleClaim = "role";
    public const string UnitClaim = "unit";
    public const string PartClaim = "part";

    public bool IsStaff => Roles.Contains(UserRole.Staff);

    public bool IsSender => Roles.Contains(UserRole.Sender);

    public bool IsAuditor => Roles.Contains(UserRole.Auditor);

    public bool IsVendor => Roles.Contains(UserRole.Vendor);

    /// <summary>May see all that a reporting unit has sent. Nobody who is held to a part of it may.</summary>
    public bool SpeaksForUnit => IsSender && Unit is not null && Part is null;

    /// <summary>May see figures of a reporting unit: of all of it, or of the part.</summary>
    public bool HasFigures => IsSender && Unit is not null;

    /// <summary>The user behind a request; null when nobody is signed in.</summary>
    public static SignedInUser? From(ClaimsPrincipal principal)
    {
        if (principal.Identity is not { IsAuthenticated: true }) return null;
        if (principal.FindFirst(IdClaim) is not { Value: var id }) return null;

        OrganizationNumber? unit =
            OrganizationNumber.TryParse(principal.FindFirst(UnitClaim)?.Value, provider: null, out var number)
                ? number
                : null;
        return new SignedInUser(
            id,
            principal.FindFirst(NameClaim)?.Value ?? id,
            [.. principal.FindAll(RoleClaim).Select(claim => claim.Value)],
            unit,
            PartOf(principal));
    }

    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var identity = new ClaimsIdentity(scheme, NameClaim, RoleClaim);
        identity.AddClaim(new Claim(IdClaim, Id));
        identity.AddClaim(new Claim(NameClaim, Name));
        identity.AddClaims(Roles.Select(role => new Claim(RoleClaim, role)));
        if (Unit is { } unit) identity.AddClaim(new Claim(UnitClaim, unit.ToString()));
        if (Part is { } part) identity.AddClaim(new Claim(PartClaim, part.ToString()));
        return new ClaimsPrincipal(identity);
    }

    // Someone who is held to a part must never come to the whole because the claim could not be read.
    private static UnitPart? PartOf(ClaimsPrincipal principal) =>
        principal.FindFirst(PartClaim) is { Value: var part } ? UnitPart.Parse(part) : null;
}
