using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Kilde.Quality.Documents;

/// <summary>The looks of the workbook's cells, in the order of <see cref="CellLook"/>.</summary>
internal static class WorkbookStyles
{
    private const string Ink = "FF1A2B3C";
    private const string Soft = "FF4A5B6C";
    private const string Brand = "FF0B5C6B";
    private const string Tint = "FFF3F6F9";
    private const string Warn = "FF8A5300";
    private const string Error = "FFB3142B";
    private const uint Signed = 164;

    public static Stylesheet Sheet() => new(
        new NumberingFormats(
            new NumberingFormat { NumberFormatId = Signed, FormatCode = "+#,##0;−#,##0;0" },
            new NumberingFormat { NumberFormatId = Signed + 1, FormatCode = "+0.0%;−0.0%;0.0%" })
        { Count = 2 },
        new Fonts(
            Font(Ink), Font(Brand, 18, isBold: true), Font(Soft), Font("FFFFFFFF", isBold: true),
            Font(Ink, isBold: true), Font(Brand, isUnderlined: true), Font(Warn, isBold: true),
            Font(Error, isBold: true), Font(Brand, 13, isBold: true)),
        new Fills(
            new Fill(new PatternFill { PatternType = PatternValues.None }),
            new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
            Solid(Brand), Solid(Tint)),
        new Borders(
            new Border(),
            new Border(
                new LeftBorder(), new RightBorder(),
                new TopBorder(new Color { Rgb = Brand }) { Style = BorderStyleValues.Medium },
                new BottomBorder(), new DiagonalBorder())),
        new CellStyleFormats(new CellFormat()),
        new CellFormats(
            Format(font: 0), Format(font: 1), Format(font: 2, wraps: true), Format(font: 3, fill: 2, wraps: true),
            Format(font: 3, fill: 2, wraps: true, isRight: true), Format(font: 0, number: 3),
            Format(font: 0, number: Signed), Format(font: 0, number: Signed + 1),
            Format(font: 4, fill: 3, border: 1), Format(font: 4, fill: 3, border: 1, number: 3), Format(font: 2),
            Format(font: 8), Format(font: 5), Format(font: 6), Format(font: 7, number: Signed),
            Format(font: 0, wraps: true), Format(font: 4, fill: 3, border: 1, number: Signed)));

    private static Font Font(string colour, double size = 11, bool isBold = false, bool isUnderlined = false)
    {
        var font = new Font();
        if (isBold) font.Append(new Bold());
        if (isUnderlined) font.Append(new Underline());
        font.Append(new FontSize { Val = size }, new Color { Rgb = colour }, new FontName { Val = "Calibri" });
        return font;
    }

    private static Fill Solid(string colour) => new(
        new PatternFill(new ForegroundColor { Rgb = colour }) { PatternType = PatternValues.Solid });

    private static CellFormat Format(
        uint font, uint fill = 0, uint border = 0, uint number = 0, bool wraps = false, bool isRight = false)
    {
        var format = new CellFormat
        {
            FontId = font, FillId = fill, BorderId = border, NumberFormatId = number, FormatId = 0,
            ApplyFont = true, ApplyFill = fill > 0, ApplyBorder = border > 0, ApplyNumberFormat = number > 0,
        };
        if (!wraps && !isRight) return format;
        format.ApplyAlignment = true;
        format.Alignment = new Alignment
        {
            Vertical = VerticalAlignmentValues.Top, WrapText = wraps,
            Horizontal = isRight ? HorizontalAlignmentValues.Right : HorizontalAlignmentValues.General,
        };
        return format;
    }
}
