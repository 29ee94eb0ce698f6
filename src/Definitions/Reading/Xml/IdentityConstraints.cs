using System.Globalization;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// Keys, uniqueness and references as XML Schema has them, each within one occurrence of the element that owns the
/// constraint.
/// </summary>
internal sealed class IdentityConstraints
{
    /// <summary>References to what has not come yet. Where the keys stand first there are none.</summary>
    private const int OpenMax = 100_000;

    private readonly XmlReadState _state;
    private readonly KeySet[] _keys;
    private readonly Dictionary<UInt128, string>?[] _open;

    public IdentityConstraints(XmlReadState state)
    {
        _state = state;
        _keys = [.. Enumerable.Range(0, state.Plan.ConstraintCount).Select(_ => new KeySet())];
        _open = new Dictionary<UInt128, string>?[state.Plan.ConstraintCount];
    }

    public void Begin(NodePlan owner)
    {
        foreach (var constraint in owner.Owned)
        {
            _keys[constraint.Index].Clear();
            _open[constraint.Index]?.Clear();
        }
    }

    public void Take(NodePlan node, ElementItems items)
    {
        foreach (var key in node.Keys)
        {
            if (TryValue(node, key, items, out var value)) Take(node, key.Constraint, value);
            else if (key.Constraint.Kind == ConstraintKind.Key)
                _state.Refuse(node, ReadingRules.MissingKey, expected: key.Constraint.Constraint.Name);
        }
    }

    public void End(NodePlan owner)
    {
        foreach (var constraint in owner.Owned)
        {
            if (constraint.Kind != ConstraintKind.Reference || _open[constraint.Index] is not { Count: > 0 } open)
                continue;
            foreach (var (key, place) in open)
            {
                if (_keys[constraint.Refers].Contains(key)) continue;
                _state.Findings.ReportAt(place, ReadingRules.BrokenReference, "", constraint.Constraint.Name);
            }
        }
    }

    private void Take(NodePlan node, ConstraintPlan constraint, UInt128 value)
    {
        if (constraint.Kind != ConstraintKind.Reference)
        {
            if (!_keys[constraint.Index].Add(value))
                _state.Refuse(node, ReadingRules.RepeatedKey, expected: constraint.Constraint.Name);
            return;
        }

        if (_keys[constraint.Refers].Contains(value)) return;
        var open = _open[constraint.Index] ??= [];
        if (open.Count == OpenMax)
            throw new XmlLimitException($"mer enn {OpenMax} henvisninger til noe som ikke er kommet");
        if (!open.ContainsKey(value)) open[value] = _state.Place(node);
    }

    private static bool TryValue(NodePlan node, KeyPlan key, ElementItems items, out UInt128 value)
    {
        value = UInt128.Zero;
        for (var i = 0; i < key.Fields.Length; i++)
        {
            var item = node.Items[key.Fields[i]];
            ref var at = ref items[item.Index];
            if (!at.IsPresent && item.Default is null) return false;
            var one = KeyOf(item, at, items.TextOf(item, at));
            value = i == 0 ? one : KeySet.Join(value, one);
        }

        return true;
    }

    // Numbers are the same however they are written.
    private const string NumberForm = "0.############################";

    private static UInt128 KeyOf(ItemPlan item, in ItemState at, ReadOnlySpan<char> text)
    {
        if (!item.Check.Type.IsNumber) return KeySet.Of(text);
        if (item.Check.Type.IsWhole && at.Value.IsKept) return KeySet.Of(at.Value.Number);
        var number = at.Value.Decimal;
        if (number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue)
            return KeySet.Of((long)number);
        Span<char> digits = stackalloc char[40];
        number.TryFormat(digits, out var length, NumberForm, CultureInfo.InvariantCulture);
        return KeySet.Of(digits[..length]);
    }
}
