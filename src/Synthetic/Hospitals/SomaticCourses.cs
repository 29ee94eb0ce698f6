namespace Kilde.Synthetic;

/// <summary>
/// What a person goes through in somatic care: referrals that arrive in a year, with all that follows from each, at one
/// or two hospitals of the trust. A pure function of seed, person and year.
/// </summary>
internal sealed class SomaticCourses(ulong seed, HospitalTrust trust)
{
    /// <summary>Received to closed, at most: no referral goes further than the end of the next year.</summary>
    private const int WaitMax = 150;
    private const int PlannedSlots = 2;

    private const double ReadmittedShare = 0.12;
    private const double TransferShare = 0.12;
    private const double DiesInHospital = 0.45;

    private static readonly int[] PlannedWeights = [.. Specialties.Somatic.Select(specialty => specialty.Share)];
    private static readonly int[] AcuteWeights = [.. Specialties.Somatic.Select(specialty => specialty.AcuteShare)];

    /// <summary>Adds the courses that begin with a referral, an emergency or a birth in the year.</summary>
    public void Collect(Inhabitant person, int year, List<ReferralPeriod> periods)
    {
        var newYear = new DateOnly(year, 1, 1);
        if (person.DiedOn < newYear || person.BornOn.Year > year) return;
        var hospital = trust.LocalHospital(person);
        var age = Math.Max(0, person.AgeOn(newYear));
        var chance = Chance.Of(seed, Topic.Course, person.Index, year);
        if (person.BornOn.Year == year) Birth(person, year, hospital, ref chance, periods);
        else
        {
            for (var slot = 0; slot < PlannedSlots; slot++)
                if (chance.Happens(PlannedShare(age) / (1 + (2 * slot))))
                    Planned(Draw(person, year, slot, age, hospital), periods);
        }

        if (chance.Happens(AcuteShare(age))) Acute(Draw(person, year, 5, age, hospital), periods);
        if (chance.Happens(0.08)) AcuteContact(Draw(person, year, 6, age, hospital), periods);
        if (age is >= 20 and <= 42 && chance.Happens(0.09) && person.IsFemale)
            Delivery(Draw(person, year, 7, age, hospital), periods);
        if (person.DiedOn.Year == year && age > 0 && chance.Happens(DiesInHospital))
            Terminal(Draw(person, year, 8, age, hospital), periods);
    }

    /// <summary>Adds what a lasting illness, if the person has one, leads to in the year.</summary>
    public void CollectChronic(Inhabitant person, int year, List<ReferralPeriod> periods)
    {
        if (ChronicIllness.Of(seed, person) is not { } illness || illness.SinceOn.Year > year) return;
        if (person.DiedOn.Year < year) return;
        var hospital = trust.LocalHospital(person);
        var department = hospital.Departments[illness.Specialty.Code];
        var age = Math.Max(0, person.AgeOn(new DateOnly(year, 1, 1)));
        var id = $"HP{person.Index}-K";
        var firstOn = illness.SinceOn.AddDays(21);
        var period = new ReferralPeriod
        {
            Id = id,
            Institution = hospital,
            Department = department,
            ReceivedOn = illness.SinceOn,
            IsNewCondition = false,
            Outcome = 3,
            AssessedOn = illness.SinceOn.AddDays(4),
            DeadlineOn = illness.SinceOn.AddDays(60),
            WaitEndedOn = firstOn,
        };
        var chance = Chance.Of(seed, Topic.Course, person.Index, year, 9);
        var day = new DateOnly(year, 1, 2).AddDays(chance.Below(illness.EveryDays));
        for (var number = 1; day.Year == year; number++, day = day.AddDays(illness.EveryDays))
        {
            if (day <= firstOn) continue;
            period.Episodes.Add(Stays.Contact(
                $"E{person.Index}-{year % 100}K{number}", department, Stays.OfficeTime(day, ref chance), illness.Level,
                kind: illness.Level == 2 ? 2 : 3, Stays.Conditions(illness.Condition, age, ref chance), ref chance,
                series: $"K{person.Index}-{year % 100}"));
        }

        periods.Add(period);
    }

    private void Planned(CourseDraw draw, List<ReferralPeriod> periods)
    {
        ref var chance = ref draw.Chance;
        var specialty = Pick(PlannedWeights, draw.Age < 16 && chance.Happens(0.5) ? Specialties.Paediatrics : null,
            ref chance);
        if (specialty == Specialties.Obstetrics && (draw.Age < 16 || !draw.Person.IsFemale))
            specialty = Specialties.Somatic[0];
        var receivedOn = draw.DayOfYear();
        if (receivedOn < draw.Person.BornOn) return;
        var isCancer = specialty.Planned[0][0] == 'C' || chance.Happens(0.03);
        var wait = isCancer ? chance.Between(7, 21) : chance.Between(14, WaitMax);
        var rejected = chance.Happens(0.08);
        var declined = !rejected && chance.Happens(0.02);
        var assessedOn = receivedOn.AddDays(chance.Between(1, isCancer ? 3 : 10));
        var firstAt = Stays.OfficeTime(receivedOn.AddDays(wait), ref chance);
        var period = new ReferralPeriod
        {
            Id = draw.PeriodId,
            Institution = draw.Hospital,
            Department = draw.Hospital.Departments[specialty.Code],
            ReceivedOn = receivedOn,
            FromService = chance.Happens(0.85) ? 28 : 10,
            IsNewCondition = chance.Happens(0.6),
            Outcome = chance.Happens(0.6) ? 1 : 2,
            AssessedOn = assessedOn,
            Right = rejected ? 5 : chance.Happens(0.85) ? 3 : 4,
            DeadlineOn = assessedOn.AddDays(isCancer ? 14 : chance.Between(4, 26) * 7),
            WaitEndedOn = rejected ? null : DateOnly.FromDateTime(firstAt),
            WaitEndCode = declined ? 2 : 1,
            Pathway = isCancer && !rejected && !declined ? CancerPathway(specialty) : null,
            ClosedOn = rejected ? assessedOn : declined ? DateOnly.FromDateTime(firstAt) : null,
        };
        periods.Add(period);
        if (rejected || declined) return;
        if (wait > 40 && chance.Happens(0.1))
        {
            var plannedOn = receivedOn.AddDays(wait - chance.Between(12, 25));
            period.Postponements.Add(new Postponement(chance.Pick<int>([1, 1, 21, 22, 3]), plannedOn, plannedOn));
        }

        Treat(draw, period, specialty, firstAt);
    }

    private static void Treat(CourseDraw draw, ReferralPeriod period, Specialty specialty, DateTime firstAt)
    {
        ref var chance = ref draw.Chance;
        var department = period.Department;
        var main = chance.Pick<string>(specialty.Planned);
        var series = $"S{period.Id}";
        var at = firstAt;
        period.Episodes.Add(Stays.Contact(
            draw.NextId(), department, at, 3, kind: 1, Stays.Conditions(main, draw.Age, ref chance), ref chance,
            series));
        if (specialty.Operations.Length > 0 && chance.Happens(0.45))
        {
            at = Stays.OfficeTime(DateOnly.FromDateTime(at).AddDays(chance.Between(14, 50)), ref chance);
            var nights = chance.Happens(0.55) ? 0 : chance.Between(1, 6);
            period.Episodes.Add(Stays.Stay(
                draw.NextId(), department, at, nights, isAcute: false, Stays.Conditions(main, draw.Age, ref chance),
                draw.Age, ref chance));
            at = at.AddDays(nights);
        }

        for (var controls = chance.Below(4); controls > 0; controls--)
        {
            at = Stays.OfficeTime(DateOnly.FromDateTime(at).AddDays(chance.Between(20, 45)), ref chance);
            period.Episodes.Add(Stays.Contact(
                draw.NextId(), department, at, 3, kind: 3, Stays.Conditions(main, draw.Age, ref chance), ref chance,
                series));
        }

        period.ClosedOn = DateOnly.FromDateTime(at);
    }

    private void Acute(CourseDraw draw, List<ReferralPeriod> periods)
    {
        ref var chance = ref draw.Chance;
        var specialty = AcuteSpecialty(draw, ref chance);
        var day = draw.DayOfYear();
        if (day < draw.Person.BornOn) return;
        var at = Stays.AnyTime(day, ref chance);
        var main = chance.Pick<string>(specialty.Acute);
        var period = Emergency(draw, draw.Hospital, specialty, day);
        periods.Add(period);
        var stay = Stays.Stay(
            draw.NextId(), period.Department, at, Nights(draw.Age, ref chance), isAcute: true,
            Stays.Conditions(main, draw.Age, ref chance), draw.Age, ref chance);
        period.Episodes.Add(stay);
        var last = (Period: period, Stay: stay);
        if (draw.Hospital != trust.MainHospital && chance.Happens(TransferShare))
            last = Transfer(draw, period, stay, main, specialty, periods);
        AfterDischarge(draw, last.Period, last.Stay, main);
        period.ClosedOn ??= DateOnly.FromDateTime(period.Episodes[^1].Out);
    }

    // To the main hospital after a night or so, and for some back again.
    private (ReferralPeriod Period, Episode Stay) Transfer(
        CourseDraw draw, ReferralPeriod period, Episode stay, string main, Specialty specialty,
        List<ReferralPeriod> periods)
    {
        ref var chance = ref draw.Chance;
        var moved = stay.In.AddMinutes(60 * chance.Between(4, 30));
        if (moved >= stay.Out) moved = stay.In.AddHours(3);
        Stays.EndAt(stay, moved);
        (stay.ToPlace, stay.ToInstitution) = (3, trust.MainHospital);
        var there = Emergency(draw, trust.MainHospital, specialty, DateOnly.FromDateTime(moved), period);
        periods.Add(there);
        var arrives = moved.AddMinutes(chance.Between(40, 150));
        var second = Stays.Stay(
            draw.NextId(), there.Department, arrives, chance.Between(1, 6), isAcute: true,
            Stays.Conditions(main, draw.Age, ref chance), draw.Age, ref chance, from: period.Institution);
        there.Episodes.Add(second);
        if (!chance.Happens(0.4))
        {
            there.ClosedOn = null;
            period.ClosedOn = DateOnly.FromDateTime(moved);
            return (there, second);
        }

        (second.ToPlace, second.ToInstitution) = (3, period.Institution);
        there.ClosedOn = DateOnly.FromDateTime(second.Out);
        var back = Stays.Stay(
            draw.NextId(), period.Department, second.Out.AddMinutes(chance.Between(40, 150)), chance.Between(1, 5),
            isAcute: false, Stays.Conditions(main, draw.Age, ref chance), draw.Age, ref chance,
            from: there.Institution);
        period.Episodes.Add(back);
        return (period, back);
    }

    private static void AfterDischarge(CourseDraw draw, ReferralPeriod period, Episode stay, string main)
    {
        ref var chance = ref draw.Chance;
        if (chance.Happens(ReadmittedShare))
        {
            var day = DateOnly.FromDateTime(stay.Out).AddDays(chance.Between(2, 29));
            stay = Stays.Stay(
                draw.NextId(), period.Department, Stays.AnyTime(day, ref chance), Nights(draw.Age, ref chance),
                isAcute: true, Stays.Conditions(main, draw.Age, ref chance), draw.Age, ref chance);
            period.Episodes.Add(stay);
        }

        if (chance.Happens(0.4))
        {
            var day = DateOnly.FromDateTime(stay.Out).AddDays(chance.Between(14, 60));
            period.Episodes.Add(Stays.Contact(
                draw.NextId(), period.Department, Stays.OfficeTime(day, ref chance), 3, kind: 3,
                Stays.Conditions(main, draw.Age, ref chance), ref chance));
        }

        period.ClosedOn = DateOnly.FromDateTime(period.Episodes[^1].Out);
    }

    private static void AcuteContact(CourseDraw draw, List<ReferralPeriod> periods)
    {
        ref var chance = ref draw.Chance;
        var specialty = AcuteSpecialty(draw, ref chance);
        var day = draw.DayOfYear();
        if (day < draw.Person.BornOn) return;
        var period = Emergency(draw, draw.Hospital, specialty, day);
        period.Episodes.Add(Stays.Contact(
            draw.NextId(), period.Department, Stays.AnyTime(day, ref chance), 3, kind: 1,
            Stays.Conditions(chance.Pick<string>(specialty.Acute), draw.Age, ref chance), ref chance, isAcute: true));
        period.ClosedOn = day;
        periods.Add(period);
    }

    private static void Delivery(CourseDraw draw, List<ReferralPeriod> periods)
    {
        ref var chance = ref draw.Chance;
        var day = draw.DayOfYear();
        var period = Emergency(draw, draw.Hospital, Specialties.Obstetrics, day);
        var stay = Stays.Stay(
            draw.NextId(), period.Department, Stays.AnyTime(day, ref chance), chance.Between(1, 4), isAcute: true,
            [chance.Pick<string>(["O721", "O420"])], draw.Age, ref chance);
        period.Episodes.Add(stay);
        period.ClosedOn = DateOnly.FromDateTime(stay.Out);
        periods.Add(period);
    }

    private void Birth(
        Inhabitant person, int year, TrustInstitution hospital, ref Chance chance, List<ReferralPeriod> periods)
    {
        var department = hospital.Departments[Specialties.Paediatrics.Code];
        var draw = Draw(person, year, 4, age: 0, hospital);
        var at = Stays.AnyTime(person.BornOn, ref chance);
        var stay = new Episode
        {
            Id = draw.NextId(),
            Department = department,
            In = at,
            Out = at.Date.AddDays(chance.Between(1, 4)).AddHours(11),
            Level = 1,
            IsBirth = true,
            Conditions = ["Z380"],
        };
        stay.Wards.Add(new WardStay(department.Wards[0], stay.In, stay.Out));
        var period = Emergency(draw, hospital, Specialties.Paediatrics, person.BornOn, outcome: 5);
        period.ClosedOn = DateOnly.FromDateTime(stay.Out);
        period.Episodes.Add(stay);
        periods.Add(period);
    }

    private static void Terminal(CourseDraw draw, List<ReferralPeriod> periods)
    {
        ref var chance = ref draw.Chance;
        var nights = chance.Between(1, 12);
        var day = draw.Person.DiedOn.AddDays(-nights);
        if (day.Year != draw.Year || day < draw.Person.BornOn) return;
        var specialty = AcuteSpecialty(draw, ref chance);
        var period = Emergency(draw, draw.Hospital, specialty, day);
        var stay = Stays.Stay(
            draw.NextId(), period.Department, Stays.AnyTime(day, ref chance), nights, isAcute: true,
            Stays.Conditions(chance.Pick<string>(specialty.Acute), draw.Age, ref chance), draw.Age, ref chance);
        Stays.EndAt(stay, Stays.AnyTime(draw.Person.DiedOn, ref chance));
        (stay.ToPlace, stay.EndsInDeath) = (1, true);
        period.Episodes.Add(stay);
        period.ClosedOn = draw.Person.DiedOn;
        periods.Add(period);
    }

    // The referral is made when the patient comes (list 8485: 4), or by the hospital that sends the patient on.
    private static ReferralPeriod Emergency(
        CourseDraw draw, TrustInstitution hospital, Specialty specialty, DateOnly day, ReferralPeriod? sent = null,
        int outcome = 4) => new()
    {
        Id = sent is null ? draw.PeriodId : draw.PeriodId + "M",
        Institution = hospital,
        Department = hospital.Departments[specialty.Code],
        ReceivedOn = day,
        FromService = sent is null ? 28 : 41,
        From = sent?.Institution,
        FirstReceivedOn = sent?.ReceivedOn,
        IsNewCondition = true,
        Outcome = outcome,
        AssessedOn = day,
        Right = 6,
        DeadlineOn = day,
        WaitEndedOn = day,
        Level = 1,
    };

    private static Specialty AcuteSpecialty(CourseDraw draw, ref Chance chance)
    {
        var preferred = draw.Age < 16 ? Specialties.Paediatrics
            : draw.Age >= 80 && chance.Happens(0.3) ? Specialties.Geriatrics : null;
        var specialty = Pick(AcuteWeights, preferred, ref chance);
        return specialty == Specialties.Obstetrics && !draw.Person.IsFemale ? Specialties.Somatic[0] : specialty;
    }

    private static Specialty Pick(int[] weights, Specialty? preferred, ref Chance chance)
    {
        var left = chance.Below(weights.Sum());
        if (preferred is not null) return preferred;
        var at = 0;
        while ((left -= weights[at]) >= 0) at++;
        return Specialties.Somatic[at];
    }

    private static int Nights(int age, ref Chance chance)
    {
        var nights = chance.Between(1, age >= 67 ? 6 : 3);
        return chance.Happens(0.2) ? nights + chance.Below(12) : nights;
    }

    private static string? CancerPathway(Specialty specialty) => specialty.Code switch
    {
        "105" => "A01",
        "070" => "A16",
        "030" => "A12",
        "170" => "A26",
        "120" => "A06",
        "853" => "A01",
        "240" => "A38",
        _ => "C01",
    };

    private static double PlannedShare(int age) => age switch
    {
        < 18 => 0.13, < 40 => 0.18, < 67 => 0.27, < 80 => 0.42, _ => 0.36,
    };

    private static double AcuteShare(int age) => age switch
    {
        < 5 => 0.07, < 40 => 0.04, < 67 => 0.08, < 80 => 0.2, _ => 0.36,
    };

    private CourseDraw Draw(Inhabitant person, int year, int slot, int age, TrustInstitution hospital) =>
        new(Chance.Of(seed, Topic.Course, person.Index, year, 10 + slot), person, year, slot, age, hospital);
}
