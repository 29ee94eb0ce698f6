using System.Globalization;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Rules;

/// <summary>A value that rules look at, one for each of a shape. Knows how to lay itself out for a batch.</summary>
/// <param name="path">As rules write it.</param>
/// <param name="home">What has one of it.</param>
/// <param name="slot">Place among the items of the record.</param>
internal abstract class Item(string path, Shape home, int slot)
{
    public string Path => path;

    public Shape Home => home;

    public int Slot => slot;

    /// <summary>True when the values are days or points in time.</summary>
    public virtual bool IsTime => false;

    public abstract void Fill(Scene scene, Span<Slice> texts);

    public virtual void Fill(Scene scene, Span<Moment> moments)
    {
        var texts = scene.TextsOf(this);
        for (var i = 0; i < moments.Length; i++) moments[i] = Moment.Read(texts[i].Span);
    }

    public virtual void Fill(Scene scene, Span<decimal?> numbers)
    {
        var texts = scene.TextsOf(this);
        for (var i = 0; i < numbers.Length; i++)
        {
            var isNumber = decimal.TryParse(
                texts[i].Span, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
            numbers[i] = isNumber ? number : null;
        }
    }

    public virtual void Fill(Scene scene, Span<bool> presences)
    {
        var texts = scene.TextsOf(this);
        for (var i = 0; i < presences.Length; i++) presences[i] = texts[i].IsPresent;
    }
}

/// <summary>A column with one value for each row.</summary>
internal sealed class ColumnItem(string path, Shape home, int slot, int column, bool isTime) : Item(path, home, slot)
{
    public int Column => column;

    /// <summary>True for what a definition keeps with the record, and stands above it or beside it.</summary>
    public bool IsApart { get; init; }

    public override bool IsTime => isTime;

    public override void Fill(Scene scene, Span<Slice> texts)
    {
        var cells = scene.Batch!.Columns[column];
        for (var row = 0; row < texts.Length; row++)
            texts[row] = cells.IsNull(row) ? default : Slice.Of(TextOf(cells, row));
    }

    public override void Fill(Scene scene, Span<Moment> moments)
    {
        switch (scene.Batch!.Columns[column])
        {
            case ColumnVector<DateTimeOffset> instants:
                var times = instants.Values;
                for (var row = 0; row < moments.Length; row++)
                    moments[row] = instants.IsNull(row) ? default : Moment.OfUtc(times[row].UtcTicks);
                break;
            case ColumnVector<DateOnly> dates:
                var days = dates.Values;
                for (var row = 0; row < moments.Length; row++)
                    moments[row] = dates.IsNull(row) ? default : Moment.Of(days[row]);
                break;
            case ColumnVector<long> years:
                for (var row = 0; row < moments.Length; row++)
                    moments[row] = years.IsNull(row) ? default : Moment.OfYear(years[row]);
                break;
            default:
                base.Fill(scene, moments);
                break;
        }
    }

    public override void Fill(Scene scene, Span<decimal?> numbers)
    {
        switch (scene.Batch!.Columns[column])
        {
            case ColumnVector<long> whole:
                for (var row = 0; row < numbers.Length; row++)
                    numbers[row] = whole.IsNull(row) ? null : whole[row];
                break;
            case ColumnVector<decimal> parts:
                for (var row = 0; row < numbers.Length; row++)
                    numbers[row] = parts.IsNull(row) ? null : parts[row];
                break;
            default:
                base.Fill(scene, numbers);
                break;
        }
    }

    public override void Fill(Scene scene, Span<bool> presences)
    {
        var cells = scene.Batch!.Columns[column];
        for (var row = 0; row < presences.Length; row++) presences[row] = !cells.IsNull(row);
    }

    private static string? TextOf(ColumnVector cells, int row) => cells switch
    {
        ColumnVector<string> texts => texts[row],
        ColumnVector<long> numbers => NumberText.Of(numbers[row]),
        ColumnVector<decimal> numbers => numbers[row].ToString("0.####", CultureInfo.InvariantCulture),
        ColumnVector<bool> flags => flags[row] ? "true" : "false",
        ColumnVector<DateOnly> days => days[row].ToString("O"),
        ColumnVector<DateTimeOffset> instants => OsloTime.TextOf(instants[row].UtcTicks),
        _ => null,
    };
}

/// <summary>A column with one value for each of a repeated element.</summary>
internal sealed class ArrayItem(string path, Shape home, int slot, int column) : Item(path, home, slot)
{
    public override void Fill(Scene scene, Span<Slice> texts)
    {
        texts.Clear();
        var rows = scene.ParentsOf(Home);
        switch (scene.Batch!.Columns[column])
        {
            case ColumnVector<string[]> words: Fill(words.Values, rows, texts, Slice.Of); break;
            case ColumnVector<long[]> numbers: Fill(numbers.Values, rows, texts, TextOf); break;
        }
    }

    private static void Fill<T>(
        ReadOnlySpan<T[]?> values, ReadOnlySpan<int> rows, Span<Slice> texts, Func<T, Slice> textOf)
    {
        for (int first = 0, next; first < texts.Length; first = next)
        {
            next = first + 1;
            while (next < texts.Length && rows[next] == rows[first]) next++;
            var own = values[rows[first]] ?? [];
            for (var i = 0; i < own.Length && first + i < next; i++) texts[first + i] = textOf(own[i]);
        }
    }

    private static Slice TextOf(long number) => Slice.Of(NumberText.Of(number));
}

/// <summary>A property of the elements in a column kept as Json; laid out when the column is read.</summary>
internal sealed class JsonItem(string path, Shape home, int slot) : Item(path, home, slot)
{
    public override void Fill(Scene scene, Span<Slice> texts) =>
        throw new InvalidOperationException("Json is laid out a column at a time.");
}

/// <summary>The reporting unit as the message writes it.</summary>
internal sealed class UnitItem(string path, Shape home, int slot) : Item(path, home, slot)
{
    public override void Fill(Scene scene, Span<Slice> texts)
    {
        if (scene.Batch is not { } batch)
        {
            for (var row = 0; row < texts.Length; row++) texts[row] = Slice.Of(scene.Message.Units[row].Id);
            return;
        }

        var (last, text) = (default(OrganizationNumber), default(string));
        for (var row = 0; row < texts.Length; row++)
        {
            if (batch.Institutions is { } institutions)
            {
                texts[row] = Slice.Of(institutions[row]);
                continue;
            }

            if (text is null || batch.Units[row] != last) text = batch.Units[row].ToString();
            last = batch.Units[row];
            texts[row] = Slice.Of(text);
        }
    }
}

/// <summary>What the message tells about itself, alike for all rows.</summary>
internal abstract class MessageItem(string path, Shape home, int slot) : Item(path, home, slot);

internal sealed class MessageDayItem(string path, Shape home, int slot, Func<MessageFacts, DateOnly?> read)
    : MessageItem(path, home, slot)
{
    public override bool IsTime => true;

    /// <summary>True for days that may be later in the next message of the same period.</summary>
    public bool MayBeLater { get; init; }

    public override void Fill(Scene scene, Span<Slice> texts) =>
        texts.Fill(Slice.Of(read(scene.Message)?.ToString("O")));

    public override void Fill(Scene scene, Span<Moment> moments) => moments.Fill(Moment.Of(read(scene.Message)));
}

internal sealed class MessageTextItem(string path, Shape home, int slot, Func<MessageFacts, string?> read)
    : MessageItem(path, home, slot)
{
    public override void Fill(Scene scene, Span<Slice> texts) => texts.Fill(Slice.Of(read(scene.Message)));
}

/// <summary>Whole numbers as texts; the small ones are codes, and stand in row after row.</summary>
internal static class NumberText
{
    private static readonly string[] Small =
        [.. Enumerable.Range(0, 1000).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    public static string Of(long number) =>
        number >= 0 && number < Small.Length ? Small[number] : number.ToString(CultureInfo.InvariantCulture);
}
