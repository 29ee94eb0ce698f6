using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>What an institution of a trust does.</summary>
public enum InstitutionKind
{
    Somatic = 1,
    AdultMentalHealth,
    ChildMentalHealth,
    Addiction,
}

/// <summary>A health trust that does not exist, for the people of a county as it is since 2024.</summary>
/// <param name="Number">Its synthetic organisation number; begins with 3.</param>
/// <param name="Catchment">Its municipalities, by the codes of 2024.</param>
/// <param name="Institutions">The main hospital first.</param>
public sealed record HospitalTrust(
    int Index,
    string Name,
    OrganizationNumber Number,
    HerId HerId,
    IReadOnlyList<MunicipalityCode> Catchment,
    IReadOnlyList<TrustInstitution> Institutions)
{
    private const int ReportingHerNumbers = 100_000;

    /// <summary>The unit of the trust that sends its messages: level 2 in their headers.</summary>
    public HerId ReportingHerId =>
        HerId.TryFromNumber(HerId.Number + ReportingHerNumbers, out var her) ? her : default;

    internal TrustInstitution MainHospital => Institutions[0];

    internal TrustInstitution Of(InstitutionKind kind) => Institutions.First(institution => institution.Kind == kind);

    /// <summary>
    /// The somatic hospital that a person belongs to: the one in the municipality, else one that all of the
    /// municipality goes to. A city with several is shared by urban districts.
    /// </summary>
    internal TrustInstitution LocalHospital(Inhabitant person)
    {
        var somatic = 0;
        while (Institutions[somatic].Kind == InstitutionKind.Somatic)
        {
            if (Catchment.Count > 1 && Institutions[somatic].Municipality == person.Home) return Institutions[somatic];
            somatic++;
        }

        var place = Catchment.Count == 1 ? Inhabitants.DistrictOf(person)?.Number ?? 0 : person.Home.Number;
        return Institutions[place % somatic];
    }
}

/// <summary>A reporting unit of a trust: what an <c>Institusjon</c> in a message is.</summary>
/// <param name="Number">Identification kind A; the same in the messages on activity, identity and cost.</param>
/// <param name="Units">Treatment place, departments, sections, outpatient clinics and wards.</param>
public sealed record TrustInstitution(
    int Index,
    InstitutionKind Kind,
    string Name,
    OrganizationNumber Number,
    MunicipalityCode Municipality,
    IReadOnlyList<TrustUnit> Units)
{
    internal IReadOnlyDictionary<string, TrustDepartment> Departments { get; init; } =
        new Dictionary<string, TrustDepartment>(StringComparer.Ordinal);
}

/// <summary>A unit of an institution: an <c>Enhet</c> in a message.</summary>
/// <param name="Id">Local, never reused.</param>
/// <param name="Number">Only treatment places have one.</param>
/// <param name="DepartmentCode">IK-44/89; only departments have one.</param>
public sealed record TrustUnit(
    string Id, string Name, OrganizationNumber? Number, int? ReshId, string? DepartmentCode);

/// <summary>The units an episode refers to: department, section, outpatient clinic and wards of a specialty.</summary>
internal sealed record TrustDepartment(
    Specialty Specialty, TrustUnit Site, TrustUnit Department, TrustUnit Section, TrustUnit Clinic, TrustUnit[] Wards);
