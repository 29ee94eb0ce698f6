using System.Text.Json;
using System.Text.Unicode;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Microsoft.AspNetCore.Http;

namespace Kilde.Intake.Slash;

/// <summary>Reads the decrypted message by its definition: structure, codes and content.</summary>
internal sealed class ContentReading(
    DefinitionCatalogue catalogue, SenderDirectory senders, PersonIdentifierPolicy identifiers)
{
    public async ValueTask<Refusal?> CheckAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var receivedOn = NorwegianDay.Of(exchange.ReceivedAt);
        var options = new ReadOptions(identifiers, receivedOn) { TakesValidationUnit = exchange.IsTrial };
        var content = catalogue.ReaderOf(exchange.Type!).Read(exchange.Plain.Span, options);
        exchange.Content = content;
        if (!content.IsAccepted) return IsJson(exchange.Plain.Span) ? Refuse(content) : RefuseUnreadable(content);

        var strangers = await senders.CheckUnitsAsync(
            exchange.Submitter!, content, exchange.IsTrial, cancellation);
        return strangers.Count == 0 ? null : Refuse(
            new(
                "Meldingen har organisasjoner som avsenderen ikke rapporterer for.",
                "Meldinga har organisasjonar som avsendaren ikkje rapporterer for.",
                "The message has organisations that the sender does not report for."), strangers);
    }

    private static Refusal Refuse(MessageContent content) => Refuse(
        new(
            "Meldingen følger ikke meldingstypens definisjon. Feilene står i errorDetails.",
            "Meldinga følgjer ikkje definisjonen av meldingstypen. Feila står i errorDetails.",
            "The message is not as the message type's definition says. The mistakes are in "
            + "errorDetails."), content.Findings);

    private static Refusal Refuse(LocalizedText text, IReadOnlyList<Finding> findings) =>
        new(StatusCodes.Status400BadRequest, SlashCode.SchemaValidationFailed, null, text, findings);

    private static Refusal RefuseUnreadable(MessageContent content) => new(
        StatusCodes.Status400BadRequest, SlashCode.InvalidJsonMessage, null,
        new(
            "Meldingen er ikke gyldig JSON i UTF-8. Stedet står i errorDetails.",
            "Meldinga er ikkje gyldig JSON i UTF-8. Staden står i errorDetails.",
            "The message is not valid JSON in UTF-8. The place is in errorDetails."), content.Findings);

    // Asked only of what is refused anyway: FHI has one code for what is not JSON and another for the wrong JSON.
    private static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) return false;
        var reader = new Utf8JsonReader(utf8);
        try
        {
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
