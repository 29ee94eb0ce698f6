namespace Kilde.Quality.Documents;

/// <summary>How a cell looks; the number is its place in <see cref="WorkbookStyles"/>.</summary>
internal enum CellLook : uint
{
    Plain = 0,
    Title = 1,
    About = 2,
    Header = 3,
    HeaderNumber = 4,
    Number = 5,
    Signed = 6,
    Share = 7,
    TotalText = 8,
    TotalNumber = 9,
    Label = 10,
    Heading = 11,
    Link = 12,
    Mark = 13,
    Deviation = 14,
    Wrapped = 15,
    TotalSigned = 16,
}

/// <summary>One cell: a text, a number, or nothing.</summary>
/// <param name="LinkTo">Name of the sheet the cell leads to.</param>
internal sealed record SheetCell(CellLook Look, string? Words = null, double? Value = null, string? LinkTo = null)
{
    public static readonly SheetCell Blank = new(CellLook.Plain);

    public static SheetCell Text(string words) => new(CellLook.Plain, words);

    /// <summary>What a sender wrote.</summary>
    public static SheetCell Sent(string words) => new(CellLook.Plain, SafeText.Of(words));

    public static SheetCell Label(string words) => new(CellLook.Label, words);

    public static SheetCell Heading(string words) => new(CellLook.Heading, words);

    public static SheetCell Wrapped(string words) => new(CellLook.Wrapped, words);

    public static SheetCell Mark(string words) => new(CellLook.Mark, words);

    public static SheetCell Link(string sheet) => new(CellLook.Link, sheet, LinkTo: sheet);

    public static SheetCell Number(decimal? value) => new(CellLook.Number, Value: (double?)value);

    public static SheetCell Signed(decimal? value) => new(CellLook.Signed, Value: (double?)value);

    public static SheetCell Difference(decimal? value) =>
        new(value is null or 0 ? CellLook.Signed : CellLook.Deviation, Value: (double?)value);

    public static SheetCell Share(decimal? value) => new(CellLook.Share, Value: (double?)value);
}

/// <param name="Width">In characters, as spreadsheets measure it.</param>
internal sealed record SheetColumn(string Name, int Width)
{
    /// <summary>True when the last row adds the column up. Summed columns hold numbers.</summary>
    public bool IsSummed { get; init; }
}

/// <summary>One sheet before it is written: title, what it shows, a table, and a last row of sums.</summary>
/// <param name="Columns">Empty for a sheet that is no table.</param>
/// <param name="Total">What the last row is called; null for none.</param>
internal sealed record SheetPlan(
    string Name, string Title, string About, IReadOnlyList<SheetColumn> Columns,
    IReadOnlyList<IReadOnlyList<SheetCell>> Rows, string? Total)
{
    /// <summary>Widths where there are no columns.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [];

    /// <summary>True when the first column and the numbers beside it are drawn as well.</summary>
    public bool HasChart { get; init; }
}
