using System.Text.Json;
using Kilde.Intake.Slash.Findings;
using Kilde.Intake.Slash.Returning;

namespace Kilde.Intake.Slash.Client;

/// <summary>A sender's standing returns over the API. Made by <see cref="SlashClient.StandingReturns"/>.</summary>
public sealed class StandingReturnClient
{
    private readonly SlashClient _client;
    private readonly DateOnly _today;
    private readonly Asking _asking;

    internal StandingReturnClient(SlashClient client, DateOnly today)
    {
        (_client, _today) = (client, today);
        _asking = new Asking(client, AnswerStandingReturn.Route, FindingWire.Json, today);
    }

    /// <summary>Lists, orders or withdraws.</summary>
    /// <returns>How the unit's standing returns are then.</returns>
    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public async Task<IReadOnlyList<ToldReturn>> AskAsync(StandingQuestion question, CancellationToken cancellation) =>
        (await _asking.AskAsync<StandingQuestion, ToldReturns>(question, cancellation)).Returns;

    /// <summary>Fetches a package, a line of JSON for each record.</summary>
    /// <returns>The status; only 200 has written anything.</returns>
    public async Task<int> FetchAsync(Guid packageId, Stream output, CancellationToken cancellation)
    {
        var question = JsonSerializer.SerializeToUtf8Bytes(
            new StandingQuestion("fetch", Id: packageId), FindingWire.Json);
        using var response = await _client.AskAsync(
            AnswerStandingReturn.Route, question, _today, cancellation, HttpCompletionOption.ResponseHeadersRead);
        if (response.IsSuccessStatusCode) await response.Content.CopyToAsync(output, cancellation);
        return (int)response.StatusCode;
    }
}
