using Kilde.Kernel;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Documents;

/// <summary>
/// NPR_VAL and NPR_ERR: what the controls found, rule by rule, with place, value, what was expected, how many, and who
/// can mend it (R3.09, R3.10, R3.15). A pure function of the case.
/// </summary>
public static class FindingReport
{
    /// <summary>Places shown of one rule, counted. More would hide the next rule.</summary>
    public const int PlacesMax = 50;

    /// <summary>The report on one layer's findings.</summary>
    public static string Write(FeedbackCase subject, ControlLayer layer, ReportTexts texts)
    {
        var rules = BrokenRule.Of(subject, layer);
        var key = layer == ControlLayer.Structure ? "val" : "err";
        var body = Html.Of(
            $"""
            {Figures(subject, rules, texts)}
            {Menders(rules, texts)}
            <h2>{texts["summary.title"]}</h2>
            {Overview(rules, texts)}
            <h2>{texts["rules.title"]}</h2>
            {Html.Join(rules, rule => Section(rule, texts))}
            """);
        return ReportPage.Write(subject, texts, key, Notice(subject, key, texts), body).Markup;
    }

    private static Html Notice(FeedbackCase subject, string key, ReportTexts texts)
    {
        var isChecked = subject.Outcome == CaseOutcome.OnlyChecked;
        var notice = isChecked ? texts["err.checked"] : texts[key + ".notice"];
        if (key == "err" && !isChecked)
            notice += $" {texts[subject.Message.IsWholePeriod ? "err.replaced" : "err.again"]}";
        return Html.Of($"<div class=\"notice\"><p>{notice}</p></div>");
    }

    private static Html Figures(FeedbackCase subject, IReadOnlyList<BrokenRule> rules, ReportTexts texts)
    {
        int Of(Severity severity) => rules.Where(rule => rule.Severity == severity).Sum(rule => rule.Count);
        var notes = Of(Severity.Information);
        return Html.Of(
            $"""
            <dl class="figures">
            {ReportPage.Figure(texts["figure.records"], subject.Message.Records)}{ReportPage.Figure(
                texts["figure.errors"], Of(Severity.Error), "error")}{ReportPage.Figure(
                texts["figure.warnings"], Of(Severity.Warning), "warning")}{(notes == 0 ? Html.Empty
                : ReportPage.Figure(texts["figure.notes"], notes))}{ReportPage.Figure(
                texts["figure.rules"], rules.Count)}</dl>
            """);
    }

    private static Html Menders(IReadOnlyList<BrokenRule> rules, ReportTexts texts)
    {
        var menders = rules.GroupBy(rule => rule.Mender).OrderBy(group => group.Key);
        return Html.Of(
            $"""
            <h2>{texts["mender.title"]}</h2>
            <ul>
            {Html.Join(menders, group => Html.Of(
                $"""
                <li><strong>{texts[$"mender.{(int)group.Key}"]}: {
                    Places(group.Sum(rule => rule.Count), texts)}.</strong> {
                    texts[$"mender.{(int)group.Key}.text"]}</li>

                """))}</ul>
            """);
    }

    private static Html Overview(IReadOnlyList<BrokenRule> rules, ReportTexts texts) => Html.Of(
        $"""
        <div class="scroll" role="region" tabindex="0" aria-label="{texts["summary.caption"]}"><table>
        <caption>{texts["summary.caption"]}</caption>
        <thead><tr>{Head(texts["column.rule"])}{Head(texts["column.what"])}{Head(texts["column.mender"])}<th
        scope="col" class="number">{texts["column.count"]}</th></tr></thead>
        <tbody>
        {Html.Join(rules, rule => Html.Of(
            $"""
            <tr><th scope="row"><a href="#{rule.Anchor}"><code>{rule.RuleId}</code></a></th><td>{
                Told(rule, texts)}</td><td>{texts[$"mender.{(int)rule.Mender}"]}</td><td class="number">{
                Norwegian.Number(rule.Count)}</td></tr>

            """))}</tbody>
        </table></div>
        """);

    private static Html Section(BrokenRule rule, ReportTexts texts) => Html.Of(
        $"""
        <section class="rule" id="{rule.Anchor}" aria-labelledby="{rule.Anchor}-h">
        <header><h3 id="{rule.Anchor}-h"><code>{rule.RuleId}</code> · {Places(rule.Count, texts)}</h3>
        <span class="tags"><span class="tag {SeverityClass(rule.Severity)}">{
            texts[$"severity.{(int)rule.Severity}"]}</span>
        <span class="tag">{texts["column.mender"]}: {texts[$"mender.{(int)rule.Mender}"]}</span></span></header>
        {(rule.Texts.Count == 1 ? Html.Of($"<p>{rule.Texts[0]}</p>") : Html.Empty)}
        {Table(rule, texts)}
        </section>

        """);

    private static string Told(BrokenRule rule, ReportTexts texts) => rule.Texts.Count switch
    {
        1 => rule.Texts[0],
        var count => $"{rule.Texts[0]} {string.Format(texts["rule.texts"], Norwegian.Number(count - 1))}",
    };

    // What is wrong stands once above the table, or in each row when the rule says one thing for each field.
    private static Html Table(BrokenRule rule, ReportTexts texts)
    {
        if (rule.Findings.Count == 0) return Html.Of($"<p>{texts["rule.uncounted"]}</p>");
        var shown = rule.Findings.Count;
        var caption = shown < rule.Count
            ? string.Format(texts["rule.shown"], Norwegian.Number(shown), Norwegian.Number(rule.Count))
            : texts["rule.all"];
        var isMixed = rule.Texts.Count > 1;
        return Html.Of(
            $"""
            <div class="scroll" role="region" tabindex="0" aria-label="{rule.RuleId}"><table>
            <caption>{caption}</caption>
            <thead><tr>{Head(texts["column.place"])}{(isMixed ? Head(texts["column.what"]) : Html.Empty)}{
                Head(texts["column.value"])}{Head(texts["column.expected"])}</tr></thead>
            <tbody>
            {Html.Join(rule.Findings, finding => Html.Of(
                $"""
                <tr><th scope="row"><code>{SafeText.Place(finding.Place)}</code></th>{
                    (isMixed ? Html.Of($"<td>{finding.Text}</td>") : Html.Empty)}<td>{Value(finding, texts)}</td><td>{
                    SafeText.Of(finding.Expected ?? texts["none"])}</td></tr>

                """))}</tbody>
            </table></div>
            """);
    }

    private static Html Head(string words) => Html.Of($"<th scope=\"col\">{words}</th>");

    private static Html Value(CaseFinding finding, ReportTexts texts) => finding.Value is { } value
        ? Html.Of($"<code>{SafeText.Of(value)}</code>")
        : Html.Of($"<span class=\"absent\">{texts["absent"]}</span>");

    private static string Places(int count, ReportTexts texts) => count == 1
        ? texts["rule.count.one"]
        : string.Format(texts["rule.count.many"], Norwegian.Number(count));

    private static string SeverityClass(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}

/// <summary>A rule that was broken in a submission, with the first places.</summary>
/// <param name="Texts">What the rule says of the places: one text, or several when it says one for each field.</param>
/// <param name="Findings">The first places, those of one text together.</param>
internal sealed record BrokenRule(
    string RuleId, Severity Severity, Mender Mender, IReadOnlyList<string> Texts, int Count,
    IReadOnlyList<CaseFinding> Findings)
{
    /// <summary>Name of the rule's section in the page. The same fault may be graver in some fields.</summary>
    public string Anchor => $"r-{new string([.. RuleId.Where(char.IsAsciiLetterOrDigit)])}-{(int)Severity}";

    /// <summary>The layer's rules, the gravest and most frequent first.</summary>
    public static IReadOnlyList<BrokenRule> Of(FeedbackCase subject, ControlLayer layer)
    {
        var findings = subject.Findings.Where(finding => finding.Layer == layer)
            .ToLookup(finding => (finding.RuleId, finding.Severity));
        return
        [
            .. subject.RuleCounts.Where(rule => rule.Layer == layer && rule.Count > 0)
                .OrderByDescending(rule => rule.Severity).ThenByDescending(rule => rule.Count)
                .ThenBy(rule => rule.RuleId, StringComparer.Ordinal)
                .Select(rule => Of(rule, [.. findings[(rule.RuleId, rule.Severity)]])),
        ];
    }

    private static BrokenRule Of(RuleCount rule, CaseFinding[] findings)
    {
        CaseFinding[] first =
        [
            .. findings.Take(FindingReport.PlacesMax).GroupBy(finding => finding.Text, StringComparer.Ordinal)
                .SelectMany(same => same),
        ];
        string[] texts = [.. first.Select(finding => finding.Text).Distinct(StringComparer.Ordinal)];
        return new BrokenRule(
            rule.RuleId, rule.Severity, first.FirstOrDefault()?.Mender ?? Mender.Sender,
            texts.Length > 0 ? texts : [rule.RuleId], rule.Count, first);
    }
}
