using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Intake.Overview;

/// <summary>What one unit owes of one message type, and what it has sent.</summary>
/// <param name="LastReceivedAt">Newest accepted submission, repeats included; null when there is none.</param>
/// <param name="LastExtractedOn">Newest day of extraction.</param>
/// <param name="SilentDays">Whole days since the last one, or since the obligation began; null when it is not in force.</param>
/// <param name="VendorName">Vendor and software of the newest submission.</param>
public sealed record SenderObligation(
    string MessageType, DateOnly FromOn, DateOnly? ToOn, DateTimeOffset? LastReceivedAt, DateOnly? LastExtractedOn,
    int? SilentDays, string? VendorName, string? SoftwareName, string? SoftwareVersion);

/// <summary>A configured unit.</summary>
public sealed record SenderLine(
    OrganizationNumber Unit, string Name, OrganizationNumber? Enterprise, int SubUnits,
    IReadOnlyList<OrganizationNumber> Vendors, IReadOnlyList<SenderObligation> Obligations);

/// <summary>Units with vendors and obligations, and how long each has been silent.</summary>
public sealed class FindSenders(RegisterDatabase database, TimeProvider clock)
{
    /// <param name="text">Part of the name or start of the number; null for all.</param>
    /// <param name="afterUnit">The last unit of the page before.</param>
    public Task<IReadOnlyList<SenderLine>> FindAsync(
        string? text, OrganizationNumber? afterUnit, int pageSize, CancellationToken cancellation)
    {
        _ = database;
        _ = clock;
        throw new NotSupportedException();
    }

    /// <summary>One unit, or null when it is not configured.</summary>
    public Task<SenderLine?> FindAsync(OrganizationNumber unit, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
