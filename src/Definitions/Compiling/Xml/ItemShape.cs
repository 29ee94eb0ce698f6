using System.Text.RegularExpressions;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>An attribute or text as the definition describes it, before it stands at a place in the message.</summary>
internal sealed class ItemShape
{
    public required string Name { get; init; }

    /// <summary>For mistakes about the item.</summary>
    public required YamlNode At { get; init; }

    public required SimpleType Type { get; init; }

    public required FieldType FieldType { get; init; }

    public required LocalizedText Titles { get; init; }

    public string? Description { get; init; }

    public bool IsRequired { get; init; }

    public bool IsProhibited { get; init; }

    public string? Fixed { get; init; }

    public string? Default { get; init; }

    public bool IsIdentifier { get; init; }

    public bool IsCompactDate { get; init; }

    public bool IsPersonMark { get; init; }

    /// <summary>False for what is checked but not taken into the register.</summary>
    public bool IsKept { get; init; } = true;

    public string? Column { get; init; }

    public CodeList? CodeList { get; init; }

    /// <summary>Where the day of the code may stand, best first; empty means as the element says.</summary>
    public required IReadOnlyList<(string Text, YamlNode Node)> CodeValidOn { get; init; }

    /// <summary>The days it may lie between, as they are written; null when nothing is said.</summary>
    public (string From, string To, YamlNode Node)? Days { get; init; }

    public TextUse Use { get; init; }

    public int LengthMax { get; init; }

    public int LengthMin { get; init; }

    public Regex? Pattern { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public int Decimals { get; init; }

    public required LegalGround Ground { get; init; }

    public required FaultActions OnFault { get; init; }

    public required string Example { get; init; }

    /// <summary>The item at a place.</summary>
    public XmlItem Place(string nodePath) => new()
    {
        Name = Name,
        Type = Type,
        IsRequired = IsRequired,
        Fixed = Fixed,
        Default = Default,
        IsIdentifier = IsIdentifier,
        IsKept = IsKept,
        IsCompactDate = IsCompactDate,
        Field = ToField(nodePath),
    };

    private Field ToField(string nodePath) => new()
    {
        WireName = Name.Length > 0 ? $"@{Name}" : nodePath[(nodePath.LastIndexOf('/') + 1)..],
        Path = Name.Length > 0 ? $"{nodePath}/@{Name}" : nodePath,
        Type = FieldType,
        Titles = Titles,
        Description = Description,
        IsRequired = IsRequired,
        InformationType = Ground.InformationType,
        Purposes = Ground.Purposes,
        Justification = Ground.Justification,
        Use = Use,
        IsPersonMark = IsPersonMark,
        LengthMin = LengthMin,
        LengthMax = LengthMax,
        Pattern = Pattern,
        Min = Min,
        Max = Max,
        Decimals = Decimals,
        CodeList = CodeList,
        OnFault = OnFault,
        Example = Example,
    };
}
