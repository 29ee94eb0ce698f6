using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Kilde.Portal.Tests;

/// <summary>
/// Every string in the code of the portal, read out of the compiled methods: what the compiler made of markup and of
/// code alike, so that no text can hide in either.
/// </summary>
/// <param name="Folder">The folder of <c>src/Portal</c> that the string stands in.</param>
/// <param name="IsMarkup">Handed to the page as it is, as content or markup.</param>
public sealed partial record PortalLiteral(string Folder, string Where, string Text, bool IsMarkup);

/// <summary>Reads the strings, and tells which of them a person would read.</summary>
public static partial class PortalLiterals
{
    private const string Namespace = "Kilde.Portal.";

    // Names that are the same in every language.
    private static readonly string[] Names = ["Kilde", "KPR", "NPR", "CSV"];

    // Attributes of markup that people are told.
    private static readonly string[] Told = ["aria-label", "title", "placeholder", "alt", "data-label"];

    // What looks like words for people and is not: entries of the audit log, commands, columns of a file that programs
    // read by name, headers of answers, mistakes of ours in a text, names of the framework's parameters, and the
    // languages' own names.
    private static readonly string[] OfTheProgram =
    [
        "no role", "submission ", "finding ", "feedback ", "return ", "sender ", "sender configuration", "check limit",
        "kilde return", "kilde compare sent/ --type ", "smtp ", "kilde audit verify",
        "attachment; filename=\"",
        "frist ikke ute", "dager over frist", "sist mottatt", "stille siden", "feil uten svar", "advarsler uten svar",
        "public, max-age=300", "public, max-age=31536000, immutable", "max-age=31536000; includeSubDomains",
        "A vendor without an organisation has come in.",
        "A brace is not closed in '", "' does not have two words.",
        "Found", "Layout",
        "Bokmål", "Nynorsk", "English",
    ];

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    public static IReadOnlyList<PortalLiteral> All { get; } = [.. Read()];

    public static bool IsKey(string text) => KeyShape.IsMatch(text);

    /// <summary>The words a person would read in a string.</summary>
    public static IEnumerable<string> WordsIn(PortalLiteral literal)
    {
        var isMarkup = literal.IsMarkup || literal.Text.StartsWith('<');
        var texts = isMarkup
            ? TextsOf(literal.Text).Where(text => Word.IsMatch(text))
            : IsSentence(literal.Text) ? [literal.Text] : [];
        return texts.Select(text => $"{literal.Where}: {text.Trim()}");
    }

    private static IEnumerable<string> TextsOf(string markup)
    {
        var withoutCode = CodeElement.Replace(markup, "");
        foreach (Match attribute in Attribute.Matches(withoutCode))
        {
            if (Told.Contains(attribute.Groups["name"].Value)) yield return attribute.Groups["value"].Value;
        }

        foreach (var text in Tag.Split(withoutCode))
            yield return Names.Aggregate(text, (left, name) => left.Replace(name, "", StringComparison.Ordinal));
    }

    // Elsewhere a string may be an address, a class or a name of a parameter: those have no blanks between words, no
    // capital first that is not a member's name, and no Norwegian letter.
    private static bool IsSentence(string text) =>
        !OfTheProgram.Contains(text) && !text.Contains('/', StringComparison.Ordinal) && !IsKey(text)
        && (Words.IsMatch(text) || (Capital.IsMatch(text) && !Members.Contains(text) && !Names.Contains(text)));

    private static IEnumerable<PortalLiteral> Read()
    {
        const BindingFlags Every = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
            | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var type in typeof(PortalModule).Assembly.GetTypes())
        {
            if (type.FullName?.StartsWith(Namespace, StringComparison.Ordinal) != true) continue;
            var folder = type.FullName[Namespace.Length..].Split('.', '+')[0];
            foreach (var method in type.GetMethods(Every).Cast<MethodBase>().Concat(type.GetConstructors(Every)))
            {
                foreach (var (text, isMarkup) in LiteralsOf(method))
                    yield return new PortalLiteral(folder, $"{type.Name}.{method.Name}", text, isMarkup);
            }
        }
    }

    private static IEnumerable<(string Text, bool IsMarkup)> LiteralsOf(MethodBase method)
    {
        // What the compiler says of its own accord, such as the text of a record; it makes methods of lambdas too.
        if (method.IsDefined(typeof(CompilerGeneratedAttribute)) && method.Name[0] != '<') yield break;
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) yield break;

        string? last = null;
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? unchecked((short)(0xFE00 | code[at + 1])) : code[at];
            var operation = OpCodes[value];
            var operand = at + operation.Size;
            if (last is not null) yield return (last, IsContent(operation, method, code, operand));
            last = operation == System.Reflection.Emit.OpCodes.Ldstr
                ? method.Module.ResolveString(BitConverter.ToInt32(code, operand))
                : null;
            at = operand + SizeOf(operation.OperandType, code, operand);
        }
    }

    private static bool IsContent(OpCode operation, MethodBase method, byte[] code, int operand) =>
        operation.OperandType == OperandType.InlineMethod
        && method.Module.ResolveMethod(
            BitConverter.ToInt32(code, operand), method.DeclaringType?.GetGenericArguments(),
            method.IsGenericMethod ? method.GetGenericArguments() : null)?.Name is "AddContent" or "AddMarkupContent";

    private static int SizeOf(OperandType type, byte[] code, int at) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => sizeof(int) * (1 + BitConverter.ToInt32(code, at)),
        _ => sizeof(int),
    };

    private static HashSet<string> Members { get; } = typeof(PortalModule).Assembly.GetTypes()
        .SelectMany(type => type.GetMembers()).Select(member => member.Name).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^\p{L}[\p{L}\d]*(\.[\p{L}\d_]+)+$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex KeyShape { get; }

    [GeneratedRegex(@"\p{L}{2,}", RegexOptions.None, 1_000)]
    private static partial Regex Word { get; }

    [GeneratedRegex(@"[æøåÆØÅ]|(^|\s)\p{L}{2,}[.,:;!?]?\s|\s\p{L}{2,}[.,:;!?]?$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Words { get; }

    [GeneratedRegex(@"^\p{Lu}\p{Ll}+$", RegexOptions.None, 1_000)]
    private static partial Regex Capital { get; }

    [GeneratedRegex("<code[^>]*>[^<]*</code>", RegexOptions.None, 1_000)]
    private static partial Regex CodeElement { get; }

    [GeneratedRegex("<[^>]*>?", RegexOptions.None, 1_000)]
    private static partial Regex Tag { get; }

    [GeneratedRegex("""(?<name>[a-z-]+)="(?<value>[^"]*)""" + "\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Attribute { get; }
}
