using Kilde.Platform.SignIn;
using Microsoft.AspNetCore.Authorization;

namespace Kilde.Portal;

/// <summary>Who may open a page. A page without one of these asks for a signed-in user with some role.</summary>
public static class PortalPolicy
{
    /// <summary>Any signed-in user with a role.</summary>
    public const string SomeRole = "portal.some-role";

    /// <summary>Submissions and senders: staff see all, a sender sees its own unit's.</summary>
    public const string StaffOrSender = "portal.staff-or-sender";

    public const string Staff = "portal.staff";

    public const string Auditor = "portal.auditor";

    /// <summary>What was tried in the validation service: staff see all, a vendor its own.</summary>
    public const string TrialReader = "portal.trial-reader";

    internal static void Configure(AuthorizationOptions authorization)
    {
        authorization.AddPolicy(SomeRole, policy => policy.RequireRole(UserRole.All));
        authorization.AddPolicy(Staff, policy => policy.RequireRole(UserRole.Staff));
        authorization.AddPolicy(Auditor, policy => policy.RequireRole(UserRole.Auditor));

        // A sender whose unit is unknown would see nothing that is theirs; refuse instead of showing an empty list.
        authorization.AddPolicy(StaffOrSender, policy => policy.RequireAssertion(context =>
            SignedInUser.From(context.User) is { IsStaff: true } or { IsSender: true, Unit: not null }));
        authorization.AddPolicy(TrialReader, policy => policy.RequireAssertion(context =>
            SignedInUser.From(context.User) is { IsStaff: true } or { IsVendor: true, Unit: not null }));
    }
}
