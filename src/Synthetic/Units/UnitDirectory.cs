using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>Lays out the units, their municipalities, systems, staff and people.</summary>
internal static class UnitDirectory
{
    private const int StaffPerUnit = 6;
    private const int HprAboveReal = 900_000_000;

    // The first eight digits of organisation numbers; synthetic ones begin with 3 (Tenor).
    private const int UnitNumbers = 31_500_000;
    private const int SubUnitNumbers = 34_500_000;
    private const int EnterpriseNumbers = 32_500_000;
    private const int VendorNumbers = 33_500_000;

    /// <summary>Where automatic extraction was tried first (R2.16), by their codes of 2024.</summary>
    private static readonly string[] PilotMunicipalities =
        ["4602", "1111", "3107", "1505", "4219", "4222", "4220", "4221"];

    // In this order, over and over: mostly helsestasjoner, since the first message types are theirs.
    private static readonly UnitKind[] KindsBeyondPilots =
        [UnitKind.SchoolHealthService, UnitKind.ChildHealthCentre, UnitKind.Physiotherapy, UnitKind.ChildHealthCentre];

    public static IReadOnlyList<EhrProduct> Products { get; } =
    [
        Product(0, "Fjordjournal AS", "Fjordjournal", ("8.2.0", "1.4"), ("8.3.1", "1.5"), ("9.0.0", "2.0")),
        Product(
            1, "Tidevann Helse AS", "Tidevann", ("2025.4", "2025.4.1"), ("2026.1", "2026.1.0"), ("2026.2", "2026.2.3")),
        Product(2, "Varde Programvare AS", "Varde Barn og Unge", ("3.11", "0.9"), ("3.12", "1.0")),
        Product(3, "Skogstjerne Systemer AS", "Skogstjerne Journal", ("17.1", "17.1"), ("17.2", "17.2")),
    ];

    public static IReadOnlyList<SyntheticUnit> Create(ulong seed, NorwaySize size)
    {
        var municipalities = MunicipalityCode.InUse(2024);
        var nextPerson = new Dictionary<UnitKind, long>();
        var units = new List<SyntheticUnit>(size.Units);
        for (var index = 0; index < size.Units; index++)
        {
            var kind = KindOf(index);
            var municipality = MunicipalityOf(index, municipalities);
            var range = new PersonRange(
                nextPerson.GetValueOrDefault(kind), Population.IndicesFor(kind, size.PersonsPerUnit));
            nextPerson[kind] = range.First + range.Count;
            units.Add(Unit(seed, index, kind, municipality, range));
        }

        return units;
    }

    private static SyntheticUnit Unit(
        ulong seed, int index, UnitKind kind, MunicipalityCode municipality, PersonRange persons)
    {
        var chance = Chance.Of(seed, Topic.Unit, index);
        UrbanDistrictCode[] districts = [.. UrbanDistrictCode.All.Where(code => code.Municipality == municipality)];
        UrbanDistrictCode? district = districts.Length == 0 ? null : chance.Pick<UrbanDistrictCode>(districts);
        return new SyntheticUnit(
            index,
            kind,
            OrganizationNumberAt(UnitNumbers, index),
            OrganizationNumberAt(SubUnitNumbers, index),
            OrganizationNumberAt(EnterpriseNumbers, municipality.Number),
            NameOf(kind, district?.Name ?? municipality.Name, index),
            municipality,
            district,
            Products[index % Products.Count],
            StaffOf(kind, index),
            persons);
    }

    private static UnitKind KindOf(int index) => index < PilotMunicipalities.Length
        ? UnitKind.ChildHealthCentre
        : KindsBeyondPilots[(index - PilotMunicipalities.Length) % KindsBeyondPilots.Length];

    // The pilots first; the next four in Fredrikstad, Oslo, Kinn and Kristiansund; then all municipalities in turn.
    private static MunicipalityCode MunicipalityOf(int index, IReadOnlyList<MunicipalityCode> all) => index switch
    {
        _ when index < PilotMunicipalities.Length => MunicipalityCode.Parse(PilotMunicipalities[index]),
        8 => MunicipalityCode.Parse("3107"),
        9 => MunicipalityCode.Parse("0301"),
        10 => MunicipalityCode.Parse("4602"),
        11 => MunicipalityCode.Parse("1505"),
        _ => all[(index - 12) % all.Count],
    };

    private static string NameOf(UnitKind kind, string place, int index)
    {
        var service = kind switch
        {
            UnitKind.ChildHealthCentre => "helsestasjon",
            UnitKind.SchoolHealthService => "skolehelsetjeneste",
            _ => "fysioterapi",
        };
        return index < 12 ? $"{place} {service}" : $"{place} {service} {index}";
    }

    private static HealthProfessional[] StaffOf(UnitKind kind, int index)
    {
        var professions = kind == UnitKind.Physiotherapy
            ? [Profession.Physiotherapist]
            : new[] { Profession.PublicHealthNurse, Profession.PublicHealthNurse, Profession.Physician };
        return [.. Enumerable.Range(0, StaffPerUnit).Select(place => new HealthProfessional(
            Hpr(HprAboveReal + (index * StaffPerUnit) + place), professions[place % professions.Length]))];
    }

    private static HprNumber Hpr(int number) =>
        HprNumber.TryFromNumber(number, out var hpr) ? hpr : throw new ArgumentOutOfRangeException(nameof(number));

    // Of two neighbours at least one has a control digit, so two numbers are set aside for each place.
    internal static OrganizationNumber OrganizationNumberAt(int start, int place)
    {
        var first = start + (2 * place);
        if (OrganizationNumber.ControlDigitOf(first) is not { } digit)
            digit = OrganizationNumber.ControlDigitOf(++first)!.Value;
        return OrganizationNumber.TryFromNumber((first * 10L) + digit, out var number)
            ? number
            : throw new ArgumentOutOfRangeException(nameof(place));
    }

    private static EhrProduct Product(
        int place, string vendor, string name, params ReadOnlySpan<(string Software, string Export)> versions)
    {
        var releasedOn = new DateOnly(2024, 1, 15);
        var released = new List<EhrVersion>();
        foreach (var (software, export) in versions)
        {
            released.Add(new EhrVersion(software, export, releasedOn));
            releasedOn = releasedOn.AddMonths(11);
        }

        return new EhrProduct(vendor, OrganizationNumberAt(VendorNumbers, place), name, released);
    }
}
