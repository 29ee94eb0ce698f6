namespace Kilde.Definitions.Rules;

/// <summary>
/// The values of something for each subject: its own, or those of what it stands in, which several may share.
/// </summary>
internal readonly ref struct View<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> places)
{
    private readonly ReadOnlySpan<T> _values = values;
    private readonly ReadOnlySpan<int> _places = places;

    public T this[int subject] => _values[_places.IsEmpty ? subject : _places[subject]];
}
