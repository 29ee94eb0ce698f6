using Kilde.Intake.Overview;
using Kilde.Kernel;
using Kilde.Platform.SignIn;
using Microsoft.AspNetCore.WebUtilities;

namespace Kilde.Portal.Submissions;

/// <summary>What a user asks of the list, as it stands in the address: a list can be bookmarked and shared.</summary>
public sealed record SubmissionQuery(string? State, string? Type, string? Unit, string? Vendor, string? After)
{
    public const string Path = "/mottak";

    /// <summary>States in the address, in the order a message passes them.</summary>
    public static IReadOnlyList<(string Word, SubmissionState State)> States { get; } =
    [
        ("venter", SubmissionState.Accepted),
        ("i-registeret", SubmissionState.Merged),
        ("avvist", SubmissionState.Rejected),
        ("satt-til-side", SubmissionState.SetAside),
    ];

    public bool IsNarrowed => State is not null || Type is not null || Unit is not null || Vendor is not null;

    /// <summary>
    /// The filter the user may use: a sender's is always its own unit, whatever the address says. Null when a number
    /// in the address is no organisation number, with the key of what to tell about it in <paramref name="mistake"/>.
    /// </summary>
    public SubmissionFilter? FilterFor(SignedInUser user, out string? mistake)
    {
        mistake = null;
        SubmissionState? state = States.Any(known => known.Word == State)
            ? States.First(known => known.Word == State).State
            : null;
        if (!TryRead(Unit, out var unit)) mistake = "submissions.mistake.unit";
        if (!TryRead(Vendor, out var vendor)) mistake = "mistake.vendorNumber";
        if (mistake is not null) return null;

        return new SubmissionFilter(state, user.IsStaff ? unit : user.Unit, vendor, Type);
    }

    public string Url() => QueryHelpers.AddQueryString(Path, new[]
    {
        ("tilstand", State), ("type", Type), ("enhet", Unit), ("leverandor", Vendor), ("etter", After),
    }.Where(part => part.Item2 is not null).Select(part => KeyValuePair.Create(part.Item1, part.Item2)));

    private static bool TryRead(string? text, out OrganizationNumber? number)
    {
        number = null;
        if (text is null) return true;
        if (!OrganizationNumber.TryParse(text.Replace(" ", "", StringComparison.Ordinal), provider: null, out var read))
        {
            return false;
        }

        number = read;
        return true;
    }
}
