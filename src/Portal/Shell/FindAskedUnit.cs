using Kilde.Intake.Senders;
using Kilde.Kernel;
using Kilde.Platform.SignIn;

namespace Kilde.Portal.Shell;

/// <summary>Whose data a page shows: what its address asks for, held against what the user may see.</summary>
/// <param name="Asked">What was asked for.</param>
/// <param name="Unit">Null when someone who may see every unit has not said which, or has said none.</param>
/// <param name="Sender">What the unit is set up as, when it was asked for; null when it is not set up.</param>
/// <param name="IsOwn">The user is held to the unit: it is shown whatever was asked for.</param>
public sealed record AskedUnit(
    AskedNumber Asked, OrganizationNumber? Unit, SenderConfiguration? Sender = null, bool IsOwn = false)
{
    public static AskedUnit None { get; } = new(default, Unit: null);

    /// <summary>A unit was asked for, and there is none by that number.</summary>
    public bool IsUnknown => !IsOwn && Asked.Text is not null && Sender is null;

    /// <summary>Another unit than the user's own was asked for; its own is shown.</summary>
    public bool IsNotYours => IsOwn && Asked.Text is not null && Asked.Number != Unit;

    /// <summary>There is something to look for: a unit, or every one.</summary>
    public bool CanBeShown => Unit is not null || Asked.Text is null;

    /// <summary>Key of what to say at the field of a list; null when nothing is wrong.</summary>
    /// <param name="isFound">The list has something: of a unit that is no longer set up, too.</param>
    public string? Mistake(bool isFound) =>
        IsUnknown && Asked.IsWrong ? "mistake.unitNumber" : IsUnknown && !isFound ? "mistake.unitUnknown" : null;
}

/// <summary>
/// Finds the unit that a page is asked for. Someone who belongs to one sees that one, whatever the address says, and is
/// told so; everyone else sees the one they ask for.
/// </summary>
public sealed class FindAskedUnit(SenderDirectory senders)
{
    /// <param name="own">The unit the user is held to; null for those who may see every unit.</param>
    public async Task<AskedUnit> FindAsync(string? text, OrganizationNumber? own, CancellationToken cancellation)
    {
        var asked = AskedNumber.Read(text);
        if (own is not null) return new AskedUnit(asked, own, IsOwn: true);
        return asked.Number is { } unit
            ? new AskedUnit(asked, unit, await senders.FindAsync(unit, cancellation))
            : new AskedUnit(asked, Unit: null);
    }

    /// <summary>For a page that staff may see of every unit, and others of their own.</summary>
    public Task<AskedUnit> FindAsync(string? text, SignedInUser user, CancellationToken cancellation) =>
        FindAsync(text, user.IsStaff ? null : user.Unit, cancellation);
}
