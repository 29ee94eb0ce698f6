using Kilde.Portal.Shell;
using Kilde.Quality.Cases;

namespace Kilde.Portal.Vendors;

/// <summary>Systems, as they name themselves.</summary>
internal static class VendorWords
{
    /// <summary>A vendor, product or version; that it is not stated, in the visitor's language.</summary>
    public static string Named(this Texts texts, string name) =>
        name == SendingSystem.Untold ? texts["word.notStated"] : name;
}
