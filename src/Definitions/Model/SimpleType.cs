using System.Text.RegularExpressions;

namespace Kilde.Definitions.Model;

/// <summary>The simple types of XML Schema that messages use.</summary>
public enum XmlBase
{
    String = 1,
    NormalizedString,
    Token,
    Integer,
    NonNegativeInteger,
    PositiveInteger,
    Long,
    Int,
    Short,
    Decimal,
    Double,
    Boolean,
    Date,
    DateTime,
    GYear,

    /// <summary>A string of 8-4-4-4-12 hexadecimal digits, with or without braces.</summary>
    Guid,
}

/// <summary>A simple type with its facets, exactly as the official schema has them.</summary>
public sealed record SimpleType(XmlBase Base)
{
    public int LengthMin { get; init; }

    public int LengthMax { get; init; } = int.MaxValue;

    /// <summary>The whole value must match.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>The values that may stand; null when any may.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public int? TotalDigits { get; init; }

    public int? FractionDigits { get; init; }

    public bool IsText => Base is XmlBase.String or XmlBase.NormalizedString or XmlBase.Token or XmlBase.Guid;

    public bool IsNumber => Base is >= XmlBase.Integer and <= XmlBase.Double;

    public bool IsWhole => Base is >= XmlBase.Integer and <= XmlBase.Short;
}
