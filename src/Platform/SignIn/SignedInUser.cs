using System.Security.Claims;
using Kilde.Kernel;

namespace Kilde.Platform.SignIn;

/// <summary>What a signed-in person may be to the registers.</summary>
public static class UserRole
{
    /// <summary>Register staff: sees every submission, configures senders, replays.</summary>
    public const string Staff = "staff";

    /// <summary>Someone at a reporting unit: sees that unit's submissions and nothing else.</summary>
    public const string Sender = "sender";

    /// <summary>Reads the audit log; touches nothing.</summary>
    public const string Auditor = "auditor";

    /// <summary>Someone at a maker of EHR systems: sees what its systems have tried, and nothing else.</summary>
    public const string Vendor = "vendor";

    public static IReadOnlyList<string> All { get; } = [Staff, Sender, Auditor, Vendor];
}

/// <summary>The signed-in person, as the provider vouched for them.</summary>
/// <param name="Id">The provider's subject. It must be pairwise or random, never a national identity number.</param>
/// <param name="Unit">The unit a sender, or the organisation a vendor, speaks for; null for everyone else.</param>
public sealed record SignedInUser(string Id, string Name, IReadOnlyList<string> Roles, OrganizationNumber? Unit)
{
    public const string IdClaim = "sub";
    public const string NameClaim = "name";
    public const string RoleClaim = "role";
    public const string UnitClaim = "unit";

    public bool IsStaff => Roles.Contains(UserRole.Staff);

    public bool IsSender => Roles.Contains(UserRole.Sender);

    public bool IsAuditor => Roles.Contains(UserRole.Auditor);

    public bool IsVendor => Roles.Contains(UserRole.Vendor);

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
            unit);
    }

    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var identity = new ClaimsIdentity(scheme, NameClaim, RoleClaim);
        identity.AddClaim(new Claim(IdClaim, Id));
        identity.AddClaim(new Claim(NameClaim, Name));
        identity.AddClaims(Roles.Select(role => new Claim(RoleClaim, role)));
        if (Unit is { } unit) identity.AddClaim(new Claim(UnitClaim, unit.ToString()));
        return new ClaimsPrincipal(identity);
    }
}
