using Kilde.Definitions.Model;
using Kilde.Definitions.Rules;
using Kilde.Kernel;

namespace Kilde.Definitions.Compiling;

/// <summary>The words a definition file is written with.</summary>
internal static class Words
{
    public static readonly IReadOnlyDictionary<string, FieldType> Types = Camel<FieldType>();

    public static readonly IReadOnlyDictionary<string, WireValue> Wire = Camel<WireValue>();

    public static readonly IReadOnlyDictionary<string, TextUse> Uses = Camel(TextUse.None);

    public static readonly IReadOnlyDictionary<string, Purpose> Purposes = Camel<Purpose>();

    public static readonly IReadOnlyDictionary<string, DefinitionStatus> Statuses = Camel<DefinitionStatus>();

    public static readonly IReadOnlyDictionary<string, WireFormat> Formats = Camel<WireFormat>();

    public static readonly IReadOnlyDictionary<string, Replacement> Replacements = Camel<Replacement>();

    public static readonly IReadOnlyDictionary<string, InformationType> InformationTypes = Camel<InformationType>();

    public static readonly IReadOnlyDictionary<string, RuleLevel> Levels = Camel<RuleLevel>();

    public static readonly IReadOnlyDictionary<string, RegisterCode> Registers =
        new Dictionary<string, RegisterCode>(StringComparer.Ordinal)
        {
            ["KPR"] = RegisterCode.Kpr,
            ["NPR"] = RegisterCode.Npr,
        };

    public static readonly IReadOnlyDictionary<string, FaultAction> Actions =
        new Dictionary<string, FaultAction>(StringComparer.Ordinal)
        {
            ["rejectMessage"] = FaultAction.RejectMessage,
            ["dropRow"] = FaultAction.DropRow,
            ["null"] = FaultAction.SetNull,
            ["log"] = FaultAction.Log,
        };

    /// <summary>NPR's graded actions, which only XML messages have.</summary>
    public static readonly IReadOnlyDictionary<string, FaultAction> XmlActions =
        new Dictionary<string, FaultAction>(Actions, StringComparer.Ordinal)
        {
            ["dropRowOnly"] = FaultAction.DropRowOnly,
            ["minusOne"] = FaultAction.SetMinusOne,
            ["zero"] = FaultAction.SetZero,
        };

    public static readonly IReadOnlyDictionary<string, FieldRole> Roles =
        new Dictionary<string, FieldRole>(StringComparer.Ordinal)
        {
            ["key"] = FieldRole.Key,
            ["unit"] = FieldRole.Unit,
            ["event"] = FieldRole.Event,
            ["contact.start"] = FieldRole.ContactStart,
            ["contact.end"] = FieldRole.ContactEnd,
            ["contact.unit"] = FieldRole.ContactUnit,
            ["contact.serviceArea"] = FieldRole.ContactServiceArea,
            ["contact.kind"] = FieldRole.ContactKind,
            ["contact.funding"] = FieldRole.ContactFunding,
            ["contact.municipality"] = FieldRole.ContactMunicipality,
        };

    public static string Of<T>(IReadOnlyDictionary<string, T> words, T value)
        where T : struct => words.First(pair => pair.Value.Equals(value)).Key;

    public static Dictionary<string, T> Camel<T>(params T[] except)
        where T : struct, Enum =>
        Enum.GetValues<T>().Except(except).ToDictionary(
            value => char.ToLowerInvariant(value.ToString()[0]) + value.ToString()[1..], StringComparer.Ordinal);
}
