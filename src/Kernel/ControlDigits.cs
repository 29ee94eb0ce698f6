namespace Kilde.Kernel;

/// <summary>
/// The two control digits that end a person number, K1 and K2, modulo 11 (Skatteetaten; the weights have not changed
/// since 1964).
/// </summary>
/// <remarks>
/// Numbers issued before 2032 leave remainder 0 for K1. Numbers issued from 1 January 2032 may leave 0, 1, 2 or 3. K2
/// always leaves 0. Nobody changes number, so both rules are read side by side for good. K2 weighs every digit, so any
/// single wrong digit is still caught.
/// </remarks>
public static class ControlDigits
{
    private const int FirstRemainderMax = 3;
    private const int Skipped = 10;

    private static ReadOnlySpan<byte> FirstWeights => [3, 7, 6, 1, 8, 9, 4, 5, 2];

    private static ReadOnlySpan<byte> SecondWeights => [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

    private static ReadOnlySpan<byte> DufWeights => [4, 6, 3, 2, 4, 6, 3, 2, 7, 5];

    /// <summary>Whether eleven digit values (0–9, not characters) hold by the rule in use until 2032.</summary>
    public static bool HoldBy1964(ReadOnlySpan<byte> digits) =>
        FirstRemainder(digits) == 0 && SecondRemainder(digits) == 0;

    /// <summary>Whether eleven digit values hold by the rule from 2032, which also holds every older number.</summary>
    public static bool HoldBy2032(ReadOnlySpan<byte> digits) =>
        FirstRemainder(digits) <= FirstRemainderMax && SecondRemainder(digits) == 0;

    /// <summary>
    /// Whether twelve digit values hold by the rule that Statistics Norway checks DUF numbers with. Numbers that do
    /// not hold are in use, so this is for a warning only.
    /// </summary>
    public static bool HoldForDuf(ReadOnlySpan<byte> digits) =>
        WeightedSum(digits, DufWeights) % 11 == (digits[10] * 10) + digits[11];

    /// <summary>
    /// Writes K1 and K2 after the nine digit values. False when no such number exists: then the register skips it.
    /// </summary>
    /// <param name="digits">Eleven places; the first nine are read, the last two written.</param>
    /// <param name="remainder">What K1 shall leave: 0 by the rule of 1964; 0, 1, 2 or 3 from 2032.</param>
    public static bool TryComplete(Span<byte> digits, int remainder = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(remainder);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(remainder, FirstRemainderMax);
        var first = (11 + remainder - (WeightedSum(digits, FirstWeights) % 11)) % 11;
        if (first == Skipped) return false;
        digits[9] = (byte)first;
        var second = (11 - (WeightedSum(digits, SecondWeights) % 11)) % 11;
        if (second == Skipped) return false;
        digits[10] = (byte)second;
        return true;
    }

    private static int FirstRemainder(ReadOnlySpan<byte> digits) =>
        (WeightedSum(digits, FirstWeights) + digits[9]) % 11;

    private static int SecondRemainder(ReadOnlySpan<byte> digits) =>
        (WeightedSum(digits, SecondWeights) + digits[10]) % 11;

    private static int WeightedSum(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++) sum += digits[i] * weights[i];
        return sum;
    }
}
