using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>The days something holds, both ends included; null is open.</summary>
public readonly record struct Validity(DateOnly? From, DateOnly? To)
{
    public static Validity Always { get; }

    public static Validity Of(DataYear year) => new(year.FirstDay, year.LastDay);

    public bool Includes(DateOnly day) => (From is null || day >= From) && (To is null || day <= To);

    public bool Overlaps(Validity other) =>
        (From is null || other.To is null || From <= other.To)
        && (To is null || other.From is null || other.From <= To);
}

/// <summary>A code in a code system, such as 1 in Volven 8406. Written <c>8406:1</c>.</summary>
/// <param name="System">
/// A Volven number (<c>8406</c>), a full OID, or the short name of a system (<c>ICD-10</c>). Holds no colon.
/// </param>
/// <param name="Value">
/// As the sender wrote it: leading zeros and letter case belong to the code (0301, I21.9a).
/// </param>
public readonly record struct CodeValue(string System, string Value) : ISpanParsable<CodeValue>
{
    private const char Separator = ':';

    public override string ToString() => $"{System}{Separator}{Value}";

    public static bool TryParse(ReadOnlySpan<char> text, out CodeValue code)
    {
        var at = text.IndexOf(Separator);
        var isValid = at > 0 && at < text.Length - 1;
        code = isValid ? new CodeValue(text[..at].ToString(), text[(at + 1)..].ToString()) : default;
        return isValid;
    }

    public static CodeValue Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var code) ? code : throw new FormatException("Not a code, such as 8406:1.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out CodeValue result) =>
        TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CodeValue result) =>
        TryParse(s.AsSpan(), out result);

    public static CodeValue Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static CodeValue Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());
}

/// <summary>A code with what it means and the days it may be used.</summary>
public sealed record Code(CodeValue Value, LocalizedText Texts, Validity Validity)
{
    /// <summary>What it means, in bokmål.</summary>
    public string Text => Texts.Nb;
}
