namespace Kilde.Synthetic;

/// <summary>What claims hold: list kuhr-tjenestetype, tariffs with their amounts in kroner, ICPC-2.</summary>
internal static class ClaimCodes
{
    public const string Practice = "Fastlege";
    public const string OutOfHours = "Legevakt";

    public static readonly (string Code, int Amount)[] Tariffs =
        [("2ad", 193), ("2ad", 193), ("2ae", 179), ("1bd", 66), ("1be", 58), ("11ad", 280), ("1ad", 66)];

    public static readonly string[] Diagnoses = ["P76", "L03", "K86", "R74", "A04", "T90", "D73", "S88"];
}
