namespace Kilde.Synthetic;

/// <summary>A fault that was put into a file, for tests to find again.</summary>
/// <param name="Rule">The rule that finds it; null when files must be held together to find it.</param>
/// <param name="Module">Three letters, or <c>iplos</c>.</param>
/// <param name="Place">Where, as an XPath from the message's root.</param>
public sealed record SeededFault(FileFault Kind, string? Rule, string Module, string Place)
{
    /// <summary>The schema refuses it, and with it the whole message.</summary>
    public bool IsStructure => FaultRules.IsStructure(Kind);
}
