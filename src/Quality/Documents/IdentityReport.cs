using Kilde.Kernel;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Documents;

/// <summary>
/// The identity report (tilbakemelding på NPR Ident, R3.07): how many persons were valid, unknown, on several patient
/// numbers, and not matched to activity. Counts only. It is written of identities, and again of the activity that makes
/// them a pair (ADR 192).
/// </summary>
public static class IdentityReport
{
    private const int BarWidth = 100;

    /// <exception cref="ArgumentException">The case has no identities.</exception>
    public static string Write(FeedbackCase subject, ReportTexts texts)
    {
        var counts = CountsOf(subject) ?? throw new ArgumentException("The case has no identities.", nameof(subject));
        var body = Html.Of(
            $"""
            <dl class="figures">
            {ReportPage.Figure(texts["ide.persons"], counts.Total)}{ReportPage.Figure(
                texts["ide.valid"], counts.Valid, "good", Share(counts.Valid, counts.Total))}{ReportPage.Figure(
                texts["ide.unknown"], counts.Unknown, "error", Share(counts.Unknown, counts.Total))}{ReportPage.Figure(
                texts["ide.duplicate"], counts.Duplicates, "warning", Share(counts.Duplicates, counts.Total))}</dl>
            <h2>{texts["ide.table"]}</h2>
            {Table(counts, subject.Pair, texts)}
            """);
        var notice = Html.Of($"<div class=\"notice\"><p>{texts["ide.notice"]}</p></div>");
        return ReportPage.Write(subject, texts, "ide", notice, body).Markup;
    }

    /// <summary>The identities it is about; null when there are none.</summary>
    public static IdentityCounts? CountsOf(FeedbackCase subject) => subject.Identities ?? subject.Pair?.Identities;

    private static Html Table(IdentityCounts counts, PairCounts? pair, ReportTexts texts)
    {
        (string Key, int? Count, int Of)[] rows =
        [
            ("valid", counts.Valid, counts.Total), ("unknown", counts.Unknown, counts.Total),
            ("duplicate", counts.Duplicates, counts.Total),
            ("withoutActivity", pair?.WithoutActivity, counts.Total),
            ("activityWithout", pair?.ActivityWithoutIdentity, pair?.Active ?? 0),
        ];
        return Html.Of(
            $"""
            <div class="scroll" role="region" tabindex="0" aria-label="{texts["ide.caption"]}"><table>
            <caption>{texts["ide.caption"]}</caption>
            <thead><tr><th scope="col">{texts["ide.column.outcome"]}</th><th scope="col" class="number">{
                texts["ide.column.persons"]}</th><th scope="col" colspan="2">{
                texts["ide.column.share"]}</th><th scope="col">{texts["ide.column.do"]}</th></tr></thead>
            <tbody>
            {Html.Join(rows, row => Html.Of(
                $"""
                <tr><th scope="row">{texts["ide." + row.Key]}</th>{
                    (row.Count is { } count ? Cells(count, row.Of) : Uncounted(texts))}<td>{
                    (row.Count is null ? texts["ide.half.do"] : texts[$"ide.{row.Key}.do"])}</td></tr>

                """))}</tbody>
            </table></div>
            """);
    }

    private static Html Cells(int count, int total) => Html.Of(
        $"""
        <td class="number">{Norwegian.Number(count)}</td><td class="number">{Share(count, total)}</td><td>{
            Bar(count, total)}</td>
        """);

    private static Html Uncounted(ReportTexts texts) => Html.Of(
        $"<td colspan=\"3\"><span class=\"absent\">{texts["ide.half"]}</span></td>");

    private static Html Bar(int count, int total)
    {
        var width = total == 0 ? 0 : (int)Math.Round(BarWidth * Math.Min(1.0, (double)count / total));
        return Html.Of(
            $"""
            <svg class="bar" viewBox="0 0 {BarWidth} 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <rect class="rest" width="{BarWidth}" height="8"/><rect width="{width}" height="8"/></svg>
            """);
    }

    private static string Share(int count, int total) =>
        total == 0 ? "–" : Norwegian.Decimal(100.0 * count / total) + "\u00a0%";
}
