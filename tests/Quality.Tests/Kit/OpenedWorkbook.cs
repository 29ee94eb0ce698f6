using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Kilde.Quality.Activity;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;

namespace Kilde.Quality.Tests.Kit;

/// <summary>A workbook as it was written, opened again.</summary>
internal sealed class OpenedWorkbook : IDisposable
{
    /// <summary>Title, note, an empty line and the header stand above the rows; an empty line is not written.</summary>
    private const int RowsAbove = 3;

    private readonly SpreadsheetDocument _book;

    public OpenedWorkbook(FeedbackCase subject, ActivityForm form, Sector? sector, RegisterCounts? register) =>
        _book = SpreadsheetDocument.Open(
            new MemoryStream(ActivityWorkbook.Write(subject, form, sector, register, ReportTexts.In("nb"))),
            isEditable: false);

    public IReadOnlyList<string> Sheets =>
        [.. _book.WorkbookPart!.Workbook.Sheets!.Elements<Sheet>().Select(sheet => sheet.Name!.Value!)];

    /// <summary>What Excel would complain about.</summary>
    public IEnumerable<string> Faults =>
        new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(_book, TestContext.Current.CancellationToken)
            .Select(fault => $"{fault.Part?.Uri} {fault.Path?.XPath}: {fault.Description}");

    public WorksheetPart Part(string sheet) =>
        (WorksheetPart)_book.WorkbookPart!.GetPartById(
            _book.WorkbookPart.Workbook.Sheets!.Elements<Sheet>().Single(each => each.Name == sheet).Id!);

    public List<List<string>> AllRows(string sheet) =>
        [.. Part(sheet).Worksheet.Descendants<Row>().Select(row =>
            row.Elements<Cell>().Select(cell => cell.InlineString?.InnerText ?? cell.CellValue?.Text ?? "").ToList())];

    /// <summary>The rows of the table, the sum among them.</summary>
    public List<List<string>> Rows(string sheet) => [.. AllRows(sheet).Skip(RowsAbove)];

    public void Dispose() => _book.Dispose();
}
