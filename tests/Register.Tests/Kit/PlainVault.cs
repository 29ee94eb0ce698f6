using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Register.Persons;

namespace Kilde.Register.Tests.Kit;

/// <summary>
/// The vault's promises in memory: what the register may build on, and nothing of how the vault keeps it. Persons are
/// named by local patient numbers.
/// </summary>
internal sealed class PlainVault
{
    /// <summary>Before the number of each person, so that a key is like nothing else that stands in a row.</summary>
    private const long PersonsFrom = 8_275_391_046_000_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (IdentifierKey Key, PersonKey Person)> _identifiers = [];
    private readonly List<PersonChange> _changes = [];

    public VaultView View => new(
        (claims, _, _) => Task.FromResult(claims.Select(claim => Resolve(claim.Person.LocalId!)).ToArray()),
        (after, limit, _) => Task.FromResult(Changes(after, limit)),
        (_, _, _, _) => throw new NotSupportedException("The plain vault hears no identity messages."),
        BeginDraft);

    /// <summary>Persons that are seen while a message is judged, until it is accepted.</summary>
    private DraftView BeginDraft()
    {
        var drafted = new Dictionary<string, (IdentifierKey Key, PersonKey Person)>();
        return new DraftView(
            (claims, _, _) => Task.FromResult<ResolvedPerson[]?>(
                [.. claims.Select(claim => Draft(claim.Person.LocalId!, drafted))]),
            _ => Task.FromResult(Keep(drafted)));
    }

    public static RowPerson Person(string name) => new(default, LocalId: name);

    public static RowPerson Nobody => new(default);

    public long NewestChange
    {
        get { lock (_gate) return _changes.Count; }
    }

    public ResolvedPerson Resolve(string name)
    {
        lock (_gate)
        {
            if (!_identifiers.TryGetValue(name, out var known))
                known = _identifiers[name] = KeysOf(name, _identifiers.Count + 1);

            return new ResolvedPerson(known.Person, known.Key, _changes.Count);
        }
    }

    private ResolvedPerson Draft(string name, Dictionary<string, (IdentifierKey Key, PersonKey Person)> drafted)
    {
        lock (_gate)
        {
            if (_identifiers.ContainsKey(name)) return Resolve(name);
            if (!drafted.TryGetValue(name, out var known))
                known = drafted[name] = KeysOf(name, _identifiers.Count + drafted.Count + 1);
            return new ResolvedPerson(known.Person, known.Key, _changes.Count);
        }
    }

    private bool Keep(Dictionary<string, (IdentifierKey Key, PersonKey Person)> drafted)
    {
        lock (_gate)
        {
            if (drafted.Values.Any(known => known.Key.Value <= _identifiers.Count)) return false;
            foreach (var (name, known) in drafted) _identifiers.Add(name, known);
            return true;
        }
    }

    private static (IdentifierKey Key, PersonKey Person) KeysOf(string name, int number) => (
        new IdentifierKey(number),
        name.StartsWith("unknown", StringComparison.Ordinal) ? new PersonKey(-number) : PersonOf(number));

    /// <summary>The person that is the number-th to be seen.</summary>
    public static PersonKey PersonOf(int number) => new(PersonsFrom + number);

    /// <summary>The identifier turns out to be another person's: a merge, or a split.</summary>
    public void Move(string name, long toPerson)
    {
        Resolve(name);
        lock (_gate)
        {
            var known = _identifiers[name];
            if (known.Person.Value == toPerson) return;
            _identifiers[name] = (known.Key, new PersonKey(toPerson));
            _changes.Add(new(_changes.Count + 1, known.Key, known.Person, new PersonKey(toPerson)));
        }
    }

    public IReadOnlyList<PersonChange> Changes(long after, int limit)
    {
        lock (_gate) return [.. _changes.Skip((int)after).Take(limit)];
    }
}
