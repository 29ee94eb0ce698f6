namespace Kilde.Definitions.Rules;

/// <summary>
/// What stands in a batch in some number: the records themselves, or the repeated elements of one kind within them.
/// Found when rules are compiled; a batch then has a <see cref="Table"/> for each.
/// </summary>
/// <param name="path">As rules write it; empty for the record.</param>
/// <param name="ordinal">Place among the shapes of the record.</param>
internal sealed class Shape(Shape? parent, string path, int ordinal)
{
    /// <summary>What it stands in; null for the record.</summary>
    public Shape? Parent => parent;

    public string Path => path;

    public int Ordinal => ordinal;

    /// <summary>The column that tells how many there are in each row; −1 for the record.</summary>
    public int Column { get; init; } = -1;

    /// <summary>The Json property it stands in; empty for the elements of a column.</summary>
    public string Name { get; init; } = "";

    public bool IsJson { get; init; }

    /// <summary>True when it may stand more than once in what it stands in.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>True for repeated elements within repeated ones, kept as one list.</summary>
    public bool IsFlattened { get; init; }

    /// <summary>Shapes within it, and items, that some rule asks for.</summary>
    public List<Shape> Children { get; } = [];

    // Lists and not what they implement: gone through for each element of each row.
    public List<(string Name, int Slot)> JsonItems { get; } = [];

    /// <summary>The column's own elements, which this one stands in or is.</summary>
    public Shape Top => IsJson && parent is { IsJson: true } ? parent.Top : this;

    /// <summary>True when this stands in the other, or is it.</summary>
    public bool IsWithin(Shape other) => this == other || parent?.IsWithin(other) == true;
}
