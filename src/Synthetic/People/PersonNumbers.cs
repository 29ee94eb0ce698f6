using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>Makes synthetic numbers, month + 80: one serial for each birthday and slot, never the same twice.</summary>
internal static class PersonNumbers
{
    /// <summary>Serials there are for each birthday, at least.</summary>
    public const int SlotsMax = 390;

    private const int DNumberDay = 40;
    private const int SyntheticMonth = 80;
    private const int RemainderMax = 3;

    /// <summary>The serial of a slot; it tells sex as in real numbers from before 2032, even for women.</summary>
    /// <param name="slot">From 0 to below <see cref="SlotsMax"/>: which of the birthday's serials.</param>
    public static int SerialOf(DateOnly bornOn, int slot)
    {
        Span<byte> digits = stackalloc byte[11];
        for (var serial = bornOn.Year >= 2000 ? 999 : 499; serial >= 0; serial--)
        {
            Write(bornOn, serial, isDNumber: false, digits);
            if (ControlDigits.TryComplete(digits) && slot-- == 0) return serial;
        }

        throw new ArgumentOutOfRangeException(nameof(slot));
    }

    /// <summary>
    /// A fødselsnummer, or the D-number of the same person. Not set in the rare case that the serial has no D-number.
    /// </summary>
    /// <param name="isNewSeries">
    /// A number that only the rule from 2032 holds, where the serial has one, so that both rules are met every day.
    /// </param>
    public static PersonIdentifier Make(DateOnly bornOn, int serial, bool isDNumber, bool isNewSeries)
    {
        Span<byte> digits = stackalloc byte[11];
        Write(bornOn, serial, isDNumber, digits);
        var isMade = !isNewSeries && ControlDigits.TryComplete(digits);
        for (var remainder = 1; !isMade && remainder <= RemainderMax; remainder++)
            isMade = ControlDigits.TryComplete(digits, remainder);
        if (!isMade && !ControlDigits.TryComplete(digits)) return default;

        foreach (ref var digit in digits) digit += (byte)'0';
        return PersonIdentifier.TryParse(digits, out var identifier) ? identifier : default;
    }

    private static void Write(DateOnly bornOn, int serial, bool isDNumber, Span<byte> digits)
    {
        SetTwo(digits, 0, bornOn.Day + (isDNumber ? DNumberDay : 0));
        SetTwo(digits, 2, bornOn.Month + SyntheticMonth);
        SetTwo(digits, 4, bornOn.Year % 100);
        digits[6] = (byte)(serial / 100);
        SetTwo(digits, 7, serial % 100);
    }

    private static void SetTwo(Span<byte> digits, int at, int value) =>
        (digits[at], digits[at + 1]) = ((byte)(value / 10), (byte)(value % 10));
}
