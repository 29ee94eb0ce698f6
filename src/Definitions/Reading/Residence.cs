using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>
/// The municipality somebody lives in, as NPR's messages tell it: a municipality number, or a mark for those who live
/// in none (NPR-melding 53.1.3).
/// </summary>
internal static class Residence
{
    // Abroad without and with agreement, and unknown.
    private static readonly string[] Marks = ["9000", "9900", "9999"];

    /// <summary>True for a mark and for any number that has been in use since 1988.</summary>
    /// <param name="municipality">Null for a mark.</param>
    public static bool IsKnown(ReadOnlySpan<char> text, out MunicipalityCode? municipality)
    {
        municipality = null;
        foreach (var mark in Marks)
        {
            if (text.SequenceEqual(mark)) return true;
        }

        if (!MunicipalityCode.TryParse(text, out var code)) return false;
        municipality = code;
        return true;
    }
}
