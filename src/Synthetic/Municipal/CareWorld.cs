using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>
/// The people of a municipality who have municipal services in a year. What the hospitals' files tell of the same
/// people decides much of it: the chronically ill get home nursing, those who are ready for discharge a short stay.
/// </summary>
/// <param name="progress">Told the share of the people met, 0–1, now and then.</param>
internal sealed class CareWorld(
    MunicipalityYearOrder order, IProgress<double>? progress, CancellationToken cancellation)
{
    private const int ToldEach = 1_000;
    // IPLOS holds nothing from before 2005; whoever had a service then was granted it anew.
    private static readonly DateOnly FirstTold = new(2005, 3, 1);

    private const int ProviderNumbers = 36_500_000;
    private const int ProvidersPerMunicipality = 3;
    private const int ShortStayDaysMax = 45;

    private readonly ulong _seed = unchecked((ulong)order.Seed);
    private readonly Inhabitants _inhabitants = new(unchecked((ulong)order.Seed));

    /// <summary>Everybody who lives in the municipality, by the borders of the year.</summary>
    public IEnumerable<Inhabitant> People()
    {
        var year = order.AsOf.Year;
        var places = MunicipalityCode.InUse(Inhabitants.CodeYear)
            .Where(today => MunicipalitySizes.Before(today, year).Contains(order.Municipality)).ToList();
        var total = Math.Max(1, places.Sum(today => (long)(Inhabitants.CountOf(today) * order.Share)));
        var met = 0L;
        foreach (var today in places)
        {
            var count = (int)(Inhabitants.CountOf(today) * order.Share);
            for (var number = 0; number < count; number++)
            {
                if (++met % ToldEach == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Report((double)met / total);
                }

                var person = _inhabitants.Get(today, number);
                if (Inhabitants.HomeIn(person, year) == order.Municipality) yield return person;
            }
        }
    }

    /// <summary>Those with a service on any day from 1 January to the last day of the year.</summary>
    public IEnumerable<CareUser> Users()
    {
        var first = new DateOnly(order.AsOf.Year, 1, 1);
        var last = new DateOnly(order.AsOf.Year, 12, 31);
        foreach (var person in People())
        {
            if (person.BornOn > last || person.DiedOn < first) continue;
            var stays = StaysOf(person);
            var illness = ChronicIllness.Of(_seed, person);
            var services = ServicesOf(person, stays, illness)
                .Where(service => service.FromOn <= last && (service.ToOn is not { } to || to >= first)).ToList();
            if (services.Count == 0) continue;
            var conditions = stays.Select(stay => stay.Conditions[0]).Distinct().Take(3).ToList();
            if (illness is not null && illness.SinceOn <= last && !conditions.Contains(illness.Condition))
                conditions.Add(illness.Condition);
            yield return new CareUser(person, services, conditions)
            {
                Fault = order.Faults.Draw(_seed, person.Index, institution: -1),
            };
        }
    }

    public OrganizationNumber ProviderOf(int place) => ProviderOf(order.Municipality, place);

    public static OrganizationNumber ProviderOf(MunicipalityCode municipality, int place) =>
        UnitDirectory.OrganizationNumberAt(
            ProviderNumbers, (municipality.Number * ProvidersPerMunicipality) + (place % ProvidersPerMunicipality));

    // The person's nights in somatic hospitals from the year before to the end of the year, in time order.
    private List<Episode> StaysOf(Inhabitant person)
    {
        var courses = new SomaticCourses(_seed, TrustDirectory.Of(person.Home));
        var periods = new List<ReferralPeriod>();
        courses.Collect(person, order.AsOf.Year - 1, periods);
        courses.Collect(person, order.AsOf.Year, periods);
        return [.. periods.SelectMany(period => period.Episodes)
            .Where(stay => stay.Level == 1 && !stay.IsBirth && DateOnly.FromDateTime(stay.Out) <= person.DiedOn)
            .OrderBy(stay => stay.In)];
    }

    private List<CareService> ServicesOf(Inhabitant person, List<Episode> stays, ChronicIllness? illness)
    {
        var services = new List<CareService>();
        var chance = Chance.Of(_seed, Topic.Care, person.Index);
        var age = person.AgeOn(new DateOnly(order.AsOf.Year, 1, 1));
        if (illness is not null && chance.Happens(0.45))
            Add(CareService.HomeNursing, illness.SinceOn.AddDays(120), null, chance.Between(50, 900), ref chance);
        var oldOn = person.BornOn.AddYears(78).AddDays(chance.Below(4_000));
        if (chance.Happens(0.45))
        {
            Add(CareService.PracticalHelp, oldOn, null, chance.Between(25, 300), ref chance);
            if (chance.Happens(0.6))
                Add(CareService.HomeNursing, oldOn.AddDays(200), null, chance.Between(50, 1_400), ref chance);
        }

        if (chance.Happens(0.3)) Add(CareService.LongStay, oldOn.AddDays(2_200), null, null, ref chance);
        var youngOn = person.BornOn.AddDays((20 * 365) + chance.Below(9_000));
        if (chance.Happens(0.01)) Add(CareService.SupportContact, youngOn, null, chance.Between(200, 700), ref chance);
        if (chance.Happens(0.01)) Add(CareService.Housing, youngOn, null, null, ref chance);
        if (chance.Happens(0.001))
            Add(CareService.PersonalAssistance, youngOn, null, chance.Between(2_000, 9_000), ref chance);
        foreach (var stay in stays)
        {
            if (stay.ToPlace != 11 && (age < 75 || stay.Moments.Count == 0)) continue;
            var outOn = DateOnly.FromDateTime(stay.Out);
            Add(
                chance.Happens(0.7) ? CareService.ShortStay : CareService.Rehabilitation, outOn,
                outOn.AddDays(chance.Between(7, ShortStayDaysMax)), null, ref chance);
        }

        return services;

        void Add(int kind, DateOnly fromOn, DateOnly? toOn, int? hours, ref Chance chance)
        {
            if (fromOn < FirstTold) fromOn = FirstTold.AddDays(chance.Below(365));
            var appliedOn = fromOn.AddDays(-chance.Between(2, 40));
            var provider = chance.Below(ProvidersPerMunicipality);
            var movedOn = fromOn.AddDays(chance.Between(100, 700));
            if (!chance.Happens(0.2) || movedOn >= (toOn ?? DateOnly.MaxValue)) movedOn = default;
            if (fromOn > person.DiedOn) return;
            if (toOn is null || toOn > person.DiedOn) toOn = person.DiedOn;
            var pauses = kind is CareService.LongStay or CareService.Housing
                ? stays.Select(stay => (From: DateOnly.FromDateTime(stay.In), To: DateOnly.FromDateTime(stay.Out)))
                    .Where(pause => pause.From > fromOn && pause.To < toOn).ToList()
                : [];
            services.Add(new CareService(
                services.Count + 1, kind, appliedOn, fromOn, toOn, hours, ProviderOf(provider),
                movedOn == default || movedOn > person.DiedOn ? null : movedOn, ProviderOf(provider + 1), pauses));
        }
    }
}

/// <summary>Somebody with municipal services.</summary>
/// <param name="Conditions">ICD-10, as the hospitals told them.</param>
internal sealed record CareUser(
    Inhabitant Person, IReadOnlyList<CareService> Services, IReadOnlyList<string> Conditions)
{
    public FileFault? Fault { get; init; }
}
