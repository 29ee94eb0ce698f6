using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>
/// What rules hold themselves against: the records of a batch, or the repeated elements of one kind in it, each with a
/// number from 0. A rule is a loop over the columns of one table.
/// </summary>
internal sealed class Table(Scene scene, Shape shape)
{
    private readonly Cells<int> _parents = new();
    private readonly Dictionary<Shape, Cells<int>> _lifted = [];
    private readonly Cells<int> _counts = new();
    private readonly Cells<decimal> _sums = new();
    private readonly Cells<Moment> _days = new();
    private int _version;

    public Scene Scene => scene;

    public Shape Shape => shape;

    public int Count { get; private set; }

    public bool IsLaidOut => _version == scene.Version;

    /// <summary>For each element, the number of what it stands in; empty for records.</summary>
    public ReadOnlySpan<int> Parents => _parents.Values;

    public View<Slice> Texts(Operand operand) => new(scene.TextsOf(operand.Item), PlacesOf(operand));

    public View<Moment> Moments(Operand operand) => new(scene.MomentsOf(operand.Item), PlacesOf(operand));

    public View<decimal?> Numbers(Operand operand) => new(scene.NumbersOf(operand.Item), PlacesOf(operand));

    public View<bool> Presences(Operand operand) => new(scene.PresencesOf(operand.Item), PlacesOf(operand));

    /// <summary>For each value of something repeated within the subjects, the subject it stands in.</summary>
    public ReadOnlySpan<int> OwnersOf(Operand repeated) => scene.TableOf(repeated.Item.Home).PlacesIn(shape);

    /// <summary>A number for each subject, all 0. Good until the next call.</summary>
    public Span<int> NewCounts()
    {
        _counts.Begin(scene.Version, Count);
        _counts.Values.Clear();
        return _counts.Values;
    }

    /// <inheritdoc cref="NewCounts"/>
    public Span<decimal> NewSums()
    {
        _sums.Begin(scene.Version, Count);
        _sums.Values.Clear();
        return _sums.Values;
    }

    /// <summary>For each subject, the first of some days that stands there. Good until the next call.</summary>
    public ReadOnlySpan<Moment> FirstOf(IReadOnlyList<Operand> days)
    {
        _days.Begin(scene.Version, Count);
        var first = _days.Values;
        first.Clear();
        for (var day = 0; day < days.Count; day++)
        {
            var moments = Moments(days[day]);
            for (var i = 0; i < first.Length; i++)
            {
                if (!first[i].IsPresent) first[i] = moments[i];
            }
        }

        return first;
    }

    /// <summary>The record each subject is or stands in.</summary>
    public int RowOf(int subject) => shape.Parent is null ? subject : RecordsOf()[subject];

    /// <summary>As in <see cref="RecordBatch.Parts"/>.</summary>
    public int PartOf(int subject) => scene.Batch?.Parts?[RowOf(subject)] ?? 0;

    /// <summary>The first is 1, in what it stands in.</summary>
    public int NumberOf(int element)
    {
        var number = 1;
        while (element - number >= 0 && Parents[element - number] == Parents[element]) number++;
        return number;
    }

    public void LayOut(int count)
    {
        _version = scene.Version;
        Count = count;
    }

    public void LayOutArray(ColumnVector column)
    {
        Empty();
        switch (column)
        {
            case ColumnVector<string[]> texts: AddElements(texts.Values); break;
            case ColumnVector<long[]> numbers: AddElements(numbers.Values); break;
        }
    }

    public void Empty()
    {
        LayOut(0);
        _parents.Clear(scene.Version);
    }

    public int Add(int parent)
    {
        _parents.Add(parent);
        return Count++;
    }

    // A row that is null has no array.
    private void AddElements<T>(ReadOnlySpan<T[]?> rows)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            for (var left = rows[row]?.Length ?? 0; left > 0; left--) Add(row);
        }
    }

    private ReadOnlySpan<int> RecordsOf()
    {
        var records = shape;
        while (records.Parent is { } parent) records = parent;
        return PlacesIn(records);
    }

    private ReadOnlySpan<int> PlacesOf(Operand operand) =>
        operand.Item.Home == shape ? [] : PlacesIn(operand.Item.Home);

    // Which of the outer things each element stands in.
    private ReadOnlySpan<int> PlacesIn(Shape outer)
    {
        if (shape.Parent == outer) return Parents;
        if (!_lifted.TryGetValue(outer, out var lifted)) _lifted.Add(outer, lifted = new Cells<int>());
        if (!lifted.Begin(scene.Version, Count)) return lifted.Values;
        var above = scene.TableOf(shape.Parent!).PlacesIn(outer);
        var places = lifted.Values;
        for (var i = 0; i < places.Length; i++) places[i] = above[Parents[i]];
        return places;
    }
}
