using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kilde.Kernel;

/// <summary>
/// The year the reported activity took place in (dataår); codes, definitions and obligations follow it. 1980–2099:
/// IPLOS holds services begun in 1980. <c>default</c> means "not set".
/// </summary>
public readonly record struct DataYear : ISpanParsable<DataYear>, IComparable<DataYear>
{
    private const int Min = 1980;
    private const int Max = 2099;

    private DataYear(int year) => Year = year;

    public int Year { get; }

    public DateOnly FirstDay => new(Year, 1, 1);

    public DateOnly LastDay => new(Year, 12, 31);

    public static DataYear Of(DateOnly day) =>
        TryFrom(day.Year, out var year) ? year : throw new ArgumentOutOfRangeException(nameof(day));

    public static bool TryFrom(int year, out DataYear dataYear)
    {
        var isValid = year is >= Min and <= Max;
        dataYear = isValid ? new DataYear(year) : default;
        return isValid;
    }

    public bool Includes(DateOnly day) => day.Year == Year;

    public int CompareTo(DataYear other) => Year.CompareTo(other.Year);

    public override string ToString() => Year.ToString(CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<char> text, out DataYear year)
    {
        year = default;
        Span<byte> digits = stackalloc byte[4];
        return text.Length == 4 && Digits.TryRead(text, digits) && TryFrom((int)Digits.Join(digits), out year);
    }

    public static DataYear Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var year) ? year : throw new FormatException("Not a data year.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out DataYear result) =>
        TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DataYear result) =>
        TryParse(s.AsSpan(), out result);

    public static DataYear Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static DataYear Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public static bool operator <(DataYear left, DataYear right) => left.CompareTo(right) < 0;

    public static bool operator >(DataYear left, DataYear right) => left.CompareTo(right) > 0;

    public static bool operator <=(DataYear left, DataYear right) => left.CompareTo(right) <= 0;

    public static bool operator >=(DataYear left, DataYear right) => left.CompareTo(right) >= 0;
}
