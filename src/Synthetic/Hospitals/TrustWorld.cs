using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>
/// The patients of a trust in a year as of a day, institution by institution. Made one by one and never kept, so a year
/// of any size takes the same memory.
/// </summary>
internal sealed class TrustWorld(TrustYearOrder order)
{
    private const long FirstPatientNumber = 2_000_000;
    private const int NewbornDays = 100;

    private readonly ulong _seed = unchecked((ulong)order.Seed);
    private readonly HospitalTrust _trust = order.Trust;
    private readonly Inhabitants _inhabitants = new(unchecked((ulong)order.Seed));
    private readonly SomaticCourses _somatic = new(unchecked((ulong)order.Seed), order.Trust);
    private readonly MentalCourses _mental = new(unchecked((ulong)order.Seed), order.Trust);
    private readonly Resend _resend = new(unchecked((ulong)order.Seed), order.ChangedShare, new Horizon(order.AsOf));

    /// <summary>The people who belong to the trust, in the order files hold them.</summary>
    public IEnumerable<Inhabitant> People(IEnumerable<MunicipalityCode> municipalities)
    {
        foreach (var municipality in municipalities)
        {
            var count = (int)(Inhabitants.CountOf(municipality) * order.Share);
            for (var number = 0; number < count; number++) yield return _inhabitants.Get(municipality, number);
        }
    }

    /// <summary>Those with something to tell at an institution, from 1 January to the order's day.</summary>
    public IEnumerable<PatientYear> PatientsOf(TrustInstitution institution)
    {
        var asOf = order.AsOf;
        var all = new List<ReferralPeriod>();
        // Only the main hospital gets patients of the others; mental health care serves all.
        var isLocal = institution.Kind == InstitutionKind.Somatic && institution != _trust.MainHospital;
        var total = Math.Max(1, _trust.Catchment.Sum(place => (long)(Inhabitants.CountOf(place) * order.Share)));
        var met = 0L;
        foreach (var person in People(_trust.Catchment))
        {
            met++;
            if (isLocal && _trust.LocalHospital(person) != institution) continue;
            all.Clear();
            Collect(person, asOf.Year, institution.Kind, all);
            if (all.Count == 0) continue;
            var here = new List<ReferralPeriod>();
            foreach (var period in all)
            {
                if (period.Institution != institution || !IsTold(period, person, asOf)) continue;
                _resend.Apply(person, period);
                here.Add(period);
            }

            if (here.Count == 0) continue;
            yield return new PatientYear(person, FirstPatientNumber + person.Index, here)
            {
                BirthWeight = BirthWeightOf(person, here),
                Fault = order.Faults.Draw(_seed, person.Index, institution.Index),
                Progress = (double)met / total,
            };
        }
    }

    /// <summary>Everything that touches a year for a person, in order of institution and course.</summary>
    public void Collect(Inhabitant person, int year, InstitutionKind kind, List<ReferralPeriod> periods)
    {
        if (kind == InstitutionKind.Somatic)
        {
            _somatic.CollectChronic(person, year, periods);
            _somatic.Collect(person, year - 1, periods);
            _somatic.Collect(person, year, periods);
        }
        else
        {
            _mental.Collect(person, year - 1, kind, periods);
            _mental.Collect(person, year, kind, periods);
        }

        var newYear = new DateTime(year, 1, 1);
        foreach (var period in periods)
        {
            EndWithDeath(period, person);
            period.Episodes.RemoveAll(episode => episode.Out < newYear || episode.In.Year > year);
        }
    }

    private static bool IsTold(ReferralPeriod period, Inhabitant person, DateOnly asOf) =>
        period.ReceivedOn <= asOf
        && period.ReceivedOn <= person.DiedOn
        && (period.ClosedOn is not { } closedOn || closedOn.Year >= asOf.Year);

    private static void EndWithDeath(ReferralPeriod period, Inhabitant person)
    {
        var last = person.DiedOn.ToDateTime(new TimeOnly(23, 59));
        period.Episodes.RemoveAll(episode => episode.In > last);
        foreach (var episode in period.Episodes)
        {
            if (episode.Out <= last) continue;
            Stays.EndAt(episode, last);
            (episode.ToPlace, episode.ToInstitution, episode.EndsInDeath) = (1, null, true);
        }

        if (period.ClosedOn is null || period.ClosedOn > person.DiedOn) period.ClosedOn = person.DiedOn;
        if (period.WaitEndedOn > person.DiedOn) period.EndWaitByDeath(person.DiedOn);
    }

    private int? BirthWeightOf(Inhabitant person, List<ReferralPeriod> periods)
    {
        var isNewborn = periods.Exists(period => period.Episodes.Exists(
            episode => DateOnly.FromDateTime(episode.In).DayNumber - person.BornOn.DayNumber < NewbornDays));
        return isNewborn ? Chance.Of(_seed, Topic.Inhabitant, person.Index, 1).Between(2_300, 4_700) : null;
    }
}
