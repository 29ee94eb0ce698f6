using Kilde.Intake.Slash.Findings;
using Kilde.Intake.Slash.Returning;

namespace Kilde.Intake.Slash.Client;

/// <summary>A sender's standing returns over the API. Made by <see cref="SlashClient.StandingReturns"/>.</summary>
public sealed class StandingReturnClient
{
    private readonly Asking _asking;

    internal StandingReturnClient(SlashClient client, DateOnly today) =>
        _asking = new Asking(client, AnswerStandingReturn.Route, FindingWire.Json, today);

    /// <summary>Lists, orders or withdraws.</summary>
    /// <returns>How the unit's standing returns are then.</returns>
    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public async Task<IReadOnlyList<ToldReturn>> AskAsync(StandingQuestion question, CancellationToken cancellation) =>
        (await _asking.AskAsync<StandingQuestion, ToldReturns>(question, cancellation)).Returns;

    /// <summary>Fetches a package, a line of JSON for each record.</summary>
    /// <returns>The package as it comes; to be disposed.</returns>
    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public Task<HttpContent> FetchAsync(Guid packageId, CancellationToken cancellation) =>
        _asking.FetchAsync(new StandingQuestion("fetch", Id: packageId), cancellation);
}
