using Kilde.Kernel;

namespace Kilde.Platform.SignIn;

/// <summary>
/// What part of a reporting unit a person speaks for: a unit within a municipality or a hospital, by its organisation
/// number, or an urban district, by its six digits.
/// </summary>
public sealed record UnitPart
{
    private UnitPart(OrganizationNumber? unit, UrbanDistrictCode? district) => (Unit, District) = (unit, district);

    public OrganizationNumber? Unit { get; }

    public UrbanDistrictCode? District { get; }

    public override string ToString() => Unit?.ToString() ?? District!.Value.ToString();

    /// <summary>Null when the text is neither an organisation number nor an urban district.</summary>
    public static UnitPart? TryParse(string? text)
    {
        if (OrganizationNumber.TryParse(text, provider: null, out var unit)) return new UnitPart(unit, null);
        return UrbanDistrictCode.TryParse(text, provider: null, out var district) ? new UnitPart(null, district) : null;
    }

    public static UnitPart Parse(string text) =>
        TryParse(text) ?? throw new FormatException("Not a part of a reporting unit.");
}
