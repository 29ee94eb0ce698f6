using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>Opens and closes rows, and makes batches of them.</summary>
internal sealed class RowKeeper(XmlReadState state)
{
    private const int ContactsMax = 1000;
    private const int UnitsMax = 1000;

    // Volven 9032. Passports and foreign numbers are no identifiers here.
    private static readonly Dictionary<string, PersonIdentifierKind> Kinds = new(StringComparer.Ordinal)
    {
        ["1"] = PersonIdentifierKind.NationalIdentityNumber,
        ["2"] = PersonIdentifierKind.DNumber,
        ["3"] = PersonIdentifierKind.HNumber,
        ["10"] = PersonIdentifierKind.DufNumber,
        ["12"] = PersonIdentifierKind.SharedHelpNumber,
    };

    private readonly List<string> _institutions = [];
    private readonly List<RowPerson> _persons = [];

    public Queue<RecordBatch> Batches { get; } = new();

    public Queue<IdentityBatch> Identities { get; } = new();

    public bool HasBatch => Batches.Count > 0 || Identities.Count > 0;

    public void Begin(RecordScopePlan record, bool isDropped)
    {
        state.RecordCount++;
        foreach (var capture in record.CapturesBelow) state.Captures[capture] = null;
        if (!isDropped) state.Scopes[record.Index].Begin(state.Nodes, state.Line());
    }

    public void End(NodePlan node, RecordScopePlan record, bool isDropped)
    {
        if (isDropped)
        {
            state.DroppedCount++;
            return;
        }

        var scope = state.Scopes[record.Index];
        var institution = state.Captures[record.Unit] ?? "";
        var person = record.Person is null ? default : PersonOf(node, record.Person);
        var key = KeyOf(record, institution, person);
        CheckYear(node, record);
        if (key is null && !scope.IsRowDropped) state.Warn(node, ReadingRules.NoKey);
        if (key is null || scope.IsRowDropped)
        {
            state.DroppedCount++;
            scope.Drop();
            return;
        }

        scope.Keep(institution, key, person, state.PartNo);
        if (scope.IsBatch(state.Options.BatchRowsMax)) Batches.Enqueue(scope.ToBatch());
    }

    public void Delete(NodePlan node, bool isDropped)
    {
        if (isDropped) return;
        foreach (var deletion in node.Deletions)
        {
            if (state.Captures[deletion.Id] is not { } id) continue;
            if (deletion.Is is not null && deletion.Kind >= 0 && state.Captures[deletion.Kind] != deletion.Is) continue;
            var scope = state.Scopes[deletion.Record];
            scope.Delete(id);
            if (scope.DeletedCount >= state.Options.BatchRowsMax) Batches.Enqueue(scope.ToBatch());
        }
    }

    public void Identify(NodePlan node, bool isDropped)
    {
        state.RecordCount++;
        var person = isDropped ? default : PersonOf(node, state.Plan.Identity!);
        if (person.LocalId is null)
        {
            state.DroppedCount++;
            return;
        }

        _institutions.Add(state.Captures[state.Plan.IdentityUnit] ?? "");
        _persons.Add(person);
        if (_persons.Count >= state.Options.BatchRowsMax) FlushIdentities();
    }

    public void TellContact(ContactPlan plan)
    {
        if (state.Envelope.Contacts.Count >= ContactsMax) return;
        state.Envelope.Add(new ContactPerson(
            state.Captures[plan.Type] ?? "", Of(plan.Name), Of(plan.Phone),
            [.. plan.Emails.Select(email => state.Captures[email]).OfType<string>()]));

        string? Of(int capture) => capture < 0 ? null : state.Captures[capture];
    }

    public void TellUnit(NodePlan node, ItemPlan item)
    {
        if (state.Captures[item.Capture] is not { } id || state.Envelope.Units.Count >= UnitsMax) return;
        state.Envelope.Add(new NamedUnit(id, state.Place(node, XmlReadState.NameOf(item))));
    }

    public void Finish()
    {
        if (state.Plan.EnvelopeUnit >= 0) state.Envelope.Institution = state.Captures[state.Plan.EnvelopeUnit];
        foreach (var scope in state.Scopes.Where(scope => scope.Row > 0 || scope.DeletedCount > 0))
            Batches.Enqueue(scope.ToBatch());
        FlushIdentities();
    }

    private void FlushIdentities()
    {
        if (_persons.Count == 0) return;
        Identities.Enqueue(new IdentityBatch(_persons.Count, [.. _institutions], [.. _persons]));
        _institutions.Clear();
        _persons.Clear();
    }

    private string? KeyOf(RecordScopePlan record, string institution, RowPerson person)
    {
        if (record.Type.IsKeyedByPerson) return person.LocalId is null ? null : $"{institution}|{person.LocalId}";
        var captures = state.Captures;
        var key = record.Key;
        if (key.Length == 2)
        {
            return captures[key[0]] is { } first && captures[key[1]] is { } second
                ? string.Concat(first, "|", second)
                : null;
        }

        foreach (var part in key)
        {
            if (captures[part] is null) return null;
        }

        return key.Length == 1 ? captures[key[0]] : string.Join('|', key.Select(part => captures[part]));
    }

    private RowPerson PersonOf(NodePlan node, PersonPlan plan)
    {
        var localId = plan.LocalId < 0 ? null : state.Captures[plan.LocalId];
        if (plan.Value < 0) return new RowPerson(default, null, localId);
        return new RowPerson(IdentifierOf(node, plan), null, localId);
    }

    private PersonIdentifier IdentifierOf(NodePlan node, PersonPlan plan)
    {
        var kind = plan.Kind < 0 ? null : state.Captures[plan.Kind];
        if (state.Captures[plan.Value] is not { } value) return default;
        var told = PersonIdentifierKind.None;
        if (kind is not null && !Kinds.TryGetValue(kind, out told)) return default;
        if (!PersonIdentifier.TryParse(value, told, out var identifier)
            && !PersonIdentifier.TryParse(value, out identifier))
        {
            Tell(node, ReadingRules.InvalidIdentifier, plan, isRefused: false);
            return default;
        }

        if (state.Options.Identifiers.TryAdmit(identifier, out var admitted)) return admitted;
        var hasSynthetic =
            identifier.Kind is PersonIdentifierKind.NationalIdentityNumber or PersonIdentifierKind.DNumber;
        Tell(node, hasSynthetic ? ReadingRules.NotOfThisEnvironment : ReadingRules.NotTakenHere, plan, hasSynthetic);
        return default;
    }

    private void Tell(NodePlan node, ReadingRule rule, PersonPlan plan, bool isRefused)
    {
        var field = plan.ValueField!;
        if (state.Findings.IsFull && !isRefused)
            state.Findings.CountOnly(rule, rule.Fault is { } fault ? field.OnFault.Of(fault) : null);
        else state.Findings.ReportAt(state.Place(node), rule, field);
    }

    // A message that holds its period whole is held against it, once: what goes on into a year began before it. One of
    // single events is held record by record, whatever period it tells.
    private void CheckYear(NodePlan node, RecordScopePlan record)
    {
        if (state.Plan is { HasPeriod: true, Type.Replacement: Replacement.CumulativePerPeriod }) return;
        var day = state.Days[record.EventDay];
        if (day == XmlReadState.NoDay) return;
        var type = state.Plan.Type;
        if (type.TakesDataYear(DateOnly.FromDayNumber(day).Year, state.Options.ReceivedOn)) return;
        state.Refuse(
            node, ReadingRules.PeriodOutsideDataYears, expected: type.DataYearsOn(state.Options.ReceivedOn));
    }
}
