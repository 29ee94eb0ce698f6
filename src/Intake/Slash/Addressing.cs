using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Slash;

/// <summary>Who sends, which type, and whether the two belong together.</summary>
internal sealed class Addressing(
    SenderDirectory senders, DefinitionCatalogue catalogue, IOptions<SlashOptions> options)
{
    private const int TypeCharactersMax = 100;

    public Refusal? ReadSender(SlashExchange exchange)
    {
        var today = NorwegianDay.Of(exchange.ReceivedAt);
        exchange.Envelope = Envelope.Of(exchange.Proof!);
        (exchange.Submitter, var refusal) = SenderHeaders.Read(
            exchange.Token!, exchange.Context.Request, today);
        if (refusal is not null) return refusal;

        var contentType = exchange.Context.Request.ContentType;
        return contentType?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == true
            ? null
            : Refusal.Bad(SlashCode.HttpHeaderValidation, "Content-Type", "Content-Type skal være text/plain.");
    }

    public Refusal? FindType(SlashExchange exchange)
    {
        var (name, version, _, _, _) = exchange.Envelope!;
        if (!IsName(name) || !IsName(version))
            return Refusal.Bad(
                SlashCode.InvalidMessageTypeVersion, "msg_type/msg_version",
                "DPoP-beviset skal ha msg_type og msg_version, for eksempel HST_Konsultasjon og 1.");

        exchange.Type = catalogue.Find(name, version);
        if (exchange.Type is { } type && IsTaken(type)) return null;
        var others = catalogue.MessageTypes.Where(other => other.Name == name && IsTaken(other)).ToList();
        if (others.Count == 0)
            return Refusal.Bad(SlashCode.SchemaNotFound, "msg_type", $"Det finnes ingen meldingstype {name} her.");
        return Refusal.Bad(
            SlashCode.InvalidMessageTypeVersion, "msg_version",
            $"Versjon {version} av {name} tas ikke imot. Gyldig: {string.Join(", ", others.Select(o => o.Version))}.");
    }

    private bool IsTaken(MessageType type) => type.Format == WireFormat.Json && type.Status switch
    {
        DefinitionStatus.Production => true,
        DefinitionStatus.Test => options.Value.TakesTestTypes,
        _ => false,
    };

    private static bool IsName(string text) =>
        text.Length is > 0 and <= TypeCharactersMax
        && !IdentifierInText.IsIn(text)
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');

    public async ValueTask<Refusal?> CheckSenderAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var on = NorwegianDay.Of(exchange.ReceivedAt);
        if (await senders.MaySendAsync(exchange.Submitter!, exchange.Type!, on, cancellation)) return null;
        var vendor = exchange.Submitter!.Vendor is { } number ? $" gjennom leverandøren {number}" : "";
        return Refusal.NotSetUp(
            "msg_type",
            $"Enheten {exchange.Submitter.Unit} er ikke satt opp til å sende {exchange.Type!.Name}{vendor}. "
            + "Ta kontakt med registeret for oppsett, og send så den samme meldingen igjen.");
    }
}
