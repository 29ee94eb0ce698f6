using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>What happened to a service (KPR ipl 56.0.0).</summary>
internal enum CareEventKind
{
    Start = 1,
    PauseFrom,
    PauseTo,
    Moved,
    End,
}

/// <summary>A notification of something that happened to a service, or a correction or annulment of one.</summary>
/// <param name="ToldAt">When the notification arose; the chain is in this order.</param>
/// <param name="Status">List 7316: N original, M replaces, C annuls.</param>
/// <param name="Original">The N that an M or a C is about; not set for an N.</param>
internal sealed record CareEvent(
    CareUser User,
    CareService Service,
    CareEventKind Kind,
    DateOnly On,
    DateTime ToldAt,
    char Status,
    Guid Id,
    Guid EventId,
    Guid? Original,
    string? PauseId)
{
    public OrganizationNumber Provider => Service.MovedOn <= On ? Service.NextProvider : Service.Provider;
}
