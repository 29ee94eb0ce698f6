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
            return Missing(
                "parent", "Tilgangstokenet sier ikke hvilken virksomhet det gjelder. Klienten i HelseID må ha "
                + "organisasjonsnummeret til den rapporterende enheten.");
        if (!TryReadOptional(token, "child", out subUnit) || !TryReadOptional(token, "supplier", out vendor))
            return Missing("child/supplier", "Tilgangstokenet har et organisasjonsnummer som ikke er gyldig.");
        return null;
    }

    private static Refusal Missing(string name, string text) =>
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
            refusal ??= Refusal.Bad(SlashCode.HttpHeaderMissing, name, $"Headeren {name} mangler.");
            return "";
        }

        var value = values[0]!.Trim();
        if (IdentifierInText.IsIn(value))
        {
            refusal ??= Refusal.Bad(
                SlashCode.HttpHeaderValidation, name,
                $"Headeren {name} holder et fødselsnummer, D-nummer eller hjelpenummer. "
                + "Slike skal bare stå i meldingen.");
            return "";
        }

        if (values.Count == 1 && value.Length <= CharactersMax && !value.Any(char.IsControl)) return value;
        refusal ??= Refusal.Bad(
            SlashCode.HttpHeaderValidation, name,
            $"Headeren {name} skal stå én gang og ha høyst {CharactersMax} tegn.");
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
            $"Headeren {ExtractionDate} skal være dagen uttrekket ble laget, som dd.MM.yyyy, og ikke i framtiden.");
        return default;
    }
}
