using Kilde.Kernel;
using Microsoft.AspNetCore.Http;

namespace Kilde.Intake.Slash;

/// <summary>Why a request is refused, and what its sender can do.</summary>
/// <param name="Status">400 for what the sender must correct, 401 for token and proof, 5xx and 429 for "again".</param>
/// <param name="Property">The header, claim or part that is wrong; null when it is the message as a whole.</param>
/// <param name="Text">What is wrong and what to do, in the three languages. Never holds personal data.</param>
internal sealed record Refusal(
    int Status, SlashCode Code, string? Property, LocalizedText Text, IReadOnlyList<Finding>? Findings = null,
    int? RetryAfterSeconds = null, string? Challenge = null)
{
    public static Refusal Bad(SlashCode code, string? property, LocalizedText text) =>
        new(StatusCodes.Status400BadRequest, code, property, text);

    /// <summary>A question, which is no message, that cannot be read or answered as it stands.</summary>
    public static Refusal BadQuestion(string property, LocalizedText text) =>
        Bad(SlashCode.InvalidJsonMessage, property, text);

    /// <summary>A question whose body cannot be read.</summary>
    /// <param name="page">The page of the documentation that shows it.</param>
    public static Refusal BadBody(string page) => BadQuestion("body", new(
        $"Spørsmålet skal være JSON på høyst 1 MB, slik {page} viser.",
        $"Spørsmålet skal vere JSON på høgst 1 MB, slik {page} viser.",
        $"The question is to be JSON of at most 1 MB, as {page} shows."));

    /// <summary>The unit is not set up for what it asks.</summary>
    public static Refusal NotSetUp(string property, LocalizedText text) =>
        Bad(SlashCode.ShouldNotReceiveMessageForGivenOrganizationAndMessageType, property, text);

    public static Refusal Unauthorized(SlashCode code, string property, string error, LocalizedText text) =>
        new(StatusCodes.Status401Unauthorized, code, property, text,
            Challenge: $"""DPoP error="{error}", algs="RS256 PS256 ES256" """.TrimEnd());

    public static Refusal Busy(int retryAfterSeconds, LocalizedText text) =>
        new(StatusCodes.Status429TooManyRequests, SlashCode.None, null, text, RetryAfterSeconds: retryAfterSeconds);

    /// <summary>The database does not answer.</summary>
    public static Refusal StorageAway() => Unavailable(
        SlashCode.StorageError, new(
            "Mottaket får ikke lagret noe nå. Send den samme meldingen igjen om litt.",
            "Mottaket får ikkje lagra noko no. Send den same meldinga igjen om litt.",
            "The receiver cannot store anything now. Send the same message again in a while."));

    /// <summary>Our own trouble: 503, which a sender answers by sending the same message again.</summary>
    public static Refusal Unavailable(SlashCode code, LocalizedText text) =>
        new(StatusCodes.Status503ServiceUnavailable, code, null, text, RetryAfterSeconds: 5);
}
