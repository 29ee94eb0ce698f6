using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Kilde.Quality.Documents;

/// <summary>
/// Writes sheets as an .xlsx file: title, frozen header with filters, sums that follow the filter, print set-up.
/// </summary>
internal static class WorkbookFile
{
    private const uint TitleRow = 1;
    private const uint AboutRow = 2;
    private const uint HeaderRow = 4;
    private const int AboutColumns = 6;

    public static byte[] Write(IReadOnlyList<SheetPlan> plans, string title)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            workbook.AddNewPart<WorkbookStylesPart>().Stylesheet = WorkbookStyles.Sheet();
            var sheets = new Sheets();
            for (var i = 0; i < plans.Count; i++)
            {
                var part = workbook.AddNewPart<WorksheetPart>();
                part.Worksheet = Sheet(plans[i], isFirst: i == 0);
                if (plans[i].HasChart && plans[i].Rows.Count > 0) WorkbookChart.Add(part, plans[i], HeaderRow);
                sheets.Append(new Sheet
                {
                    Id = workbook.GetIdOfPart(part), SheetId = (uint)i + 1, Name = plans[i].Name,
                });
            }

            workbook.Workbook = new Workbook(
                new BookViews(new WorkbookView { ActiveTab = 0 }), sheets, Names(plans));
            document.PackageProperties.Title = title;
            document.PackageProperties.Creator = "Kilde";
        }

        return stream.ToArray();
    }

    // The table's header is repeated on each printed page.
    private static DefinedNames Names(IReadOnlyList<SheetPlan> plans)
    {
        var names = new DefinedNames();
        for (var i = 0; i < plans.Count; i++)
        {
            if (plans[i].Columns.Count == 0) continue;
            names.Append(new DefinedName($"'{plans[i].Name}'!${HeaderRow}:${HeaderRow}")
            {
                Name = "_xlnm.Print_Titles", LocalSheetId = (uint)i,
            });
        }

        return names;
    }

    private static Worksheet Sheet(SheetPlan plan, bool isFirst)
    {
        var isTable = plan.Columns.Count > 0;
        var widths = isTable ? [.. plan.Columns.Select(column => column.Width)] : plan.Widths;
        var sheet = new Worksheet(
            new SheetProperties(
                new TabColor { Rgb = isFirst ? "FF0B5C6B" : "FF8FB8C0" },
                new PageSetupProperties { FitToPage = true }),
            new SheetViews(View(isTable, isFirst)),
            new SheetFormatProperties { DefaultRowHeight = 15 },
            new Columns(widths.Select((width, i) => new Column
            {
                Min = (uint)i + 1, Max = (uint)i + 1, Width = width, CustomWidth = true,
            })),
            Rows(plan));
        if (isTable && plan.Rows.Count > 0)
            sheet.Append(new AutoFilter { Reference = $"A{HeaderRow}:{Letter(plan.Columns.Count)}{LastRow(plan)}" });
        sheet.Append(Merged(plan, isTable, widths.Count));
        var links = Links(plan);
        if (links.HasChildren) sheet.Append(links);
        sheet.Append(
            new PageMargins { Left = 0.5, Right = 0.5, Top = 0.6, Bottom = 0.6, Header = 0.3, Footer = 0.3 },
            new PageSetup
            {
                PaperSize = 9, Orientation = OrientationValues.Landscape, FitToWidth = 1, FitToHeight = 0,
            },
            new HeaderFooter(new OddFooter("&L&A&RSide &P av &N")));
        return sheet;
    }

    private static SheetView View(bool isTable, bool isFirst)
    {
        var view = new SheetView { WorkbookViewId = 0, ShowGridLines = false, TabSelected = isFirst };
        if (isTable)
        {
            view.Append(new Pane
            {
                VerticalSplit = HeaderRow, TopLeftCell = $"A{HeaderRow + 1}", ActivePane = PaneValues.BottomLeft,
                State = PaneStateValues.Frozen,
            });
        }

        return view;
    }

    private static SheetData Rows(SheetPlan plan)
    {
        var rows = new SheetData();
        rows.Append(RowOf(TitleRow, [new SheetCell(CellLook.Title, plan.Title)], height: 28));
        var about = new SheetCell(CellLook.About, plan.About == plan.Title ? null : plan.About);
        rows.Append(RowOf(AboutRow, [about], height: plan.Columns.Count == 0 ? 48 : null));
        if (plan.Columns.Count > 0)
        {
            SheetCell[] header =
            [
                .. plan.Columns.Select(column =>
                    new SheetCell(column.IsSummed ? CellLook.HeaderNumber : CellLook.Header, column.Name)),
            ];
            rows.Append(RowOf(HeaderRow, header, height: 32));
        }

        var number = HeaderRow;
        foreach (var row in plan.Rows)
        {
            number++;
            var isLong = row is [{ Look: CellLook.Wrapped }];
            rows.Append(RowOf(number, row, height: isLong ? 32 : null));
        }

        if (plan.Total is not null) rows.Append(TotalRow(plan, number + 1));
        return rows;
    }

    private static Row TotalRow(SheetPlan plan, uint number)
    {
        var row = new Row { RowIndex = number };
        for (var i = 0; i < plan.Columns.Count; i++)
        {
            if (!plan.Columns[i].IsSummed)
            {
                row.Append(CellOf(new SheetCell(CellLook.TotalText, i == 0 ? plan.Total : null), i, number));
                continue;
            }

            var values = plan.Rows.Select(cells => cells[i]).ToList();
            var isSigned = values.Any(cell => cell.Look is CellLook.Signed or CellLook.Deviation);
            var sum = values.All(cell => cell.Value is null) ? (double?)null : values.Sum(cell => cell.Value ?? 0);
            var cell = CellOf(
                new SheetCell(isSigned ? CellLook.TotalSigned : CellLook.TotalNumber, Value: sum), i, number);
            if (sum is not null)
            {
                var column = Letter(i + 1);
                cell.PrependChild(new CellFormula($"SUBTOTAL(109,{column}{HeaderRow + 1}:{column}{number - 1})"));
            }

            row.Append(cell);
        }

        return row;
    }

    private static Row RowOf(uint number, IReadOnlyList<SheetCell> cells, double? height = null)
    {
        var row = new Row { RowIndex = number };
        if (height is { } points) (row.Height, row.CustomHeight) = (points, true);
        for (var i = 0; i < cells.Count; i++) row.Append(CellOf(cells[i], i, number));
        return row;
    }

    private static Cell CellOf(SheetCell cell, int index, uint row)
    {
        var written = new Cell { CellReference = $"{Letter(index + 1)}{row}", StyleIndex = (uint)cell.Look };
        if (cell.Words is { } words)
        {
            written.DataType = CellValues.InlineString;
            written.InlineString = new InlineString(
                new Text(words) { Space = SpaceProcessingModeValues.Preserve });
        }
        else if (cell.Value is { } value)
        {
            written.CellValue = new CellValue(value);
        }

        return written;
    }

    // The words above the table run over its columns; the long ones of the front sheet too.
    private static MergeCells Merged(SheetPlan plan, bool isTable, int columns)
    {
        var last = Letter(isTable ? Math.Min(AboutColumns, columns) : columns);
        var merged = new MergeCells(new MergeCell { Reference = $"A{AboutRow}:{last}{AboutRow}" });
        for (var i = 0; i < plan.Rows.Count; i++)
        {
            if (plan.Rows[i] is not [{ Look: CellLook.Wrapped }]) continue;
            var row = HeaderRow + 1 + (uint)i;
            merged.Append(new MergeCell { Reference = $"A{row}:{last}{row}" });
        }

        return merged;
    }

    private static Hyperlinks Links(SheetPlan plan)
    {
        var links = new Hyperlinks();
        for (var i = 0; i < plan.Rows.Count; i++)
        {
            if (plan.Rows[i] is not [{ LinkTo: { } sheet }, ..]) continue;
            links.Append(new Hyperlink
            {
                Reference = $"A{HeaderRow + 1 + i}", Location = $"'{sheet}'!A1", Display = sheet,
            });
        }

        return links;
    }

    private static uint LastRow(SheetPlan plan) => HeaderRow + (uint)plan.Rows.Count;

    /// <summary>A for 1. The sheets have fewer than 26 columns.</summary>
    internal static char Letter(int column) => (char)('A' + column - 1);
}
