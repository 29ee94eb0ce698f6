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
            : Refusal.Bad(SlashCode.HttpHeaderValidation, "Content-Type", new(
                "Content-Type skal være text/plain.",
                "Content-Type skal vere text/plain.",
                "Content-Type is to be text/plain."));
    }

    public Refusal? FindType(SlashExchange exchange)
    {
        var (name, version, _, _, _) = exchange.Envelope!;
        if (!IsName(name) || !IsName(version))
            return Refusal.Bad(
                SlashCode.InvalidMessageTypeVersion, "msg_type/msg_version",
                new(
                    "DPoP-beviset skal ha msg_type og msg_version, for eksempel HST_Konsultasjon og 1.",
                    "DPoP-beviset skal ha msg_type og msg_version, til dømes HST_Konsultasjon og 1.",
                    "The DPoP proof is to have msg_type and msg_version, for example HST_Konsultasjon and 1."));

        exchange.Type = catalogue.Find(name, version);
        if (exchange.Type is { } type && IsTaken(type)) return null;
        var others = catalogue.MessageTypes.Where(other => other.Name == name && IsTaken(other)).ToList();
        if (others.Count == 0)
            return Refusal.Bad(SlashCode.SchemaNotFound, "msg_type", new(
                $"Det finnes ingen meldingstype {name} her.",
                $"Det finst ingen meldingstype {name} her.",
                $"There is no message type {name} here."));
        var taken = string.Join(", ", others.Select(other => other.Version));
        return Refusal.Bad(
            SlashCode.InvalidMessageTypeVersion, "msg_version",
            new(
                $"Versjon {version} av {name} tas ikke imot. Gyldig: {taken}.",
                $"Versjon {version} av {name} blir ikkje teken imot. Gyldig: {taken}.",
                $"Version {version} of {name} is not taken. Valid: {taken}."));
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
        var (unit, type, vendor) = (exchange.Submitter!.Unit, exchange.Type!.Name, exchange.Submitter.Vendor);
        var (nb, en) = vendor is null ? ("", "") : ($" gjennom leverandøren {vendor}", $" through the vendor {vendor}");
        return Refusal.NotSetUp("msg_type", new(
            $"Enheten {unit} er ikke satt opp til å sende {type}{nb}. "
            + "Ta kontakt med registeret for oppsett, og send så den samme meldingen igjen.",
            $"Eininga {unit} er ikkje sett opp til å sende {type}{nb}. "
            + "Ta kontakt med registeret for oppsett, og send så den same meldinga igjen.",
            $"The unit {unit} is not set up to send {type}{en}. "
            + "Contact the register to be set up, and then send the same message again."));
    }
}
