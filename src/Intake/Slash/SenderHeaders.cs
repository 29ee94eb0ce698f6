using System.Globalization;
using Kilde.Intake.Log;
using Kilde.Kernel;
using Kilde.Platform.Tokens;
using Microsoft.AspNetCore.Http;

namespace Kilde.Intake.Slash;

/// <summary>Reads who sends and with what: organisations from the token, programs from the headers.</summary>
internal static class SenderHeaders
{
    private const int CharactersMax = 200;
    private const string ExtractionDate = "x-data-extraction-date";
    private const string OrganizationClaims = "helseid://claims/client/claims/orgnr_";

    /// <summary>
    /// The submitter as far as it can be known, and the first thing that is wrong. A unit that can be read gives a
    /// submitter even when a header is wrong, so that staff see whose vendor has the fault.
    /// </summary>
    public static (Submitter? Submitter, Refusal? Refusal) Read(AccessToken token, HttpRequest request, DateOnly today)
    {
        var refusal = ReadOrganizations(token, out var unit, out var subUnit, out var vendor);
        if (refusal is not null) return (null, refusal);

        var vendorName = Read(request, "x-vendor-name", ref refusal);
        var softwareName = Read(request, "x-software-name", ref refusal);
        var softwareVersion = Read(request, "x-software-version", ref refusal);
        var exportVersion = Read(request, "x-export-software-version", ref refusal);
        var extractedOn = ReadDate(Read(request, ExtractionDate, ref refusal), today, ref refusal);
        return (
            new Submitter(
                unit, subUnit, vendor, token.ClientId, vendorName, softwareName, softwareVersion, exportVersion,
                extractedOn),
            refusal);
    }

    private static Refusal? ReadOrganizations(
        AccessToken token, out OrganizationNumber unit, out OrganizationNumber? subUnit, out OrganizationNumber? vendor)
    {
        (subUnit, vendor) = (null, null);
        if (!OrganizationNumber.TryParse(token.Claims.Text(OrganizationClaims + "parent"), out unit))
            return Missing("parent", new(
                "Tilgangstokenet sier ikke hvilken virksomhet det gjelder. Klienten i HelseID må ha "
                + "organisasjonsnummeret til den rapporterende enheten.",
                "Tilgangstokenet seier ikkje kva verksemd det gjeld. Klienten i HelseID må ha "
                + "organisasjonsnummeret til den rapporterande eininga.",
                "The access token does not tell which organisation it is for. The client in HelseID must have the "
                + "organisation number of the reporting unit."));
        if (!TryReadOptional(token, "child", out subUnit) || !TryReadOptional(token, "supplier", out vendor))
            return Missing("child/supplier", new(
                "Tilgangstokenet har et organisasjonsnummer som ikke er gyldig.",
                "Tilgangstokenet har eit organisasjonsnummer som ikkje er gyldig.",
                "The access token has an organisation number that is not valid."));
        return null;
    }

    private static Refusal Missing(string name, LocalizedText text) =>
        Refusal.Bad(SlashCode.MissingOrganizationNumberClaimFromHelseIdToken, OrganizationClaims + name, text);

    private static bool TryReadOptional(AccessToken token, string name, out OrganizationNumber? number)
    {
        number = null;
        if (token.Claims.Text(OrganizationClaims + name) is not { Length: > 0 } text) return true;
        if (!OrganizationNumber.TryParse(text, out var parsed)) return false;
        number = parsed;
        return true;
    }

    private static string Read(HttpRequest request, string name, ref Refusal? refusal)
    {
        var values = request.Headers[name];
        if (values.Count == 0 || string.IsNullOrWhiteSpace(values[0]))
        {
            refusal ??= Refusal.Bad(SlashCode.HttpHeaderMissing, name, new(
                $"Headeren {name} mangler.",
                $"Headeren {name} manglar.",
                $"The header {name} is missing."));
            return "";
        }

        var value = values[0]!.Trim();
        if (IdentifierInText.IsIn(value))
        {
            refusal ??= Refusal.Bad(
                SlashCode.HttpHeaderValidation, name,
                new(
                    $"Headeren {name} holder et fødselsnummer, D-nummer eller hjelpenummer. "
                    + "Slike skal bare stå i meldingen.",
                    $"Headeren {name} inneheld eit fødselsnummer, D-nummer eller hjelpenummer. "
                    + "Slike skal berre stå i meldinga.",
                    $"The header {name} holds a national identity number, D number or help number. "
                    + "Such are to stand in the message only."));
            return "";
        }

        if (values.Count == 1 && value.Length <= CharactersMax && !value.Any(char.IsControl)) return value;
        refusal ??= Refusal.Bad(
            SlashCode.HttpHeaderValidation, name,
            new(
                $"Headeren {name} skal stå én gang og ha høyst {CharactersMax} tegn.",
                $"Headeren {name} skal stå éin gong og ha høgst {CharactersMax} teikn.",
                $"The header {name} is to stand once and have at most {CharactersMax} characters."));
        return "";
    }

    private static DateOnly ReadDate(string text, DateOnly today, ref Refusal? refusal)
    {
        var isDate = DateOnly.TryParseExact(
            text, "dd.MM.yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);

        // A day more than today: some programs count their days in UTC, and clocks differ.
        if (isDate && date.Year >= 1900 && date <= today.AddDays(1)) return date;
        refusal ??= Refusal.Bad(
            SlashCode.HttpHeaderValidation, ExtractionDate,
            new(
                $"Headeren {ExtractionDate} skal være dagen uttrekket ble laget, som dd.MM.yyyy, og ikke i framtiden.",
                $"Headeren {ExtractionDate} skal vere dagen uttrekket blei laga, som dd.MM.yyyy, og ikkje i framtida.",
                $"The header {ExtractionDate} is to be the day the data were taken out, as dd.MM.yyyy, and "
                + "not in the future."));
        return default;
    }
}
