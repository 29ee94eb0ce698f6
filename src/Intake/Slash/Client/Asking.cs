using System.Text.Json;

namespace Kilde.Intake.Slash.Client;

/// <summary>The receiver did not answer what was asked; its own words are in the message.</summary>
/// <param name="status">The status of its answer.</param>
public sealed class QuestionRefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>Questions to one address of the receiver, asked again while it is busy.</summary>
internal sealed class Asking(SlashClient client, string route, JsonSerializerOptions json, DateOnly today)
{
    private const int TriesMax = 10;

    /// <summary>Questions asked so far.</summary>
    public int Questions { get; private set; }

    /// <summary>Bytes of the bodies of questions and answers so far.</summary>
    public long Bytes { get; private set; }

    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public async Task<TAnswer> AskAsync<TQuestion, TAnswer>(TQuestion question, CancellationToken cancellation)
    {
        using var response = await SendAsync(question, HttpCompletionOption.ResponseContentRead, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        Bytes += answer.Length;
        return JsonSerializer.Deserialize<TAnswer>(answer, json)
            ?? throw new QuestionRefusedException((int)response.StatusCode, "The answer is empty.");
    }

    /// <summary>An answer that is not JSON, as it comes. To be disposed.</summary>
    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public async Task<HttpContent> FetchAsync<TQuestion>(TQuestion question, CancellationToken cancellation) =>
        (await SendAsync(question, HttpCompletionOption.ResponseHeadersRead, cancellation)).Content;

    private async Task<HttpResponseMessage> SendAsync<TQuestion>(
        TQuestion question, HttpCompletionOption completion, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(question, json);
        for (var attempt = 1; ; attempt++)
        {
            var response = await client.AskAsync(route, body, today, cancellation, completion);
            (Questions, Bytes) = (Questions + 1, Bytes + body.Length);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
                Bytes += answer.Length;
                var status = (int)response.StatusCode;
                if (status is not (429 or >= 500) || attempt == TriesMax)
                    throw new QuestionRefusedException(status, WordsOf(answer));
                await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(attempt), cancellation);
            }
        }
    }

    private static string WordsOf(byte[] body)
    {
        try
        {
            var errors = JsonSerializer.Deserialize<SlashAnswer>(body)?.Errors ?? [];
            return string.Join(' ', errors.Select(error => error.ErrorMessage));
        }
        catch (JsonException)
        {
            return "The answer cannot be read.";
        }
    }
}
