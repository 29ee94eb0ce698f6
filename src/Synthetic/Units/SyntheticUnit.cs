using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>What a unit does; decides whom it meets and which messages it sends.</summary>
public enum UnitKind
{
    /// <summary>
    /// Helsestasjon: children from birth to school. Sends appointments, consultations and basic messages.
    /// </summary>
    ChildHealthCentre = 1,

    /// <summary>Skolehelsetjeneste: pupils. Sends the same.</summary>
    SchoolHealthService,

    /// <summary>Municipal physiotherapy: adults. Sends basic messages only.</summary>
    Physiotherapy,

    /// <summary>
    /// Tildelingskontor: grants municipal services. This and the following are in
    /// <see cref="SyntheticNorway.ServiceUnits"/>.
    /// </summary>
    CareOffice,

    /// <summary>Tannklinikk.</summary>
    DentalClinic,

    /// <summary>Legevakt: tells of injuries.</summary>
    OutOfHours,

    /// <summary>Kommunalt øyeblikkelig hjelp døgntilbud.</summary>
    AcuteBeds,

    /// <summary>Helfo, which settles claims for the whole country.</summary>
    ClaimsOffice,

    /// <summary>Folkeregisteret.</summary>
    PopulationRegister,

    /// <summary>Takes citizens' reservations against the registers.</summary>
    ReservationOffice,
}

/// <summary>A reporting unit that does not exist, in a municipality that does.</summary>
/// <param name="Index">Its place in <see cref="SyntheticNorway.Units"/>, from 0.</param>
/// <param name="Number">
/// The reporting unit's organisation number (begins with 3: synthetic), <c>orgNr</c> in messages and
/// <c>orgnr_parent</c> in tokens.
/// </param>
/// <param name="SubUnit">Where the service is given, <c>underenhetOrgNr</c> in basic messages.</param>
/// <param name="Enterprise">The municipality's organisation number, the legal entity above the unit.</param>
/// <param name="District">Set where the municipality has urban districts.</param>
/// <param name="Staff">Those who hold the consultations.</param>
/// <param name="Persons">The indices of those who belong to the unit, the unborn included.</param>
public sealed record SyntheticUnit(
    int Index,
    UnitKind Kind,
    OrganizationNumber Number,
    OrganizationNumber SubUnit,
    OrganizationNumber Enterprise,
    string Name,
    MunicipalityCode Municipality,
    UrbanDistrictCode? District,
    EhrProduct Product,
    IReadOnlyList<HealthProfessional> Staff,
    PersonRange Persons)
{
    /// <summary>The version the unit runs on a day: units upgrade up to a hundred days after a release.</summary>
    public EhrVersion VersionOn(DateOnly day) =>
        Product.Versions.LastOrDefault(version => version.ReleasedOn.AddDays(Index * 37 % 100) <= day)
        ?? Product.Versions[0];
}

/// <summary>Somebody who works at a unit. The number lies above all real HPR numbers.</summary>
public sealed record HealthProfessional(HprNumber Number, Profession Profession);

/// <summary>Profession of those who work in child health, by the authorisation they hold.</summary>
public enum Profession
{
    PublicHealthNurse = 1,
    Physician,
    Midwife,
    Physiotherapist,
}

/// <summary>Consecutive persons, from and with <paramref name="First"/>.</summary>
public readonly record struct PersonRange(long First, int Count);
