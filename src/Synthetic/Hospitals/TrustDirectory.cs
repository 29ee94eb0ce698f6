using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>The health trusts: one for each county of 2024. Real places, no real trust, hospital or number.</summary>
public static class TrustDirectory
{
    private const int TrustNumbers = 35_000_000;
    private const int InstitutionNumbers = 35_200_000;
    private const int SiteNumbers = 35_400_000;
    private const int HerNumbers = 8_150_000;
    private const int ReshNumbers = 4_900_000;
    private const int PersonsPerHospital = 90_000;
    private const int HospitalsMax = 5;
    private const int InstitutionsMax = 10;
    private const int WardsPerDepartment = 2;

    public static IReadOnlyList<HospitalTrust> All { get; } =
        [.. CountyCode.InUse(Inhabitants.CodeYear).Select(Trust)];

    public static HospitalTrust Largest { get; } = All.MaxBy(trust => trust.Catchment.Sum(Inhabitants.CountOf))!;

    /// <summary>The trust with a name, or whose name holds the text; null when none or more than one does.</summary>
    public static HospitalTrust? Find(string name)
    {
        var found = All.Where(trust => trust.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return All.FirstOrDefault(trust => trust.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? (found.Count == 1 ? found[0] : null);
    }

    /// <summary>The trust that the people of a municipality of 2024 belong to.</summary>
    public static HospitalTrust Of(MunicipalityCode municipality) =>
        All.First(trust => trust.Catchment.Contains(municipality));

    private static HospitalTrust Trust(CountyCode county, int index)
    {
        var catchment = MunicipalityCode.InUse(Inhabitants.CodeYear).Where(code => code.County == county).ToList();
        if (!HerId.TryFromNumber(HerNumbers + index, out var her)) throw new InvalidOperationException();
        return new HospitalTrust(
            index, $"Sykehusene i {county.Name} HF", UnitDirectory.OrganizationNumberAt(TrustNumbers, index), her,
            catchment, [.. InstitutionsOf(index, county, catchment)]);
    }

    private static IEnumerable<TrustInstitution> InstitutionsOf(
        int trust, CountyCode county, List<MunicipalityCode> catchment)
    {
        var hospitals = Math.Clamp(catchment.Sum(Inhabitants.CountOf) / PersonsPerHospital, 1, HospitalsMax);
        var largest = catchment.OrderByDescending(Inhabitants.CountOf).Take(hospitals).ToList();
        var index = 0;
        for (; index < hospitals; index++)
        {
            var place = largest[index % largest.Count];
            var name = index < largest.Count ? $"{place.Name} sykehus" : $"{place.Name} sykehus {index + 1}";
            yield return Institution(trust, index, InstitutionKind.Somatic, name, place);
        }

        yield return Institution(
            trust, index++, InstitutionKind.AdultMentalHealth, $"{county.Name} psykiatriske senter", largest[0]);
        yield return Institution(
            trust, index++, InstitutionKind.ChildMentalHealth, $"BUP {county.Name}", largest[0]);
        yield return Institution(
            trust, index, InstitutionKind.Addiction, $"{county.Name} rusbehandling", largest[^1]);
    }

    private static TrustInstitution Institution(
        int trust, int index, InstitutionKind kind, string name, MunicipalityCode place)
    {
        var number = (trust * InstitutionsMax) + index;
        var site = new TrustUnit(
            "B1", name, UnitDirectory.OrganizationNumberAt(SiteNumbers, number), ReshNumbers + (number * 100), null);
        var departments = SpecialtiesOf(kind)
            .Select((specialty, at) => Department(specialty, site, ReshNumbers + (number * 100) + at + 1))
            .ToDictionary(department => department.Specialty.Code, StringComparer.Ordinal);
        var units = departments.Values.SelectMany(department =>
            (TrustUnit[])[department.Department, department.Section, department.Clinic, .. department.Wards]);
        return new TrustInstitution(
            index, kind, name, UnitDirectory.OrganizationNumberAt(InstitutionNumbers, number), place, [site, .. units])
        {
            Departments = departments,
        };
    }

    private static IReadOnlyList<Specialty> SpecialtiesOf(InstitutionKind kind) => kind switch
    {
        InstitutionKind.AdultMentalHealth => [Specialties.Adult],
        InstitutionKind.ChildMentalHealth => [Specialties.Child],
        InstitutionKind.Addiction => [Specialties.Addiction],
        _ => Specialties.Somatic,
    };

    private static TrustDepartment Department(Specialty specialty, TrustUnit site, int resh) => new(
        specialty,
        site,
        new TrustUnit($"A{specialty.Code}", $"{specialty.Name}, avdeling", null, resh, specialty.Code),
        new TrustUnit($"F{specialty.Code}", $"{specialty.Name}, seksjon", null, resh + 50, null),
        new TrustUnit($"P{specialty.Code}", $"{specialty.Name}, poliklinikk", null, null, null),
        [
            .. Enumerable.Range(1, WardsPerDepartment).Select(ward => new TrustUnit(
                $"S{specialty.Code}{ward}", $"{specialty.Name}, sengepost {ward}", null, null, null)),
        ]);
}
