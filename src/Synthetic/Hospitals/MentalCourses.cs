namespace Kilde.Synthetic;

/// <summary>
/// What a person goes through in mental health care and addiction treatment: series of talks, some stays, with the
/// formalities that are always told there. A pure function of seed, person and year.
/// </summary>
internal sealed class MentalCourses(ulong seed, HospitalTrust trust)
{
    // List 8440: voluntary, by psykisk helsevernloven § 2-1; compulsory observation § 3-2; compulsory care § 3-3.
    private const int Voluntary = 1;
    private const int Observation = 21;
    private const int Compulsory = 3;

    private static readonly string[] HoNos =
        ["HoNOS1", "HoNOS2", "HoNOS3", "HoNOS4", "HoNOS5", "HoNOS6", "HoNOS7", "HoNOS9", "HoNOS10", "HoNOS11"];

    /// <summary>Adds the courses that begin with a referral in the year to an institution of this kind.</summary>
    public void Collect(Inhabitant person, int year, InstitutionKind kind, List<ReferralPeriod> periods)
    {
        var newYear = new DateOnly(year, 1, 1);
        if (person.BornOn >= newYear || person.DiedOn < newYear) return;
        var age = person.AgeOn(newYear);
        var chance = Chance.Of(seed, Topic.Mental, person.Index, year, (int)kind);
        if (!chance.Happens(ShareOf(kind, age))) return;
        var institution = trust.Of(kind);
        var draw = new CourseDraw(chance, person, year, 20 + (int)kind, age, institution);
        periods.Add(Course(draw, kind));
    }

    private static ReferralPeriod Course(CourseDraw draw, InstitutionKind kind)
    {
        ref var chance = ref draw.Chance;
        var department = draw.Hospital.Departments.Values.First();
        var receivedOn = draw.DayOfYear();
        var isAcute = kind == InstitutionKind.AdultMentalHealth && chance.Happens(0.15);
        var assessedOn = isAcute ? receivedOn : receivedOn.AddDays(chance.Between(1, 10));
        var firstOn = isAcute ? receivedOn : receivedOn.AddDays(chance.Between(14, 70));
        var rejected = !isAcute && chance.Happens(0.2);
        var isCompulsory = isAcute && chance.Happens(0.4);
        var period = new ReferralPeriod
        {
            Id = draw.PeriodId,
            Institution = draw.Hospital,
            Department = department,
            ReceivedOn = receivedOn,
            IsNewCondition = chance.Happens(0.5),
            Outcome = isAcute ? 4 : chance.Happens(0.5) ? 1 : 2,
            AssessedOn = assessedOn,
            Right = rejected ? 5 : isAcute ? 6 : 3,
            DeadlineOn = assessedOn.AddDays(chance.Between(4, 13) * 7),
            WaitEndedOn = rejected ? null : OsloTime.WorkDayOnOrAfter(firstOn),
            Level = isAcute ? 1 : 3,
            Formality = isCompulsory ? 3 : 1,
            Pathway = rejected || isAcute ? null : PathwayOf(kind),
            ClosedOn = rejected ? assessedOn : null,
        };
        if (rejected) return period;
        var main = chance.Pick<string>(isAcute ? department.Specialty.Acute : department.Specialty.Planned);
        var at = OsloTime.WorkDayOnOrAfter(firstOn).ToDateTime(new TimeOnly(9, 0));
        if (isAcute || chance.Happens(kind == InstitutionKind.Addiction ? 0.45 : 0.04))
        {
            var stay = Admission(draw, period, at, main, isAcute, isCompulsory, kind);
            period.Episodes.Add(stay);
            at = stay.Out.AddDays(7);
        }

        Talks(draw, period, at, main, kind);
        period.ClosedOn = DateOnly.FromDateTime(period.Episodes[^1].Out);
        return period;
    }

    private static Episode Admission(
        CourseDraw draw, ReferralPeriod period, DateTime at, string main, bool isAcute, bool isCompulsory,
        InstitutionKind kind)
    {
        ref var chance = ref draw.Chance;
        var nights = kind == InstitutionKind.Addiction ? chance.Between(10, 60) : chance.Between(2, 24);
        var decided = at.AddHours(chance.Between(1, 6));
        var isForced = isCompulsory && chance.Happens(0.35);
        var stay = new Episode
        {
            Id = draw.NextId(),
            Department = period.Department,
            In = at,
            Out = at.Date.AddDays(nights).AddHours(chance.Between(9, 14)),
            Level = 1,
            IsAcute = isAcute,
            Staff = 1,
            EndOfTreatment = kind == InstitutionKind.Addiction ? chance.Pick<int>([1, 1, 1, 3, 4]) : null,
            Conditions = Stays.Conditions(main, Math.Min(draw.Age, 45), ref chance),
            Decision = new LegalBasis(
                $"V{draw.PeriodId}", isCompulsory ? chance.Pick<int>([Observation, Compulsory]) : Voluntary, decided,
                isForced ? chance.Pick<int>([1, 2, 11]) : null, decided.AddHours(chance.Between(5, 40)),
                isForced && chance.Happens(0.25) ? DateOnly.FromDateTime(decided).AddDays(2) : null),
        };
        stay.Wards.Add(new WardStay(period.Department.Wards[chance.Below(2)], stay.In, stay.Out));
        return stay;
    }

    private static void Talks(
        CourseDraw draw, ReferralPeriod period, DateTime at, string main, InstitutionKind kind)
    {
        ref var chance = ref draw.Chance;
        var isChild = kind == InstitutionKind.ChildMentalHealth;
        var talks = chance.Between(3, 20);
        for (var number = 1; number <= talks; number++)
        {
            var talk = new Episode
            {
                Id = draw.NextId(),
                Department = period.Department,
                In = at,
                Out = at.AddMinutes(chance.Between(9, 15) * 5),
                Level = 3,
                ContactKind = number == 1 ? 1 : 2,
                Staff = chance.Pick<int>([4, 4, 4, 1, 2, 5]),
                Series = $"S{period.Id}",
                Conditions = [main],
                HasAxes = isChild,
                Participant = isChild && chance.Happens(0.6) ? 2 : null,
                Decision = new LegalBasis($"V{period.Id}-{number}", Voluntary, at, null, at, null),
            };
            if (number == 1) Measure(talk, kind, ref chance);
            period.Episodes.Add(talk);
            at = Stays.OfficeTime(DateOnly.FromDateTime(at).AddDays(chance.Between(7, 14)), ref chance);
        }
    }

    private static void Measure(Episode talk, InstitutionKind kind, ref Chance chance)
    {
        if (kind == InstitutionKind.ChildMentalHealth)
        {
            talk.Measurements.Add(("CGAS", talk.In, chance.Between(35, 80)));
            return;
        }

        foreach (var scale in HoNos) talk.Measurements.Add((scale, talk.In, chance.Below(4)));
    }

    private static string PathwayOf(InstitutionKind kind) => kind switch
    {
        InstitutionKind.ChildMentalHealth => "D12",
        InstitutionKind.Addiction => "D01",
        _ => "D11",
    };

    private static double ShareOf(InstitutionKind kind, int age) => (kind, age) switch
    {
        (InstitutionKind.AdultMentalHealth, >= 18 and < 75) => 0.035,
        (InstitutionKind.AdultMentalHealth, >= 75) => 0.01,
        (InstitutionKind.ChildMentalHealth, >= 4 and < 18) => 0.045,
        (InstitutionKind.Addiction, >= 18 and < 70) => 0.008,
        _ => 0,
    };
}
