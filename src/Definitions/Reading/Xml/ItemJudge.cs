using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>What became of an item.</summary>
internal enum ItemOutcome
{
    Absent = 0,
    Kept,
    Null,
    MinusOne,
    Zero,
}

/// <summary>An item of the element being read.</summary>
internal struct ItemState
{
    public int Start;
    public int Length;
    public bool IsPresent;
    public ItemOutcome Outcome;
    public XsdValue Value;

    /// <summary>The code as its list writes it.</summary>
    public string? Code;
}

/// <summary>What is done with the element because of faults in its items.</summary>
internal enum ElementFate
{
    Kept = 0,
    OwnValuesDropped,
    Dropped,
}

/// <summary>Holds values against structure, code lists and graded checks.</summary>
internal sealed class ItemJudge(XmlReadState state)
{
    private const string OpenEnd = "99991231";

    private readonly SoundValues _sound = new();

    /// <summary>Set by a fault that drops the element; the caller clears it.</summary>
    public ElementFate Fate { get; set; }

    public void Judge(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        if (at.IsPresent || item.Default is not null) JudgePresent(node, item, text, ref at);
        else if (item.Item.IsRequired)
            state.Refuse(node, ReadingRules.MissingItem, XmlReadState.NameOf(item), TitleOf(node, item));
    }

    private void JudgePresent(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        var day = item.CodeDaySlot < 0 ? XmlReadState.NoDay : state.Days[item.CodeDaySlot];
        var isFew = SoundValues.Takes(item, text);
        if (!isFew || !_sound.TryFind(item, text, day, ref at))
        {
            var findings = state.Findings.Count;
            Hold(node, item, text, ref at);
            var isSound = at.Outcome == ItemOutcome.Kept && state.Findings.Count == findings;
            if (isFew && isSound) _sound.Add(item, text, day, at);
        }

        if (item.DaySlot >= 0 && at.Outcome == ItemOutcome.Kept) state.Days[item.DaySlot] = at.Value.DayNumber;
    }

    private void Hold(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        at.Outcome = ItemOutcome.Null;
        var check = item.Check;

        // An empty element with a fixed value has that value (XML Schema 1.0, 3.3.4).
        if (text.Length == 0 && item.Item is { IsText: true, Fixed: { } given }) text = given;
        if (!check.Accepts(text, ref at.Value))
        {
            var type = XmlWords.Of(check.Type);
            state.Refuse(node, item, ReadingRules.WrongXmlType, TitleOf(node, item), text, type);
            return;
        }

        if (item.Item.Fixed is { } only && !text.SequenceEqual(only))
        {
            state.Refuse(node, item, ReadingRules.WrongXmlType, TitleOf(node, item), text, $"«{only}»");
            return;
        }

        if (text.Length == 0)
        {
            if (item.Item.IsRequired) at.Outcome = Do(node, item, ReadingRules.Missing, text);
            return;
        }

        at.Outcome = ItemOutcome.Kept;
        Grade(node, item, text, ref at);
    }

    private void Grade(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        if (item.Codes is { } codes) GradeCode(node, item, codes, text, ref at);
        else if (item.Field.Type == FieldType.Municipality) GradeMunicipality(node, item, text, ref at);
        else if (item.Item.IsCompactDate) GradeCompactDate(node, item, text, ref at);
        else if (item.Check.IsText) GradeText(node, item, text, ref at);
        else if (!at.Value.IsKept) GradeTooMuch(node, item, text, ref at);
        else if (item.Kind is ColumnKind.Date or ColumnKind.Instant) GradeTime(node, item, text, ref at);
        else if (item.Kind is ColumnKind.Integer or ColumnKind.Decimal) GradeNumber(node, item, text, ref at);
    }

    private void GradeTooMuch(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at) =>
        at.Outcome = NotKept(Do(node, item, ReadingRules.WrongForm, text, "en verdi registeret kan lagre"));

    private void GradeTime(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        GradeDay(node, item, text, ref at);
        if (at.Outcome == ItemOutcome.Kept && at.Value.IsInSkippedHour)
            state.Warn(node, item, ReadingRules.NoSuchTime, text);
    }

    private void GradeDay(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        var (from, to) = (DayOf(item.From), DayOf(item.To));
        if (!(at.Value.DayNumber < from?.DayNumber) && !(at.Value.DayNumber > to?.DayNumber)) return;
        at.Outcome = Do(node, item, ReadingRules.DateOutOfRange, text, XmlWords.RangeOf(from, to));
    }

    // An end that is told by an item that is not there, is open.
    private DateOnly? DayOf(DayEnd end)
    {
        if (end.Slot < 0) return end.Fixed;
        return state.Days[end.Slot] == XmlReadState.NoDay ? null : DateOnly.FromDayNumber(state.Days[end.Slot]);
    }

    // Whether it was in use on the day is a content rule's matter: a number that lags behind a reform is a fault, and
    // no reason to leave the episode out.
    private void GradeMunicipality(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        if (Residence.IsKnown(text, out _)) return;
        at.Outcome = Do(node, item, ReadingRules.UnknownMunicipality, text);
        if (at.Outcome == ItemOutcome.Kept) GradeText(node, item, text, ref at);
    }

    private void GradeCode(
        NodePlan node, ItemPlan item, CodeTable codes, ReadOnlySpan<char> text, ref ItemState at)
    {
        var day = item.FixedDay;
        if (item.CodeDaySlot >= 0 && state.Days[item.CodeDaySlot] != XmlReadState.NoDay)
            day = DateOnly.FromDayNumber(state.Days[item.CodeDaySlot]);
        at.Code = codes.Find(text, day, out var isValid);
        if (at.Code is null && item.Field.Pattern?.IsMatch(text) is false)
        {
            GradeText(node, item, text, ref at);
        }
        else if (at.Code is null)
        {
            at.Outcome = Do(node, item, ReadingRules.UnknownCode, text, codes.Name);
            if (at.Outcome == ItemOutcome.Kept) GradeText(node, item, text, ref at);
        }
        else if (!isValid)
        {
            at.Outcome = Do(node, item, ReadingRules.ExpiredCode, text, day?.ToString("yyyy-MM-dd"));
        }
    }

    private void GradeCompactDate(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        if (text is OpenEnd)
        {
            at.Outcome = ItemOutcome.Null;
            return;
        }

        if (XsdReading.TryCompactDay(text, out at.Value.DayNumber))
        {
            at.Value.Number = at.Value.DayNumber;
            GradeDay(node, item, text, ref at);
        }
        else
        {
            at.Outcome = NotKept(Do(node, item, ReadingRules.WrongForm, text, "en dato som 20190131"));
        }
    }

    private void GradeText(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        var field = item.Field;
        if (text.ContainsAnyInRange('\0', '\u001F'))
        {
            at.Outcome = NotKept(Do(node, item, ReadingRules.WrongCharacters, text));
        }
        else if (text.Length > field.LengthMax || text.Length < field.LengthMin)
        {
            at.Outcome = Do(node, item, ReadingRules.WrongLength, text, $"{field.LengthMin}–{field.LengthMax}");
            if (text.Length > field.LengthMax) at.Outcome = NotKept(at.Outcome);
        }
        else if (field.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            at.Outcome = Do(node, item, ReadingRules.WrongPattern, text, PatternText.Of(pattern));
        }
        else if (field.Use is TextUse.LocalName or TextUse.LocalCode && text.Length > 10 && IdentifierInText.IsIn(text))
        {
            at.Outcome = NotKept(Do(node, item, ReadingRules.SeemsToHoldIdentifier, text));
        }
    }

    private void GradeNumber(NodePlan node, ItemPlan item, ReadOnlySpan<char> text, ref ItemState at)
    {
        var field = item.Field;
        var number = at.Value.Decimal;
        if (number < field.Min || number > field.Max)
        {
            at.Outcome = Do(node, item, ReadingRules.OutOfRange, text, XmlWords.RangeOf(field));
        }
        else if (item.Kind == ColumnKind.Decimal && number.Scale > field.Decimals)
        {
            at.Outcome = Do(node, item, ReadingRules.TooManyDecimals, text, $"{field.Decimals}");
        }
    }

    // What cannot be kept is left out even where the definition only tells the fault.
    private static ItemOutcome NotKept(ItemOutcome outcome) =>
        outcome == ItemOutcome.Kept ? ItemOutcome.Null : outcome;

    private ItemOutcome Do(
        NodePlan node, ItemPlan item, ReadingRule rule, ReadOnlySpan<char> text, string? expected = null)
    {
        switch (state.Fault(node, item, rule, text, expected))
        {
            case FaultAction.RejectMessage: return ItemOutcome.Null;
            case FaultAction.DropRow:
                Fate = ElementFate.Dropped;
                return ItemOutcome.Null;
            case FaultAction.DropRowOnly:
                if (Fate == ElementFate.Kept) Fate = ElementFate.OwnValuesDropped;
                return ItemOutcome.Null;
            case FaultAction.SetMinusOne when CanBeNumber(item): return ItemOutcome.MinusOne;
            case FaultAction.SetZero when CanBeNumber(item): return ItemOutcome.Zero;
            case FaultAction.SetMinusOne or FaultAction.SetZero: return ItemOutcome.Null;
            case FaultAction.SetNull: return ItemOutcome.Null;
            default: return ItemOutcome.Kept;
        }
    }

    // A day or a time cannot be −1.
    private static bool CanBeNumber(ItemPlan item) =>
        item.Kind is ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Text;

    private static string TitleOf(NodePlan node, ItemPlan item) =>
        item.Field.Titles.Nb.Length > 0 ? item.Field.Titles.Nb : item.Item.IsText ? node.Name : item.Item.Name;
}
