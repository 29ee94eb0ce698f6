using Kilde.Intake.Silence;
using Kilde.Kernel;

namespace Kilde.Portal.National;

/// <summary>How a unit, or a municipality, stands with a year. The worst of its units is a municipality's.</summary>
public enum Standing
{
    /// <summary>Nothing is expected from there.</summary>
    Nothing,

    /// <summary>Nothing is due yet.</summary>
    Awaited,

    /// <summary>All that was due has come.</summary>
    Reported,

    /// <summary>It has come, but something is odd: findings of error that nobody has answered, or silence.</summary>
    Odd,

    /// <summary>A deadline has passed without it.</summary>
    Late,
}

/// <summary>One reporting unit in the national overview.</summary>
/// <param name="Municipality">By the borders of today; null where nothing tells.</param>
/// <param name="Late">Periods that were due, and are waited for.</param>
/// <param name="DaysLateMax">Of those that are waited for.</param>
/// <param name="Closed">Periods that have not come, and that nobody asks for any more.</param>
/// <param name="Silence">The feed that has been silent longest against its own rhythm.</param>
/// <param name="Errors">Findings of error that nobody has answered.</param>
public sealed record UnitStanding(
    OrganizationNumber Unit, string Name, MunicipalityCode? Municipality, IReadOnlyList<string> Types, int Received,
    int Awaited, int Late, int DaysLateMax, int Closed, DateTimeOffset? LastReceivedAt, OpenSilence? Silence,
    int Errors, int Warnings)
{
    public Standing Standing => this switch
    {
        { Late: > 0 } or { Closed: > 0 } => Standing.Late,
        { Errors: > 0 } or { Silence: not null } => Standing.Odd,
        { Received: > 0 } => Standing.Reported,
        { Awaited: > 0 } => Standing.Awaited,
        _ => Standing.Nothing,
    };
}

/// <summary>The units of one municipality.</summary>
public sealed record MunicipalityStanding(MunicipalityCode Municipality, IReadOnlyList<UnitStanding> Units)
{
    public Standing Standing => Units.Count == 0 ? Standing.Nothing : Units.Max(unit => unit.Standing);
}

/// <summary>One county, with all its municipalities of today.</summary>
/// <param name="County">Null for units of which nothing tells where they are.</param>
public sealed record CountyStanding(CountyCode? County, IReadOnlyList<MunicipalityStanding> Municipalities,
    IReadOnlyList<UnitStanding> Units)
{
    public int Count(Standing standing) => Units.Count(unit => unit.Standing == standing);
}

/// <summary>All who report, and how they stand with a year.</summary>
/// <param name="Types">Message types that may be chosen.</param>
public sealed record Nation(
    DataYear Year, IReadOnlyList<DataYear> Years, IReadOnlyList<string> Types, IReadOnlyList<CountyStanding> Counties)
{
    public IEnumerable<UnitStanding> Units => Counties.SelectMany(county => county.Units);
}
