using Kilde.Platform.SignIn;
using Microsoft.AspNetCore.Authorization;

namespace Kilde.Portal;

/// <summary>Who may open a page. A page without one of these asks for a signed-in user with some role.</summary>
public static class PortalPolicy
{
    /// <summary>Any signed-in user with a role.</summary>
    public const string SomeRole = "portal.some-role";

    /// <summary>
    /// Submissions, senders, findings: staff see all, a sender its own unit's. Someone held to a part of a unit does
    /// not come in: nothing here is told apart by part.
    /// </summary>
    public const string StaffOrSender = "portal.staff-or-sender";

    /// <summary>Figures: staff see all, a sender its own unit's, and someone at a part of a unit the part's.</summary>
    public const string Figures = "portal.figures";

    /// <summary>Someone who speaks for the whole of a reporting unit, and nobody else, staff neither.</summary>
    public const string Sender = "portal.sender";

    public const string Staff = "portal.staff";

    public const string Auditor = "portal.auditor";

    /// <summary>What systems have tried and how they fare: staff see all, a vendor its own.</summary>
    public const string StaffOrVendor = "portal.staff-or-vendor";

    internal static void Configure(AuthorizationOptions authorization)
    {
        authorization.AddPolicy(SomeRole, policy => policy.RequireRole(UserRole.All));
        authorization.AddPolicy(Staff, policy => policy.RequireRole(UserRole.Staff));
        authorization.AddPolicy(Auditor, policy => policy.RequireRole(UserRole.Auditor));

        // A sender whose unit is unknown would see nothing that is theirs; refuse instead of showing an empty list.
        authorization.AddPolicy(StaffOrSender, policy => policy.RequireAssertion(context =>
            SignedInUser.From(context.User) is { IsStaff: true } or { SpeaksForUnit: true }));
        authorization.AddPolicy(Sender, policy => policy.RequireAssertion(context =>
            SignedInUser.From(context.User) is { SpeaksForUnit: true }));
        authorization.AddPolicy(Figures, policy => policy.RequireAssertion(context =>
            SignedInUser.From(context.User) is { IsStaff: true } or { HasFigures: true }));
        authorization.AddPolicy(StaffOrVendor, policy => policy.RequireAssertion(context =>
            SignedInUser.From(context.User) is { IsStaff: true } or { IsVendor: true, Unit: not null }));
    }
}
