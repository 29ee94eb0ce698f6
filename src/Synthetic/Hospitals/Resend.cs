namespace Kilde.Synthetic;

/// <summary>
/// What has been mended since a file was last sent: in a chosen share of the episodes told, most have got another main
/// condition; of a hundred, five are gone and five have got one more contact beside them.
/// </summary>
internal sealed class Resend(ulong seed, double share, Horizon horizon)
{
    private const int Gone = 5;
    private const int Doubled = 10;

    public void Apply(Inhabitant person, ReferralPeriod period)
    {
        if (share <= 0) return;
        for (var at = period.Episodes.Count - 1; at >= 0; at--)
        {
            var episode = period.Episodes[at];
            if (!horizon.Includes(episode.In)) continue;
            var chance = Chance.Of(seed, Topic.Revision, person.Index, episode.In.Ticks);
            if (!chance.Happens(share)) continue;
            switch (chance.Below(100))
            {
                case < Gone:
                    period.Episodes.RemoveAt(at);
                    break;
                case < Doubled:
                    period.Episodes.Insert(at + 1, Stays.Contact(
                        episode.Id + "B", episode.Department, episode.In, 3, kind: 3, [episode.Conditions[0]],
                        ref chance));
                    break;
                default:
                    episode.Conditions[0] = Another(episode);
                    break;
            }
        }
    }

    private static string Another(Episode episode)
    {
        var all = episode.Department.Specialty.Planned;
        return all[(Array.IndexOf(all, episode.Conditions[0]) + 1) % all.Length];
    }
}
