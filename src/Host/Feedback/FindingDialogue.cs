using System.Text.Json.Nodes;
using Kilde.Audit;
using Kilde.Intake.Slash.Findings;
using Kilde.Kernel;
using Kilde.Quality.Checks;
using Kilde.Quality.Eligible;

namespace Kilde.Host.Feedback;

/// <summary>What the API tells a sender of its findings, and takes of it, is what the page does.</summary>
internal sealed class FindingDialogue(
    FindFindings findings, CheckLimits limits, SuggestEdits edits, JudgeRecords judge,
    AnswerFinding answers) : IFindingDialogue
{
    private const int PageRows = 100;

    public async Task<FindingPage> ListAsync(
        OrganizationNumber unit, FindingQuestion question, string language, CancellationToken cancellation)
    {
        var lines = await findings.FindAsync(
            new FindingFilter(unit, question.Check, DataYear: question.Year, Before: question.After), PageRows,
            cancellation);
        var inForce = new Dictionary<string, IReadOnlyList<LimitInForce>>(StringComparer.Ordinal);
        var leftOut = await judge.OfFindingsAsync([.. lines.Select(line => line.FindingId)], unit, cancellation);
        var told = new List<ToldFinding>();
        foreach (var line in lines)
        {
            if (!inForce.TryGetValue(line.Check.Id, out var limit))
                inForce[line.Check.Id] = limit = await limits.ReadAsync(line.Check, cancellation);
            told.Add(new ToldFinding(
                line.FindingId, line.Check.Id, line.Check.Titles.In(language), StoredWord.Of(line.Check.Level),
                line.DataYear, line.LocalId, FindingText.Of(line, limit, language), line.Check.Mend.In(language),
                line.Check.Affects?.In(language),
                [.. (leftOut.GetValueOrDefault(line.FindingId) ?? []).Select(rule => rule.Titles.In(language))],
                StoredWord.Of(line.State), line.Cause is { } cause ? StoredWord.Of(cause) : null, line.Answer,
                line.OpenedAt, await EditsAsync(line, unit, language, cancellation)));
        }

        return new FindingPage(told, lines.Count == PageRows ? lines[^1].FindingId : null);
    }

    private async Task<IReadOnlyList<ToldEdit>> EditsAsync(
        FindingLine line, OrganizationNumber unit, string language, CancellationToken cancellation) =>
        line.Check.Edits.Count == 0
            ? []
            :
            [
                .. (await edits.OfAsync(line.FindingId, unit, cancellation)).Select(edit => new ToldEdit(
                    edit.Item.In(language), edit.LocalId, edit.Was, edit.Becomes, edit.Removes,
                    edit.Patch is { } patch ? JsonNode.Parse(patch) : null, edit.XPath,
                    [.. edit.Codes.Select(code => code.Value.Value)])),
            ];

    public async Task<FindingsAnswered> AnswerAsync(
        OrganizationNumber unit, string clientId, IReadOnlyList<FindingAnswer> given, string language,
        CancellationToken cancellation)
    {
        var ground = new AccessGround(new Actor("client", clientId), "finding");
        var answered = new List<AnsweredFinding>();
        foreach (var one in given)
        {
            var fault = await AnswerAsync(unit, one, ground, cancellation);
            answered.Add(new AnsweredFinding(one.Id, fault is null, fault?.In(language)));
        }

        return new FindingsAnswered(answered);
    }

    private async Task<LocalizedText?> AnswerAsync(
        OrganizationNumber unit, FindingAnswer given, AccessGround ground, CancellationToken cancellation)
    {
        var text = given.Text?.Trim() ?? "";
        if (!StoredWord.All<FindingCause>().TryGetValue(given.Cause ?? "", out var cause))
        {
            var causes = string.Join(", ", StoredWord.All<FindingCause>().Keys);
            return new LocalizedText(
                $"cause skal være en av {causes}.", $"cause skal vere ein av {causes}.",
                $"cause is to be one of {causes}.");
        }

        if (AnswerFinding.MistakeIn(text) is { } mistake) return mistake;
        return await answers.ExplainAsync(given.Id, unit, cause, text, ground, cancellation)
            ? null
            : new LocalizedText(
                "Funnet finnes ikke hos enheten, eller det er ikke lenger åpent.",
                "Funnet finst ikkje hos eininga, eller det er ikkje lenger ope.",
                "The unit has no such finding, or it is no longer open.");
    }
}
