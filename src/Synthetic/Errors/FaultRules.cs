using System.Collections.Frozen;
using System.Reflection;

namespace Kilde.Synthetic;

/// <summary>Which rule finds which fault.</summary>
public static class FaultRules
{
    private static readonly FrozenDictionary<FileFault, string> Rules = Enum.GetValues<FileFault>()
        .Select(kind => (Kind: kind, Field: typeof(FileFault).GetField($"{kind}")!))
        .Select(fault => (fault.Kind, fault.Field.GetCustomAttribute<BreaksAttribute>()?.Rule))
        .Where(fault => fault.Rule is not null)
        .ToFrozenDictionary(fault => fault.Kind, fault => fault.Rule!);

    /// <summary>Null for what breaks no rule in its own file.</summary>
    public static string? Of(FileFault kind) => Rules.GetValueOrDefault(kind);

    /// <summary>Whether the schema refuses a message with such a fault.</summary>
    public static bool IsStructure(FileFault kind) =>
        Of(kind)?.StartsWith("STR-", StringComparison.Ordinal) == true;
}
