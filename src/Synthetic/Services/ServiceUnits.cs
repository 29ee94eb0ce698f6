using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>Units beyond child health and physiotherapy: those of each municipality, and the national ones.</summary>
internal static class ServiceUnits
{
    private const int Numbers = 37_000_000;
    private const int SubUnitNumbers = 37_500_000;
    private const int KindsMax = 16;
    private const int IndexFirst = 1_000_000;

    private static readonly MunicipalityCode Oslo = MunicipalityCode.Parse("0301");

    /// <summary>Those of the municipalities that have units already, and the national ones.</summary>
    public static IEnumerable<SyntheticUnit> Of(IEnumerable<SyntheticUnit> units)
    {
        var places = units.Select(unit => unit.Municipality).Distinct().ToList();
        foreach (var kind in Enum.GetValues<UnitKind>().Where(kind => kind >= UnitKind.CareOffice))
        {
            if (IsNational(kind)) yield return Unit(kind, Oslo, place: 0);
            else for (var place = 0; place < places.Count; place++) yield return Unit(kind, places[place], place);
        }
    }

    private static bool IsNational(UnitKind kind) => kind is
        UnitKind.ClaimsOffice or UnitKind.PopulationRegister or UnitKind.ReservationOffice;

    private static SyntheticUnit Unit(UnitKind kind, MunicipalityCode municipality, int place)
    {
        var number = (municipality.Number * KindsMax) + (int)kind;
        return new SyntheticUnit(
            IndexFirst + number,
            kind,
            UnitDirectory.OrganizationNumberAt(Numbers, number),
            UnitDirectory.OrganizationNumberAt(SubUnitNumbers, number),
            UnitDirectory.OrganizationNumberAt(Numbers, municipality.Number * KindsMax),
            $"{municipality.Name} {NameOf(kind)}",
            municipality,
            District: null,
            UnitDirectory.Products[place % UnitDirectory.Products.Count],
            Staff: [],
            default);
    }

    private static string NameOf(UnitKind kind) => kind switch
    {
        UnitKind.CareOffice => "tildelingskontor",
        UnitKind.DentalClinic => "tannklinikk",
        UnitKind.OutOfHours => "legevakt",
        UnitKind.AcuteBeds => "øyeblikkelig hjelp døgn",
        UnitKind.ClaimsOffice => "oppgjørskontor",
        UnitKind.ReservationOffice => "reservasjonsmottak",
        _ => "folkeregister",
    };
}
