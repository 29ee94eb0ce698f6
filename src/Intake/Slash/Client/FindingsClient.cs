using Kilde.Intake.Slash.Findings;

namespace Kilde.Intake.Slash.Client;

/// <summary>
/// What has been found in a sender's data, and its explanations, over the API. Made by
/// <see cref="SlashClient.Findings"/>.
/// </summary>
public sealed class FindingsClient
{
    private readonly Asking _asking;

    internal FindingsClient(SlashClient client, DateOnly today) =>
        _asking = new Asking(client, FindingWire.Route, FindingWire.Json, today);

    /// <summary>All findings that stand, page by page, the newest first.</summary>
    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public async Task<IReadOnlyList<ToldFinding>> ListAsync(string? check, int? year, CancellationToken cancellation)
    {
        var told = new List<ToldFinding>();
        Guid? after = null;
        do
        {
            var page = await _asking.AskAsync<FindingQuestion, FindingPage>(
                new FindingQuestion("list", check, year, after), cancellation);
            told.AddRange(page.Findings);
            after = page.Next;
        }
        while (after is not null);
        return told;
    }

    /// <summary>Explains one finding.</summary>
    /// <returns>Why the explanation was not taken, in bokmål; null when it was.</returns>
    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public async Task<string?> AnswerAsync(FindingAnswer answer, CancellationToken cancellation)
    {
        var answered = await _asking.AskAsync<FindingQuestion, FindingsAnswered>(
            new FindingQuestion("answer", Answers: [answer]), cancellation);
        return answered.Answers[0].Fault;
    }
}
