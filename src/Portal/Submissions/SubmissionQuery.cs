using Kilde.Intake.Overview;
using Kilde.Portal.Shell;
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

    /// <summary>The filter of one unit, or of every one; null when a number in the address is none.</summary>
    public SubmissionFilter? FilterFor(AskedUnit unit)
    {
        var vendor = AskedNumber.Read(Vendor);
        if (!unit.CanBeShown || vendor.IsWrong) return null;
        SubmissionState? state = States.Any(known => known.Word == State)
            ? States.First(known => known.Word == State).State
            : null;
        return new SubmissionFilter(state, unit.Unit, vendor.Number, Type);
    }

    public string Url() => QueryHelpers.AddQueryString(Path, new[]
    {
        ("tilstand", State), ("type", Type), ("enhet", Unit), ("leverandor", Vendor), ("etter", After),
    }.Where(part => part.Item2 is not null).Select(part => KeyValuePair.Create(part.Item1, part.Item2)));
}
