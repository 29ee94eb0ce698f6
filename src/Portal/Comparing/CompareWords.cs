using Kilde.Kernel;
using Kilde.Portal.Shell;
using Kilde.Quality.Documents;
using Kilde.Register.Comparing;

namespace Kilde.Portal.Comparing;

/// <summary>What differs, in words, colours and as a file.</summary>
internal static class CompareWords
{
    public const string FileName = "forskjeller.csv";

    /// <summary>Differences in the file that comes with the page; of more, a shorter period is asked for.</summary>
    public const int FileRowsMax = 20_000;

    private const int MunicipalityDigits = 4;

    public static string ColourOf(DifferenceKind kind) => kind switch
    {
        DifferenceKind.Missing => "danger",
        DifferenceKind.Extra => "warning",
        _ => "info",
    };

    /// <summary>The unit as the message writes it; a municipality with its name beside the number.</summary>
    public static string NameOf(DigestPlace place) =>
        place.Unit.Length == MunicipalityDigits && MunicipalityCode.TryParse(place.Unit, out var municipality)
            ? $"{place.Unit} {municipality.Name}"
            : place.Unit;

    /// <summary>
    /// All that differs, as an address that holds the file itself: what was compared is not kept, so there is nowhere
    /// to fetch it from afterwards.
    /// </summary>
    public static string FileOf(Texts texts, IReadOnlyList<RecordDifference> differences)
    {
        var file = new CsvFile(
            texts["compare.difference"], texts["compare.month"], texts["word.unit"], texts["compare.localId"]);
        foreach (var one in differences.Take(FileRowsMax))
            file.Add(texts.Of(one.Kind), one.Place.Month.ToString(), one.Place.Unit, one.LocalId);
        return $"data:text/csv;charset=utf-8;base64,{Convert.ToBase64String(file.ToBytes())}";
    }
}
