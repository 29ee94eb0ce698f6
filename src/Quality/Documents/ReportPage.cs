using Kilde.Kernel;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Documents;

/// <summary>
/// The frame of every HTML report: one file that needs nothing else, reads well on paper and by a screen reader, and
/// forbids itself scripts and the net.
/// </summary>
internal static class ReportPage
{
    private static readonly Html Style = new(ReadStyle());

    private static readonly Html Mark = new(
        """
        <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <path fill="currentColor" d="M16 2c5 6 8 10.4 8 14.6a8 8 0 0 1-16 0C8 12.4 11 8 16 2Z"/>
        <path fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"
        d="M3 28.5c2.6 0 2.6-1.6 5.2-1.6s2.6 1.6 5.2 1.6 2.6-1.6 5.2-1.6 2.6 1.6 5.2 1.6 2.6-1.6 5.2-1.6"/></svg>
        """);

    public static Html Write(FeedbackCase subject, ReportTexts texts, string key, Html notice, Html body) => Write(
        texts, texts[key + ".title"], texts[key + ".lead"],
        Html.Of(
            $"""
            {Facts(subject, texts)}
            {body}
            {notice}
            """),
        string.Format(texts["footer"], Norwegian.Time(subject.FinishedAt)), SafeText.Of(subject.UnitName));

    /// <param name="of">Whom the report is about, for its name in a window; null for none.</param>
    public static Html Write(
        ReportTexts texts, string title, string lead, Html body, string footer, string? of = null) => Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="{texts.Language}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="robots" content="noindex">
        <title>{(of is null ? title : $"{title} – {of}")}</title>
        <style>
        {Style}</style>
        </head>
        <body>
        <a class="skip" href="#innhold">{texts["skip"]}</a>
        <header><div class="page">
        <p class="mark">{Mark} {texts["site"]}</p>
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        </div></header>
        <main class="page" id="innhold">
        {body}
        </main>
        <footer class="page"><p>{footer}</p></footer>
        </body>
        </html>
        """);

    public static Html Figure(string label, int value, string colour = "", string? note = null)
    {
        var remark = note is null ? Html.Empty : Html.Of($" <small>{note}</small>");
        return Html.Of(
            $"""
            <div class="{colour}"><dt>{label}</dt><dd>{Norwegian.Number(value)}{remark}</dd></div>

            """);
    }

    private static Html Facts(FeedbackCase subject, ReportTexts texts)
    {
        var (message, system) = (subject.Message, subject.System);
        List<(string Key, string Text)> facts =
        [
            ("unit", SafeText.Of($"{subject.UnitName} ({subject.Institution})")),
            ("message", $"{message.Type} {texts["fact.version"]} {message.Version}"),
        ];
        if (message is { From: { } from, To: { } to })
            facts.Add(("period", $"{Norwegian.Date(from)}–{Norwegian.Date(to)}"));
        if (message is { IsWholePeriod: true, ExtractedOn: { } extracted })
            facts.Add(("extracted", Norwegian.Date(extracted)));
        facts.Add(("received", Norwegian.Time(subject.ReceivedAt)));
        var export = system.ExportVersion is { } version ? $", {texts["fact.export"]} {version}" : "";
        var name = SendingSystem.Join(", ", SendingSystem.Join(" ", system.Product, system.Version), system.Vendor);
        if (name == SendingSystem.Untold) name = texts["fact.untold"];
        facts.Add(("system", SafeText.Of($"{name}{export}")));
        facts.Add(("submission", subject.SubmissionId.ToString()));
        return Html.Of(
            $"""
            <dl class="facts">
            {Html.Join(facts, fact => Html.Of($"<dt>{texts["fact." + fact.Key]}</dt><dd>{fact.Text}</dd>\n"))}</dl>
            """);
    }

    private static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}
