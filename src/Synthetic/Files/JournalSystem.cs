namespace Kilde.Synthetic;

/// <summary>The system a file comes from. Vendors and products are invented; one's name needs escaping.</summary>
internal sealed record JournalSystem(string Vendor, string Product, string Version, string ExtractorVersion)
{
    private const int FirstYear = 2015;

    private static readonly (string Vendor, string Product)[] Products =
    [
        ("Fjell & Fjord Journal AS", "Fjordjournal sjukehus"),
        ("Viddejournal AS", "Vidde klinikk"),
        ("Nordlys Helse-IT AS", "Polaris EPJ"),
    ];

    /// <summary>What a sender has in a year: the same product for years, with a new version each year.</summary>
    public static JournalSystem Of(int sender, int year)
    {
        var (vendor, product) = Products[sender % Products.Length];
        var release = Math.Max(0, year - FirstYear);
        return new JournalSystem(vendor, product, $"{5 + release}.{sender % 4}.1", $"4.{release}");
    }
}
