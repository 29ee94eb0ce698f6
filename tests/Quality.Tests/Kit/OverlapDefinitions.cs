using Kilde.Testing;

namespace Kilde.Quality.Tests.Kit;

/// <summary>
/// Definitions of a year that is told twice: by a file of the whole year and day by day, with the check that holds the
/// two against each other and one that reads what counts.
/// </summary>
internal static class OverlapDefinitions
{
    public const string Differences = "KPR-OMS-030";
    public const string Hours = "KPR-PRV-003";

    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        ["messages/prove-tjeneste-1.yaml"] = CheckedDefinitions.Files["messages/prove-tjeneste-1.yaml"]
            .Replace("role: contact.start", "role: event", StringComparison.Ordinal)
            .Replace("contact: { serviceArea: BASIS }", "", StringComparison.Ordinal),
        ["messages/prove-ar-1.yaml"] =
            """
            message: Prove_Ar
            version: '1'
            title: { nb: Årsfil }
            description: En type som bare prøvene kjenner.
            register: KPR
            serviceArea: PLO
            status: test
            dataYears: { from: 2020 }
            channel: xml
            format: xml
            replacement: cumulativePerPeriod
            namespace: urn:kilde:prove:ar:1
            root: Melding
            codeValidOn: Melding/@til
            informationType: c
            purposes: [planning]
            justification: Tjenestene må være kjent for å planlegge kommunens tilbud.
            envelope: { from: Melding/@fra, to: Melding/@til, extractedOn: Melding/@til }
            elements:
              Melding:
                title: Melding
                attributes:
                  fra: { title: Første dag, type: date, required: true }
                  til: { title: Siste dag, type: date, required: true }
                content: [{ Kommune: 1..* }]
              Kommune:
                title: Kommune
                attributes:
                  orgNr: { title: Organisasjonsnummer, type: string, required: true, use: localId, length: ..9 }
                content: [{ Bruker: 0..* }]
              Bruker:
                title: Bruker
                attributes:
                  nr: { title: Avsenderens nummer for brukeren, type: string, required: true, identifier: true }
                  fnr: { title: Fødselsnummer, type: string, identifier: true }
                content: [{ Tjeneste: 0..* }]
              Tjeneste:
                title: Tjeneste
                attributes:
                  id: { title: Avsenderens id, type: string, required: true, use: localId, length: ..20 }
                  start: { title: Start, type: date, required: true }
                  timer: { title: Timer, type: decimal }
            records:
              tjeneste:
                element: Tjeneste
                title: Tjeneste
                table: prove_ar
                key: ['@id']
                unit: Kommune/@orgNr
                person: { localId: Bruker/@nr, value: Bruker/@fnr }
                event: Melding/@til
            """,
        ["views/reported_service.yaml"] =
            """
            view: reported_service
            title: Alt som er meldt
            columns: { service_code: text, started_on: date, ended_on: date, hours_per_week: decimal, decision: text }
            from:
              prove_ar: { service_code: "'15'", started_on: start, hours_per_week: timer }
              prove_tjeneste:
                service_code: "'15'"
                started_on: start_dato
                hours_per_week: timer
                data_year: extract(year from start_dato)
            counts:
              - { sources: [prove_tjeneste], senders: ['889640782'], from: 2025 }
              - { sources: [prove_ar] }
              - { sources: [prove_tjeneste] }
            """,
        ["views/counted.yaml"] = "{ view: service, title: Det som teller, of: reported_service }",
        ["checks/kpr-oms-030.yaml"] = File.ReadAllText(Repository.At("definitions/checks/kpr-oms-030.yaml")),
        ["code-lists/9151-iplos-tjenestetype.yaml"] =
            File.ReadAllText(Repository.At("definitions/code-lists/9151-iplos-tjenestetype.yaml")),
        ["checks/kpr-prv-003.yaml"] = CheckedDefinitions.Files["checks/kpr-prv-001.yaml"]
            .Replace("KPR-PRV-001", Hours, StringComparison.Ordinal)
            .Replace("sum(hours)", "sum(hours_per_week)", StringComparison.Ordinal)
            .Replace("{ value: 100, min: 50,", "{ value: 100, min: 0,", StringComparison.Ordinal)
            .Replace(", hours: ", ", hours_per_week: ", StringComparison.Ordinal)
            .Replace("[prove]", "[service]", StringComparison.Ordinal)
            .Replace("from prove ", "from service ", StringComparison.Ordinal)
            .Replace("prove: [", "service: [", StringComparison.Ordinal),
    };
}
