using System.Globalization;
using System.Text;
using Kilde.Kernel;
using Kilde.Quality.Caveats;
using Kilde.Quality.Documents;

namespace Kilde.Quality.Declaration;

/// <summary>
/// The declaration as HTML that is one file, asks nothing of the net and runs no script, in the reader's language.
/// </summary>
public static class DeclarationDocument
{
    private const string None = "–";
    private const int MonthsOfYear = 12;

    /// <summary>All of it, for those who may see the whole country.</summary>
    public static byte[] Write(QualityDeclaration declaration, ReportTexts texts)
    {
        var grades = string.Format(
            texts["dec.grades"], declaration.CountOf(ItemGrade.Good), declaration.CountOf(ItemGrade.Medium),
            declaration.CountOf(ItemGrade.Poor));
        var missing = declaration.Missing.Count == 0
            ? Html.Empty
            : Html.Of(
                $"""
                <h3>{texts["dec.missing"]}</h3>
                <ul>
                {Html.Join(declaration.Missing, name => Html.Of($"<li>{SafeText.Of(name)}</li>\n"))}</ul>
                """);
        var body = Html.Of(
            $"""
            <section>
            <h2>{texts["dec.completeness"]}</h2>
            <p>{Reported(declaration.Reported, declaration.Expected, texts)}</p>
            <p>{grades}</p>
            {missing}{Caveats(declaration.Caveats, texts)}
            </section>
            {Html.Join(declaration.Records, records => Records(records, texts))}
            {Findings(
                [texts["column.check"], texts["figure.findings"], texts["dec.units"], texts["dec.affects"]],
                declaration.Findings.Select(finding => (string[])
                [
                    $"{texts.Of(finding.Titles)} ({finding.CheckId})", Norwegian.Number(finding.Standing),
                    Norwegian.Number(finding.Units), WordOf(finding.Affects, texts),
                ]), texts)}
            """);
        return Page($"{texts["dec.title"]} {TitleOf(declaration)}", texts["dec.lead"], body, declaration.MadeAt, texts);
    }

    /// <summary>What one sender may see: its own beside everybody's.</summary>
    /// <param name="unitName">Whose it is.</param>
    public static byte[] Write(SharedDeclaration declaration, string unitName, ReportTexts texts)
    {
        var body = Html.Of(
            $"""
            <section>
            <h2>{texts["dec.completeness"]}</h2>
            <p>{Reported(declaration.Reported, declaration.Expected, texts)}</p>
            <p>{texts["dec.small"]}</p>
            {Caveats(declaration.Caveats, texts)}
            </section>
            {Html.Join(declaration.Records, records => Records(records, texts))}
            {Findings(
                [texts["column.check"], texts["dec.own"], texts["dec.all"], texts["dec.affects"]],
                declaration.Findings.Select(finding => (string[])
                [
                    $"{texts.Of(finding.Titles)} ({finding.CheckId})", Norwegian.Number(finding.Own),
                    finding.All is { } all ? Norwegian.Number(all) : None, WordOf(finding.Affects, texts),
                ]), texts)}
            """);
        var what = TitleOf(declaration.Register, declaration.Area, declaration.Year);
        return Page(
            $"{texts["dec.title"]} {what}, {SafeText.Of(unitName)}", texts["dec.lead.own"], body, declaration.MadeAt,
            texts);
    }

    /// <summary>Such as <c>kvalitet-kpr-hst-2026.html</c>.</summary>
    public static string FileNameOf(RegisterCode register, string area, DataYear year) => string.Create(
        CultureInfo.InvariantCulture, $"kvalitet-{register}-{area}-{year}.html").ToLowerInvariant();

    /// <summary>Such as <c>KPR HST 2026</c>.</summary>
    public static string TitleOf(QualityDeclaration declaration) =>
        TitleOf(declaration.Register, declaration.Area, declaration.Year);

    /// <summary>With one decimal, never rounded up to all.</summary>
    public static string Percent(double share) => $"{Norwegian.Decimal(PercentOf(share))} %";

    /// <summary>To be told with one decimal: what is not all is never more than 99.9.</summary>
    public static double PercentOf(double share) => share < 1 ? Math.Min(99.9, share * 100) : 100;

    private static Html Caveats(IReadOnlyList<Caveat> caveats, ReportTexts texts) => caveats.Count == 0
        ? Html.Empty
        : Html.Of(
            $"""
            <h3>{texts["dec.caveats"]}</h3>
            <ul>
            {Html.Join(caveats, caveat => Html.Of(
                $"<li>{caveat.Unit}: {SafeText.Of(caveat.Reason)}{ImputedOf(caveat, texts)}</li>\n"))}</ul>
            """);

    private static string ImputedOf(Caveat caveat, ReportTexts texts) => caveat.Kind == CaveatKind.Imputed
        ? $" ({string.Format(texts["dec.imputed"], caveat.DataYear - 1)})"
        : "";

    private static string TitleOf(RegisterCode register, string area, DataYear year) =>
        $"{register.ToString().ToUpperInvariant()} {area} {year}";

    private static byte[] Page(string title, string lead, Html body, DateTimeOffset madeAt, ReportTexts texts) =>
        Encoding.UTF8.GetBytes(ReportPage.Write(
            texts, title, lead,
            Html.Of(
                $"""
                {body}
                <section>
                <h2>{texts["dec.method"]}</h2>
                <p>{texts["dec.method.text"]}</p>
                </section>
                """),
            string.Format(texts["dec.made"], Norwegian.Time(madeAt))).Markup);

    private static string Reported(int reported, int expected, ReportTexts texts) => expected == 0
        ? texts["dec.noneExpected"]
        : string.Format(texts["dec.reported"], reported, expected, Percent((double)reported / expected));

    private static Html Records(DeclaredRecords records, ReportTexts texts) => Records(
        texts.Of(records.Title),
        string.Format(
            texts["dec.records"], Norwegian.Number(records.Records), Norwegian.Number(records.Units),
            MonthsOf(records, texts)),
        [texts["dec.item"], texts["dec.valid"], texts["dec.unknown"], texts["dec.quality"]],
        records.Items.Select(item => (string[])
        [
            texts.Of(item.Title), Percent(item.ValidShare), Norwegian.Number(item.Unknown), WordOf(item.Grade, texts),
        ]),
        texts);

    private static Html Records(SharedRecords records, ReportTexts texts) => Records(
        texts.Of(records.Title),
        records.All is { } all
            ? string.Format(texts["dec.records.all"], Norwegian.Number(records.Own), Norwegian.Number(all))
            : string.Format(texts["dec.records.own"], Norwegian.Number(records.Own)),
        [texts["dec.item"], texts["dec.own"], texts["dec.all"], texts["dec.quality"]],
        records.Items.Select(item => (string[])
            [texts.Of(item.Title), ShareOf(item.Own), ShareOf(item.All), WordOf(item.Grade, texts)]),
        texts);

    private static Html Records(
        string title, string counted, string[] columns, IEnumerable<string[]> rows, ReportTexts texts) => Html.Of(
        $"""
        <section>
        <h2>{title}</h2>
        <p>{counted}</p>
        {Table(texts["dec.filled"], columns, rows)}
        </section>

        """);

    private static Html Findings(string[] columns, IEnumerable<string[]> rows, ReportTexts texts)
    {
        var told = rows.ToList();
        return Html.Of(
            $"""
            <section>
            <h2>{texts["dec.checks"]}</h2>
            {(told.Count == 0
                ? Html.Of($"<p>{texts["dec.findings.none"]}</p>")
                : Table(texts["dec.findings"], columns, told))}
            </section>
            """);
    }

    private static Html Table(string caption, string[] columns, IEnumerable<string[]> rows) => Html.Of(
        $"""
        <table>
        <caption>{caption}</caption>
        <thead><tr>{Html.Join(columns, column => Html.Of($"<th scope=\"col\">{column}</th>"))}</tr></thead>
        <tbody>
        {Html.Join(rows, row => Html.Of(
            $"""
            <tr><th scope="row">{row[0]}</th>{Html.Join(row[1..], cell => Html.Of($"<td>{cell}</td>"))}</tr>

            """))}</tbody>
        </table>
        """);

    private static string MonthsOf(DeclaredRecords records, ReportTexts texts) => records.Months switch
    {
        0 => texts["dec.months.none"],
        MonthsOfYear => texts["dec.months.all"],
        var months => string.Format(texts["dec.months"], months),
    };

    private static string ShareOf(double? share) => share is { } told ? Percent(told) : None;

    private static string WordOf(LocalizedText? text, ReportTexts texts) =>
        text is null ? None : texts.Of(text);

    private static string WordOf(ItemGrade? grade, ReportTexts texts) =>
        grade is { } told ? texts[$"dec.grade.{(int)told}"] : None;
}
