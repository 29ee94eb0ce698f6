namespace Kilde.Definitions.Reading.Xml;

/// <summary>Tells what is wrong with the order of elements, and what could have stood there.</summary>
internal sealed class XmlRefusals(XmlReadState state)
{
    private const int NameCharactersMax = 40;

    public void Element(NodePlan parent, string name)
    {
        var at = state.StateOf(parent);
        var expected = parent.Automaton is { } automaton ? NamesOf(parent, automaton, at.State) : "ingen";
        state.Refuse(parent, ReadingRules.UnknownElement, Harmless(name), expected: expected);
    }

    public void Order(NodeState parent, NodePlan child) => state.Refuse(
        child, ReadingRules.UnknownElement, expected: NamesOf(parent.Plan, parent.Plan.Automaton!, parent.State));

    public void Incomplete(NodeState at, ContentAutomaton automaton) => state.Refuse(
        at.Plan, ReadingRules.IncompleteElement, expected: NamesOf(at.Plan, automaton, at.State));

    // A name that is not ours is the sender's own: it may be long, or hold an identifier.
    public static string Harmless(string name)
    {
        Span<char> harmless = stackalloc char[Math.Min(name.Length, NameCharactersMax)];
        var digits = 0;
        for (var i = 0; i < harmless.Length; i++)
        {
            digits = char.IsDigit(name[i]) ? digits + 1 : 0;
            harmless[i] = digits > 4 ? '*' : name[i];
        }

        return harmless.ToString();
    }

    private static string NamesOf(NodePlan node, ContentAutomaton automaton, int state)
    {
        var names = automaton.Expected(state).Select(child => node.Children[child].Name).ToArray();
        return names.Length == 0 ? "slutten av elementet" : string.Join(", ", names);
    }
}
