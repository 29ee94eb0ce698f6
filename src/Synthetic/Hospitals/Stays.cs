namespace Kilde.Synthetic;

/// <summary>Draws what single contacts and stays hold: hours, wards, conditions, procedures, notices.</summary>
internal static class Stays
{
    private const int OpensAt = 8 * 60;
    private const int Slots = 28;
    private const int SlotMinutes = 15;

    /// <summary>List 8477.</summary>
    private const int NoticeOfAdmission = 1;
    private const int Ready = 2;
    private const int NoticeOfReady = 3;
    private const int CannotReceive = 6;
    private const int CanReceive = 7;

    private const int NursingHome = 11;
    private const int ReadyFromAge = 67;

    /// <summary>A clock time of office hours on a working day.</summary>
    public static DateTime OfficeTime(DateOnly day, ref Chance chance) =>
        OsloTime.WorkDayNear(day, ref chance).ToDateTime(TimeOnly.MinValue)
            .AddMinutes(OpensAt + (SlotMinutes * chance.Below(Slots)));

    public static DateTime AnyTime(DateOnly day, ref Chance chance) =>
        day.ToDateTime(TimeOnly.MinValue).AddMinutes(chance.Below(24 * 60));

    public static List<string> Conditions(string main, int age, ref Chance chance)
    {
        var conditions = new List<string>(4) { main };
        var most = age switch { < 18 => 0, < 50 => 1, < 70 => 2, _ => 3 };
        for (var i = 0; i < most; i++)
        {
            var other = chance.Pick<string>(Specialties.Comorbidities);
            if (chance.Happens(0.55) && !conditions.Contains(other)) conditions.Add(other);
        }

        return conditions;
    }

    /// <summary>An outpatient contact, or day treatment.</summary>
    public static Episode Contact(
        string id, TrustDepartment department, DateTime at, int level, int kind, List<string> conditions,
        ref Chance chance, string? series = null, bool isAcute = false)
    {
        var minutes = level == 2 ? chance.Between(12, 28) * 10 : chance.Between(4, 14) * 5;
        var contact = new Episode
        {
            Id = id,
            Department = department,
            In = at,
            Out = at.AddMinutes(minutes),
            Level = level,
            ContactKind = kind,
            Staff = chance.Happens(0.8) ? 1 : 2,
            Series = series,
            IsAcute = isAcute,
            Conditions = conditions,
        };
        var examinations = department.Specialty.Examinations;
        var count = examinations.Length == 0 ? 0 : chance.Below(3);
        for (var i = 0; i < count; i++)
            contact.Procedures.Add(Examination(chance.Pick<string>(examinations), at.AddMinutes(5 + (5 * i)), 15));
        return contact;
    }

    /// <summary>A stay of some nights, or a planned operation without any.</summary>
    public static Episode Stay(
        string id, TrustDepartment department, DateTime at, int nights, bool isAcute, List<string> conditions, int age,
        ref Chance chance, TrustInstitution? from = null)
    {
        var ends = at.Date.AddDays(nights).AddMinutes((10 * 60) + chance.Below(6 * 60));
        if (ends <= at) ends = at.AddHours(5);
        var stay = new Episode
        {
            Id = id,
            Department = department,
            In = at,
            Out = ends,
            Level = nights == 0 ? 2 : 1,
            IsAcute = isAcute,
            FromPlace = from is null ? 1 : 3,
            FromInstitution = from,
            MunicipalService = isAcute && age >= ReadyFromAge && chance.Happens(0.4) ? 1 : null,
            Conditions = conditions,
        };
        AddWards(stay, ref chance);
        AddProcedures(stay, isAcute, ref chance);
        if (age >= ReadyFromAge && nights >= 4 && chance.Happens(0.35)) AddReadiness(stay, nights, ref chance);
        return stay;
    }

    /// <summary>The stay ends here, by death or because the patient is moved: what was to come after is gone.</summary>
    public static void EndAt(Episode stay, DateTime at)
    {
        stay.Out = at;
        stay.Moments.RemoveAll(moment => moment.At > at);
        stay.Procedures.RemoveAll(procedure => procedure.At > at);
        stay.Measurements.RemoveAll(measured => measured.At > at);
        stay.Wards.RemoveAll(ward => ward.In >= at);
        if (stay.Wards.Count > 0) stay.Wards[^1] = stay.Wards[^1] with { Out = at };
    }

    private static void AddWards(Episode stay, ref Chance chance)
    {
        var wards = stay.Department.Wards;
        var first = chance.Below(wards.Length);
        var hours = (stay.Out - stay.In).TotalHours;
        if (hours < 30 || !chance.Happens(0.4))
        {
            stay.Wards.Add(new WardStay(wards[first], stay.In, stay.Out));
            return;
        }

        var moved = stay.In.AddMinutes(60 * chance.Between(6, 24));
        stay.Wards.Add(new WardStay(wards[first], stay.In, moved));
        stay.Wards.Add(new WardStay(wards[(first + 1) % wards.Length], moved, stay.Out));
    }

    private static void AddProcedures(Episode stay, bool isAcute, ref Chance chance)
    {
        var specialty = stay.Department.Specialty;
        if (specialty.Operations.Length > 0 && chance.Happens(isAcute ? 0.35 : 0.9))
        {
            var at = stay.In.AddMinutes(chance.Between(30, 240));
            stay.Procedures.Add(new Procedure("K", chance.Pick<string>(specialty.Operations), at,
                chance.Between(3, 20) * 10));
        }

        var most = specialty.Examinations.Length == 0 ? 0 : 3;
        for (var i = 0; i < most; i++)
        {
            var at = stay.In.AddMinutes(chance.Below((int)(stay.Out - stay.In).TotalMinutes));
            if (chance.Happens(0.5))
                stay.Procedures.Add(Examination(chance.Pick<string>(specialty.Examinations), at, 20));
        }

        stay.Procedures.Sort(static (one, other) => one.At.CompareTo(other.At));
    }

    private static Procedure Examination(string code, DateTime at, int minutes) =>
        new(code[0] == 'S' ? "R" : "M", code, at, minutes);

    // Forskrift om kommunal betaling: notice within 24 hours of admission, and again when the patient is ready.
    private static void AddReadiness(Episode stay, int nights, ref Chance chance)
    {
        var days = chance.Below(Math.Min(5, nights - 2));
        var ready = stay.Out.Date.AddDays(-days).AddMinutes((8 * 60) + chance.Below(90));
        stay.Moments.Add((stay.In.AddMinutes(60 * chance.Between(3, 20)), NoticeOfAdmission));
        stay.Moments.Add((ready, Ready));
        stay.Moments.Add((ready.AddMinutes(chance.Between(5, 25)), NoticeOfReady));
        if (days > 0) stay.Moments.Add((ready.AddMinutes(chance.Between(30, 240)), CannotReceive));
        stay.Moments.Add((stay.Out.AddMinutes(-10), CanReceive));
        if (chance.Happens(0.5)) stay.ToPlace = NursingHome;
    }
}
