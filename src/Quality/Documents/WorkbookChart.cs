using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Drawing;
using DocumentFormat.OpenXml.Drawing.Charts;
using DocumentFormat.OpenXml.Packaging;
using Draw = DocumentFormat.OpenXml.Drawing.Spreadsheet;
using Sheet = DocumentFormat.OpenXml.Spreadsheet;

namespace Kilde.Quality.Documents;

/// <summary>A column chart beside a table: the first column against the file, the register and last year.</summary>
internal static class WorkbookChart
{
    private const uint CategoryAxisId = 1;
    private const uint ValueAxisId = 2;
    private const int RowsHigh = 20;
    private const int ColumnsWide = 10;

    // File, register, last year: told apart by shade as well as by hue.
    private static readonly (int Column, string Colour)[] SeriesLooks = [(2, "0B5C6B"), (3, "6FAAB5"), (5, "C9CFD6")];

    public static void Add(WorksheetPart sheet, SheetPlan plan, uint headerRow)
    {
        var drawing = sheet.AddNewPart<DrawingsPart>();
        var chart = drawing.AddNewPart<ChartPart>();
        chart.ChartSpace = Space(plan, headerRow);
        drawing.WorksheetDrawing = new Draw.WorksheetDrawing(
            Anchor(plan, headerRow, drawing.GetIdOfPart(chart)));
        sheet.Worksheet.Append(new Sheet.Drawing { Id = sheet.GetIdOfPart(drawing) });
    }

    private static Draw.TwoCellAnchor Anchor(SheetPlan plan, uint headerRow, string chartId)
    {
        var top = headerRow + (uint)plan.Rows.Count + 2;
        return new Draw.TwoCellAnchor(
            new Draw.FromMarker(
                new Draw.ColumnId("0"), new Draw.ColumnOffset("0"), new Draw.RowId($"{top}"), new Draw.RowOffset("0")),
            new Draw.ToMarker(
                new Draw.ColumnId($"{Math.Min(ColumnsWide, plan.Columns.Count)}"), new Draw.ColumnOffset("0"),
                new Draw.RowId($"{top + RowsHigh}"), new Draw.RowOffset("0")),
            new Draw.GraphicFrame(
                new Draw.NonVisualGraphicFrameProperties(
                    new Draw.NonVisualDrawingProperties { Id = 2, Name = plan.Name, Description = plan.About },
                    new Draw.NonVisualGraphicFrameDrawingProperties()),
                new Draw.Transform(
                    new Offset { X = 0, Y = 0 }, new Extents { Cx = 0, Cy = 0 }),
                new Graphic(new GraphicData(new ChartReference { Id = chartId })
                {
                    Uri = "http://schemas.openxmlformats.org/drawingml/2006/chart",
                }))
            { Macro = "" },
            new Draw.ClientData());
    }

    private static ChartSpace Space(SheetPlan plan, uint headerRow)
    {
        var bars = new BarChart(
            new BarDirection { Val = BarDirectionValues.Column },
            new BarGrouping { Val = BarGroupingValues.Clustered },
            new VaryColors { Val = false });
        for (var i = 0; i < SeriesLooks.Length; i++) bars.Append(Series(plan, headerRow, i));
        bars.Append(
            new GapWidth { Val = 60 }, new AxisId { Val = CategoryAxisId }, new AxisId { Val = ValueAxisId });
        var space = new ChartSpace(
            new RoundedCorners { Val = false },
            new DocumentFormat.OpenXml.Drawing.Charts.Chart(
                new AutoTitleDeleted { Val = true },
                new PlotArea(new Layout(), bars, Categories(), Values()),
                new Legend(new LegendPosition { Val = LegendPositionValues.Bottom }, new Overlay { Val = false }),
                new PlotVisibleOnly { Val = true }));
        return space;
    }

    private static BarChartSeries Series(SheetPlan plan, uint headerRow, int index)
    {
        var (column, colour) = SeriesLooks[index];
        var name = plan.Columns[column - 1].Name;
        var (first, last) = (headerRow + 1, headerRow + (uint)plan.Rows.Count);
        var letter = WorkbookFile.Letter(column);
        var names = new StringCache(new PointCount { Val = (uint)plan.Rows.Count });
        var numbers = new NumberingCache(new FormatCode("General"), new PointCount { Val = (uint)plan.Rows.Count });
        for (var row = 0; row < plan.Rows.Count; row++)
        {
            names.Append(new StringPoint(new NumericValue(plan.Rows[row][0].Words ?? "")) { Index = (uint)row });
            if (plan.Rows[row][column - 1].Value is { } value)
                numbers.Append(new NumericPoint(new NumericValue(value.ToString("R"))) { Index = (uint)row });
        }

        return new BarChartSeries(
            new DocumentFormat.OpenXml.Drawing.Charts.Index { Val = (uint)index },
            new Order { Val = (uint)index },
            new SeriesText(new StringReference(
                new Formula($"'{plan.Name}'!${letter}${headerRow}"),
                new StringCache(
                    new PointCount { Val = 1 }, new StringPoint(new NumericValue(name)) { Index = 0 }))),
            new ChartShapeProperties(new SolidFill(new RgbColorModelHex { Val = colour })),
            new InvertIfNegative { Val = false },
            new CategoryAxisData(new StringReference(new Formula($"'{plan.Name}'!$A${first}:$A${last}"), names)),
            new DocumentFormat.OpenXml.Drawing.Charts.Values(new NumberReference(
                new Formula($"'{plan.Name}'!${letter}${first}:${letter}${last}"), numbers)));
    }

    private static CategoryAxis Categories() => new(
        new AxisId { Val = CategoryAxisId },
        new Scaling(new Orientation { Val = OrientationValues.MinMax }),
        new Delete { Val = false },
        new AxisPosition { Val = AxisPositionValues.Bottom },
        new TickLabelPosition { Val = TickLabelPositionValues.NextTo },
        new CrossingAxis { Val = ValueAxisId },
        new Crosses { Val = CrossesValues.AutoZero });

    private static ValueAxis Values() => new(
        new AxisId { Val = ValueAxisId },
        new Scaling(new Orientation { Val = OrientationValues.MinMax }),
        new Delete { Val = false },
        new AxisPosition { Val = AxisPositionValues.Left },
        new MajorGridlines(new ChartShapeProperties(
            new Outline(new SolidFill(new RgbColorModelHex { Val = "D3DBE3" })))),
        new NumberingFormat { FormatCode = "#,##0", SourceLinked = false },
        new TickLabelPosition { Val = TickLabelPositionValues.NextTo },
        new CrossingAxis { Val = CategoryAxisId },
        new Crosses { Val = CrossesValues.AutoZero });
}
