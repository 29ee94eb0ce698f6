namespace Kilde.Synthetic;

/// <summary>A message as an EHR would send it, before encryption.</summary>
/// <param name="Type">Name on the wire, such as <c>HST_Konsultasjon</c>.</param>
/// <param name="Version">Version on the wire.</param>
/// <param name="Day">The day of extraction, header <c>x-data-extraction-date</c>.</param>
/// <param name="Sequence">Place among the unit's messages of the day, from 0: the order to send them in.</param>
/// <param name="SendAt">When the EHR would send it.</param>
/// <param name="Records">Records the message carries, deletions included.</param>
/// <param name="Json">UTF-8; not JSON at all when that is the seeded error.</param>
/// <param name="Seeded">What was made wrong on purpose; empty when the message is sound.</param>
public sealed record SyntheticMessage(
    string Type,
    string Version,
    SyntheticUnit Unit,
    DateOnly Day,
    int Sequence,
    DateTimeOffset SendAt,
    int Records,
    ReadOnlyMemory<byte> Json,
    IReadOnlyList<SeededError> Seeded)
{
    public bool IsSound => Seeded.Count == 0;
}
