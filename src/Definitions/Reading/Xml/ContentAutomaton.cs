using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// A content model as a deterministic automaton over the children's ordinals: one array look-up per child element.
/// </summary>
internal sealed class ContentAutomaton
{
    public const int Start = 0;
    public const int None = -1;

    private const int StatesMax = 10_000;

    private readonly int _children;
    private readonly int[] _next;
    private readonly bool[] _isFinal;

    private ContentAutomaton(int children, int[] next, bool[] isFinal) =>
        (_children, _next, _isFinal) = (children, next, isFinal);

    /// <summary>The state after the child; <see cref="None"/> when it may not stand there.</summary>
    public int Next(int state, int child) => _next[(state * _children) + child];

    public bool IsFinal(int state) => _isFinal[state];

    /// <summary>The children that may come next, in the order of the definition.</summary>
    public IEnumerable<int> Expected(int state) =>
        Enumerable.Range(0, _children).Where(child => Next(state, child) != None);

    public static ContentAutomaton Of(XmlNode node)
    {
        var nondeterministic = new Graph();
        var end = nondeterministic.Add(node.Content!, nondeterministic.NewState());
        return Determinize(nondeterministic, end, node.Children.Count);
    }

    private static ContentAutomaton Determinize(Graph graph, int end, int children)
    {
        var sets = new List<int[]> { graph.Closure([0]) };
        var known = new Dictionary<string, int>(StringComparer.Ordinal) { [string.Join(',', sets[0])] = 0 };
        var next = new List<int>();
        for (var state = 0; state < sets.Count; state++)
        {
            for (var child = 0; child < children; child++)
            {
                var reached = graph.Closure(graph.Step(sets[state], child));
                if (reached.Length == 0)
                {
                    next.Add(None);
                    continue;
                }

                var name = string.Join(',', reached);
                if (!known.TryGetValue(name, out var to))
                {
                    if (sets.Count == StatesMax) throw new InvalidOperationException("The content model is too large.");
                    known[name] = to = sets.Count;
                    sets.Add(reached);
                }

                next.Add(to);
            }
        }

        return new ContentAutomaton(children, [.. next], [.. sets.Select(set => set.Contains(end))]);
    }

    /// <summary>The automaton with choices still open, one copy of a particle for each time it may stand.</summary>
    private sealed class Graph
    {
        private readonly List<List<int>> _free = [];
        private readonly List<List<(int Child, int To)>> _steps = [];

        public int NewState()
        {
            _free.Add([]);
            _steps.Add([]);
            return _free.Count - 1;
        }

        /// <summary>Adds the particle from a state; returns the state after it.</summary>
        public int Add(XmlParticle particle, int from)
        {
            var at = from;
            for (var i = 0; i < particle.Min; i++) at = AddOnce(particle, at);
            if (particle.Max is not { } max)
            {
                var loop = NewState();
                _free[at].Add(loop);
                _free[AddOnce(particle, loop)].Add(loop);
                return loop;
            }

            var end = NewState();
            for (var i = particle.Min; i < max; i++)
            {
                _free[at].Add(end);
                at = AddOnce(particle, at);
            }

            _free[at].Add(end);
            return end;
        }

        public int[] Step(int[] states, int child) =>
        [
            .. states.SelectMany(state => _steps[state]).Where(step => step.Child == child).Select(step => step.To),
        ];

        public int[] Closure(int[] states)
        {
            var reached = new SortedSet<int>(states);
            var open = new Stack<int>(states);
            while (open.TryPop(out var state))
            {
                foreach (var to in _free[state].Where(reached.Add)) open.Push(to);
            }

            return [.. reached];
        }

        private int AddOnce(XmlParticle particle, int from)
        {
            switch (particle.Kind)
            {
                case ParticleKind.Element:
                    var after = NewState();
                    _steps[from].Add((particle.Child, after));
                    return after;
                case ParticleKind.Sequence:
                    return particle.Items.Aggregate(from, (at, item) => Add(item, at));
                default:
                    var end = NewState();
                    foreach (var item in particle.Items)
                    {
                        var begin = NewState();
                        _free[from].Add(begin);
                        _free[Add(item, begin)].Add(end);
                    }

                    return end;
            }
        }
    }
}
