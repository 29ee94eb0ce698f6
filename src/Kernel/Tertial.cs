using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>
/// Four months of a data year, 1 to 3: the reporting period of Norsk pasientregister. Written <c>2026T1</c>.
/// <c>default</c> means "not set".
/// </summary>
public readonly record struct Tertial : ISpanParsable<Tertial>, IComparable<Tertial>
{
    private const int Months = 4;

    private Tertial(DataYear year, int number) => (Year, Number) = (year, number);

    public DataYear Year { get; }

    /// <summary>1 January–April, 2 May–August, 3 September–December.</summary>
    public int Number { get; }

    public DateOnly FirstDay => new(Year.Year, ((Number - 1) * Months) + 1, 1);

    public DateOnly LastDay => FirstDay.AddMonths(Months).AddDays(-1);

    public Tertial Next => Of(LastDay.AddDays(1));

    public Tertial Previous => Of(FirstDay.AddDays(-1));

    public static Tertial Of(DateOnly day) => new(DataYear.Of(day), ((day.Month - 1) / Months) + 1);

    public bool Includes(DateOnly day) => day >= FirstDay && day <= LastDay;

    public int CompareTo(Tertial other) => (Year.Year, Number).CompareTo((other.Year.Year, other.Number));

    public override string ToString() => $"{Year}T{Number}";

    public static bool TryParse(ReadOnlySpan<char> text, out Tertial tertial)
    {
        tertial = default;
        if (text.Length != 6 || text[4] != 'T' || text[5] is < '1' or > '3') return false;
        if (!DataYear.TryParse(text[..4], out var year)) return false;
        tertial = new Tertial(year, text[5] - '0');
        return true;
    }

    public static Tertial Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var tertial) ? tertial : throw new FormatException("Not a tertial, such as 2026T1.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Tertial result) =>
        TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Tertial result) =>
        TryParse(s.AsSpan(), out result);

    public static Tertial Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static Tertial Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public static bool operator <(Tertial left, Tertial right) => left.CompareTo(right) < 0;

    public static bool operator >(Tertial left, Tertial right) => left.CompareTo(right) > 0;

    public static bool operator <=(Tertial left, Tertial right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Tertial left, Tertial right) => left.CompareTo(right) >= 0;
}
