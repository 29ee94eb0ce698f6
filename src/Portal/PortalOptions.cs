using System.ComponentModel.DataAnnotations;

namespace Kilde.Portal;

/// <summary>Settings of the pages, section <c>Portal</c>.</summary>
public sealed class PortalOptions
{
    /// <summary>Says at the foot of every page that the persons are synthetic.</summary>
    public bool IsTestEnvironment { get; set; }

    /// <summary>Rows on one page of a list.</summary>
    [Range(10, 500)]
    public int PageRowsMax { get; set; } = 50;

    /// <summary>Largest message the validation box takes, in kilobytes. Larger ones: <c>POST /validate</c>.</summary>
    [Range(1, 4_000)]
    public int ValidationKilobytesMax { get; set; } = 1_000;
}
