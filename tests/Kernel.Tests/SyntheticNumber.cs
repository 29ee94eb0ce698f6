namespace Kilde.Kernel.Tests;

/// <summary>Numbers of people who do not exist, made from their parts.</summary>
internal static class SyntheticNumber
{
    /// <summary>The first number with the given date digits that the register would have issued.</summary>
    public static string Make(int day, int month, int year, int serial = 999, int remainder = 0)
    {
        for (; serial >= 0; serial--)
            if (TryMake(day, month, year, serial, remainder) is { } number) return number;
        throw new InvalidOperationException("No serial left.");
    }

    /// <summary>Null when the serial is skipped, since a control digit would be 10.</summary>
    public static string? TryMake(int day, int month, int year, int serial, int remainder)
    {
        var first = (((((day * 100L) + month) * 100) + year) * 1000) + serial;
        var digits = new byte[11];
        for (var i = 8; i >= 0; i--) (first, digits[i]) = (first / 10, (byte)(first % 10));
        return ControlDigits.TryComplete(digits, remainder) ? string.Concat(digits) : null;
    }
}
