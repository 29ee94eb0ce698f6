namespace Kilde.Definitions.Rules;

/// <summary>What kind of service a record is, and from when to when; open where a day does not stand.</summary>
internal sealed record TimeOfKind(Operand Kind, Operand From, Operand To);

/// <summary>
/// The numbers of one person's records that hold at the same time come to no more than a limit. Told of the record that
/// goes beyond it. A number that is beyond it alone is the matter of another rule and is left out.
/// </summary>
/// <param name="isAcross">
/// True to sum all kinds, save those that are beyond the limit by themselves; else each kind is summed alone.
/// </param>
internal sealed class SumTogetherCondition(Operand asked, TimeOfKind time, decimal max, bool isAcross) : Condition
{
    /// <summary>Records of one person that are held together; nobody has as many services.</summary>
    private const int PartsMax = 200;

    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var numbers = subjects.Numbers(asked);
        var kinds = subjects.Texts(time.Kind);
        var firsts = subjects.Moments(time.From);
        var lasts = subjects.Moments(time.To);
        var memory = subjects.Scene.MemoryOf<PersonSoFar>(this);
        var so = memory.Value ??= new PersonSoFar();
        foreach (var subject in among)
        {
            if (numbers[subject] is not { } number || number > max) continue;
            if (!so.TurnTo(subjects, subject) || so.Parts.Count >= PartsMax) continue;
            var from = firsts[subject].IsPresent ? firsts[subject].DayNumber : int.MinValue;
            var to = lasts[subject].IsPresent ? lasts[subject].DayNumber : int.MaxValue;
            var part = new Part(kinds[subject].ToString(), from, to, number);
            so.Parts.Add(part);
            if (IsBeyond(so.Parts, part)) among.Remove(subject);
        }
    }

    // The sum is largest on a day when one of them begins.
    private bool IsBeyond(List<Part> parts, Part newest)
    {
        foreach (var day in parts.Select(part => part.From).Where(newest.HoldsOn))
        {
            var sums = parts.Where(part => part.HoldsOn(day)).GroupBy(part => part.Kind, StringComparer.Ordinal)
                .Select(kind => (Kind: kind.Key, Sum: kind.Sum(part => part.Number)));
            var isBeyond = isAcross
                ? sums.Where(kind => kind.Sum <= max).Sum(kind => kind.Sum) > max
                : sums.Any(kind => kind.Kind == newest.Kind && kind.Sum > max);
            if (isBeyond) return true;
        }

        return false;
    }

    // One that ends on the day the next begins does not hold together with it.
    private readonly record struct Part(string Kind, int From, int To, decimal Number)
    {
        public bool HoldsOn(int day) => From <= day && (day < To || From == day);
    }

    /// <summary>The records so far of the person at hand: a person's records stand together.</summary>
    private sealed class PersonSoFar
    {
        private string? _localId;
        private string? _institution;

        public List<Part> Parts { get; } = [];

        /// <summary>False when it is not told whose the record is.</summary>
        public bool TurnTo(Table subjects, int subject)
        {
            var (batch, row) = (subjects.Scene.Batch!, subjects.RowOf(subject));
            var localId = batch.Persons[row].LocalId;
            var institution = batch.Institutions?[row];
            if (localId == _localId && institution == _institution) return localId is not null;
            (_localId, _institution) = (localId, institution);
            Parts.Clear();
            return localId is not null;
        }
    }
}
