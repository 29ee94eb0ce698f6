using System.Globalization;
using System.Text.Json;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>Takes judged values to their columns, Json texts, arrays, and what is remembered.</summary>
internal sealed class ItemStore(XmlReadState state)
{
    public void Store(ItemPlan item, in ItemState at, ReadOnlySpan<char> text)
    {
        if (at.Outcome is ItemOutcome.Absent or ItemOutcome.Null) return;
        if (item.Capture >= 0) state.Captures[item.Capture] = TextOf(item, at, text);
        if (item.EnvelopeName is { } name) Tell(name, item, at, text);
        foreach (var target in item.Columns)
        {
            var scope = state.Scopes[target.Record];
            Set(scope.Columns[target.Slot], scope.Row, item, at, text);
        }

        foreach (var target in item.Carried) Set(state.Scopes[target.Record].Carried[target.Slot], 0, item, at, text);
        if (item.Array is not { } array) return;
        var cells = state.Scopes[item.RecordOfArray].Arrays[array.Slot]!;
        if (array.IsNumbers) cells.Number = WholeOf(at);
        else cells.Text = TextOf(item, at, text);
    }

    /// <summary>Forgets what the item of the element before gave to later records.</summary>
    public void ClearCarried(ItemPlan item)
    {
        foreach (var target in item.Carried) state.Scopes[target.Record].Carried[target.Slot].Clear(0);
    }

    public void WriteJson(NodePlan node, ItemPlan item, in ItemState at, ReadOnlySpan<char> text, bool isNamed)
    {
        if (item.JsonName is not { } name) return;
        var json = state.Scopes[node.JsonRecord].Json;
        if (isNamed) json.WritePropertyName(name);
        switch (item.Kind)
        {
            case ColumnKind.Integer: json.WriteNumberValue(WholeOf(at)); break;
            case ColumnKind.Decimal: json.WriteNumberValue(DecimalOf(at)); break;
            case ColumnKind.Boolean: json.WriteBooleanValue(at.Value.Number == 1); break;
            case ColumnKind.Date when at.Outcome == ItemOutcome.Kept: WriteDay(json, (int)at.Value.Number); break;
            case ColumnKind.Instant when at.Outcome == ItemOutcome.Kept:
                json.WriteStringValue(new DateTimeOffset(at.Value.Number, TimeSpan.Zero));
                break;
            case ColumnKind.Text when IsAsWritten(item, at): json.WriteStringValue(text); break;
            default: json.WriteStringValue(TextOf(item, at, text)); break;
        }
    }

    private void Set(ColumnBuilder column, int row, ItemPlan item, in ItemState at, ReadOnlySpan<char> text)
    {
        switch (item.Kind)
        {
            case ColumnKind.Integer:
                ((ColumnBuilder<long>)column).Set(row, WholeOf(at));
                break;
            case ColumnKind.Decimal:
                ((ColumnBuilder<decimal>)column).Set(row, DecimalOf(at));
                break;
            case ColumnKind.Boolean:
                ((ColumnBuilder<bool>)column).Set(row, at.Value.Number == 1);
                break;
            case ColumnKind.Date when at.Outcome == ItemOutcome.Kept:
                ((ColumnBuilder<DateOnly>)column).Set(row, DateOnly.FromDayNumber((int)at.Value.Number));
                break;
            case ColumnKind.Instant when at.Outcome == ItemOutcome.Kept:
                ((ColumnBuilder<DateTimeOffset>)column).Set(row, new DateTimeOffset(at.Value.Number, TimeSpan.Zero));
                break;
            case ColumnKind.Text:
                ((ColumnBuilder<string>)column).Set(row, TextOf(item, at, text));
                break;
        }
    }

    private static void WriteDay(Utf8JsonWriter json, int dayNumber)
    {
        Span<char> day = stackalloc char[10];
        DateOnly.FromDayNumber(dayNumber).TryFormat(day, out _, "O", CultureInfo.InvariantCulture);
        json.WriteStringValue(day);
    }

    private static bool IsAsWritten(ItemPlan item, in ItemState at) =>
        at.Outcome == ItemOutcome.Kept && at.Code is null && item.Item.Type.Base != XmlBase.Guid;

    private static long WholeOf(in ItemState at) => at.Outcome switch
    {
        ItemOutcome.MinusOne => -1,
        ItemOutcome.Zero => 0,
        _ => at.Value.Number,
    };

    private static decimal DecimalOf(in ItemState at) => at.Outcome switch
    {
        ItemOutcome.MinusOne => -1,
        ItemOutcome.Zero => 0,
        _ => at.Value.Decimal,
    };

    private string? CaptureOf(ItemPlan item) => item.Capture < 0 ? null : state.Captures[item.Capture];

    private string TextOf(ItemPlan item, in ItemState at, ReadOnlySpan<char> text)
    {
        if (at.Outcome == ItemOutcome.MinusOne) return "-1";
        if (at.Outcome == ItemOutcome.Zero) return "0";
        if (at.Code is { } code) return code;
        return item.Kind switch
        {
            ColumnKind.Integer => at.Value.Number.ToString(CultureInfo.InvariantCulture),
            ColumnKind.Decimal => at.Value.Decimal.ToString(CultureInfo.InvariantCulture),
            ColumnKind.Boolean => at.Value.Number == 1 ? "true" : "false",
            ColumnKind.Date => DateOnly.FromDayNumber((int)at.Value.Number).ToString("O"),
            ColumnKind.Instant => new DateTimeOffset(at.Value.Number, TimeSpan.Zero).ToString("O"),
            _ when item.Item.Type.Base == XmlBase.Guid => GuidOf(text),
            _ when CaptureOf(item) is { } known && text.SequenceEqual(known) => known,
            _ => state.Text(text, item.IsRepeatedText || item.Array is not null),
        };
    }

    // One form for ids that are compared: small letters, no braces.
    private static string GuidOf(ReadOnlySpan<char> text) =>
        Guid.TryParse(text, out var guid) ? guid.ToString("D") : text.ToString();

    private void Tell(string name, ItemPlan item, in ItemState at, ReadOnlySpan<char> text)
    {
        var envelope = state.Envelope;
        DateOnly? day = at.Outcome == ItemOutcome.Kept && item.Kind is ColumnKind.Date or ColumnKind.Instant
            ? DateOnly.FromDayNumber(at.Value.DayNumber)
            : null;
        switch (name)
        {
            case "from": envelope.From = day; break;
            case "to": envelope.To = day; break;
            case "extractedOn": envelope.ExtractedOn = day; break;
            case "extractedAt" when item.Kind == ColumnKind.Instant:
                envelope.ExtractedAt = new DateTimeOffset(at.Value.Number, TimeSpan.Zero);
                break;
            case "kind": envelope.Kind = TextOf(item, at, text); break;
            case "vendor": envelope.Vendor = TextOf(item, at, text); break;
            case "system": envelope.System = TextOf(item, at, text); break;
            case "systemVersion": envelope.SystemVersion = TextOf(item, at, text); break;
            case "extractorVersion": envelope.ExtractorVersion = TextOf(item, at, text); break;
            case "serial": envelope.Serial = item.Check.IsText ? TextOf(item, at, text) : text.Trim().ToString(); break;
            case "share":
                var share = text.Trim().ToString();
                envelope.Share = share.Length == 0 || share == state.Plan.Structure.Envelope.Share!.None ? null : share;
                break;
            case "localId": envelope.LocalId = TextOf(item, at, text); break;
        }
    }
}
