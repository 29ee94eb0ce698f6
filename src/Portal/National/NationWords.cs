using Kilde.Portal.Shell;

namespace Kilde.Portal.National;

/// <summary>How units stand, in words and colours.</summary>
internal static class NationWords
{
    /// <summary>From what is in order to what is not, as legends and columns show them.</summary>
    public static IReadOnlyList<Standing> Order { get; } =
        [Standing.Reported, Standing.Awaited, Standing.Odd, Standing.Late, Standing.Nothing];

    public static string? ColourOf(Standing standing) => standing switch
    {
        Standing.Late => "danger",
        Standing.Odd => "warning",
        Standing.Reported => "success",
        Standing.Awaited => "info",
        _ => "neutral",
    };

    /// <summary>The shape of the mark, within 4 units of 0,0: told by form as well as by colour.</summary>
    public static string ShapeOf(Standing standing) => standing switch
    {
        Standing.Late => "M0 -4 L4 3.4 L-4 3.4 Z",
        Standing.Odd => "M0 -4 L4 0 L0 4 L-4 0 Z",
        Standing.Reported => "M-3.4 0 a3.4 3.4 0 1 0 6.8 0 a3.4 3.4 0 1 0 -6.8 0 Z",
        Standing.Awaited =>
            "M-3.4 0 a3.4 3.4 0 1 0 6.8 0 a3.4 3.4 0 1 0 -6.8 0 Z M-1.8 0 a1.8 1.8 0 1 1 3.6 0 a1.8 1.8 0 1 1 -3.6 0 Z",
        _ => "M-1.2 0 a1.2 1.2 0 1 0 2.4 0 a1.2 1.2 0 1 0 -2.4 0 Z",
    };

    /// <summary>What is not in order among some units, in a few words.</summary>
    public static string Brief(this Texts texts, CountyStanding county) =>
        (county.Count(Standing.Late), county.Count(Standing.Odd)) switch
    {
        (0, 0) when county.Units.Count == 0 => texts["nation.brief.none"],
        (0, 0) when county.Count(Standing.Reported) == 0 => texts["nation.brief.awaited"],
        (0, 0) => texts["nation.brief.ok"],
        (var late, 0) => texts["nation.brief.late", late],
        (0, var odd) => texts["nation.brief.odd", odd],
        var (late, odd) => texts["nation.brief.lateOdd", late, odd],
    };
}
