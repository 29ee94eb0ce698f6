namespace Kilde.Kernel;

/// <summary>Text and numbers to digit values 0–9 and back. Only ASCII digits are digits.</summary>
internal static class Digits
{
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> digits)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < '0' or > '9') return false;
            digits[i] = (byte)(text[i] - '0');
        }

        return true;
    }

    public static bool TryRead(ReadOnlySpan<byte> utf8, Span<byte> digits)
    {
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] is < (byte)'0' or > (byte)'9') return false;
            digits[i] = (byte)(utf8[i] - '0');
        }

        return true;
    }

    /// <summary>
    /// Fills all places from the right, so leading zeros come back. False when the number is too long.
    /// </summary>
    public static bool TrySplit(long number, Span<byte> digits)
    {
        if (number < 0) return false;
        for (var i = digits.Length - 1; i >= 0; i--) (number, digits[i]) = (number / 10, (byte)(number % 10));
        return number == 0;
    }

    public static long Join(ReadOnlySpan<byte> digits)
    {
        var number = 0L;
        foreach (var digit in digits) number = (number * 10) + digit;
        return number;
    }
}
