using Kilde.Audit;
using Kilde.Kernel;

namespace Kilde.Intake.Senders;

/// <summary>A reporting unit as configured.</summary>
/// <param name="Enterprise">The enterprise responsible for it (virksomhet).</param>
public sealed record SenderConfiguration(
    OrganizationNumber Unit, string Name, OrganizationNumber? Enterprise, IReadOnlyList<SubUnit> SubUnits,
    IReadOnlyList<SenderVendor> Vendors, IReadOnlyList<Obligation> Obligations);

/// <summary>A sub-unit (underenhet) whose activity the unit reports.</summary>
public sealed record SubUnit(OrganizationNumber Number, string Name);

/// <summary>A vendor that sends for the unit.</summary>
/// <param name="ClientId">The vendor's client; null when any client of the vendor may send.</param>
public sealed record SenderVendor(OrganizationNumber Vendor, string? ClientId = null);

/// <summary>A message type the unit sends, from and to which day, both included.</summary>
public sealed record Obligation(string MessageType, DateOnly FromOn, DateOnly? ToOn = null);

/// <summary>
/// Sets the whole configuration of a unit. It holds from the next message on, on all nodes, without a restart.
/// </summary>
public sealed class ConfigureSender
{
    public Task ConfigureAsync(SenderConfiguration sender, AccessGround ground, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
