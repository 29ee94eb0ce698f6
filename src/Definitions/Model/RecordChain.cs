namespace Kilde.Definitions.Model;

/// <summary>
/// A record that is a link of a chain: a notification that names the one before it and has the next serial number of
/// its unit. One with status N tells something new; M replaces an N and all that has referred to it before, and C
/// annuls them (Volven 7316). Each is the place of a column.
/// </summary>
/// <param name="Id">Global id of the link.</param>
/// <param name="Previous">Id of the link before; all zeros for the first of a unit.</param>
/// <param name="Serial">A whole number that grows by one.</param>
/// <param name="Original">For M and C, the N they are about.</param>
public sealed record ChainLink(int Id, int Previous, int Serial, int Status, int Original);

/// <summary>A record that hangs in a link: what the notification tells of. Each is the place of a column.</summary>
/// <param name="Link">Id of the link.</param>
/// <param name="Original">The N that the link is about, when it is none itself.</param>
/// <param name="IsAlone">
/// A link has at most one such record: then it is the same record in all links about the same original.
/// </param>
public sealed record ChainedRecord(int Link, int Original, bool IsAlone);
