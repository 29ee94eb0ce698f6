namespace Kilde.Quality.Tests.Kit;

/// <summary>The definitions of <see cref="CheckedRegister"/>: a message, a view, and a check of each scope.</summary>
internal static class CheckedDefinitions
{
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        ["messages/prove-tjeneste-1.yaml"] =
            """
            message: Prove_Tjeneste
            version: '1'
            title:
              nb: Tjeneste
            description: En type som bare prøvene kjenner.
            register: KPR
            serviceArea: BASIS
            status: test
            dataYears: { from: 2020 }
            channel: slash
            format: json
            replacement: incremental
            unit:
              orgNr:
                title: Organisasjonsnummer
                type: organizationNumber
                required: true
                role: unit
                informationType: c
                purposes: [planning]
                justification: Virksomheten må være kjent for å sammenligne tjenestetilbudet.
            records:
              tjeneste:
                title: Tjeneste
                table: prove_tjeneste
                deletions: slettTjeneste
                contact: { serviceArea: BASIS }
                fields:
                  tjenesteId:
                    title: Avsenderens id for tjenesten
                    type: text
                    length: 1..100
                    use: localId
                    required: true
                    role: key
                    informationType: c
                    purposes: [evaluation]
                    justification: Uten avsenderens id kan en rettet tjeneste ikke finnes igjen.
                    example: T-1
                  startDato:
                    title: Startdato
                    type: date
                    required: true
                    role: contact.start
                    informationType: c
                    purposes: [planning]
                    justification: Datoen plasserer tjenesten i dataår.
                  timer:
                    title: Timer per uke
                    type: decimal
                    range: 0..1000
                    decimals: 1
                    informationType: c
                    purposes: [planning]
                    justification: Viser hvor mye hjelp som blir gitt.
                    example: 12.5
                  person:
                    title: Brukeren
                    type: person
                    required: true
                    informationType: a
                    purposes: [evaluation]
                    justification: Personen må være entydig kjent for at forløp skal kunne følges.
                    fields:
                      fodselsNr:
                        title: Fødselsnummer
                        type: fodselsnummer
            """,
        ["views/prove.yaml"] =
            """
            view: prove
            title: Tjenester
            columns: { hours: decimal, started_on: date }
            from:
              prove_tjeneste:
                hours: timer
                started_on: start_dato
                data_year: extract(year from start_dato)
            """,
        ["checks/kpr-prv-001.yaml"] =
            """
            check: KPR-PRV-001
            kind: quality
            scope: person
            register: KPR
            level: error
            owner: sender
            status: active
            holdsOut: true
            source: prøve
            dataYears: { from: 2020 }
            title: { nb: Timer, nn: Timar, en: Hours }
            text: { nb: 'For mange timer: {measured}', nn: 'For mange timar: {measured}', en: 'Too many: {measured}' }
            mend: { nb: Rett timene, nn: Rett timane, en: Correct the hours }
            limits:
              hours: { value: 100, min: 50, max: 400, 
                  title: { nb: Høyest, nn: Høgast, en: Highest }, unit: { nb: timer, nn: timar, en: hours } }
            reads: [prove]
            measure: >-
              select person_key || '/' || sender || '/' || data_year as subject, person_key, sender as unit, data_year,
                null as record_key, null as local_id, sum(hours) as measured, null as basis, null as detail
              from prove group by person_key, sender, data_year
            finding: measured > @hours
            examples:
              - { title: Få, prove: [{ person_key: 1, sender: '974760673', data_year: 2024, hours: 10 }], finds: [] }
              - { title: Mange, prove: [{ person_key: 1, sender: '974760673', data_year: 2024, hours: 101 }],
                  finds: [{ measured: 101 }] }
            """,
        ["figures/prove.yaml"] =
            """
            figure: prove
            order: 1
            kind: parts
            title: { nb: Mottakere, nn: Mottakarar, en: Recipients }
            about: { nb: Personer med en tjeneste., nn: Personar med ei teneste., en: Persons with a service. }
            source: prøve
            categories: { with: { nb: Med timer, nn: Med timar, en: With hours } }
            reads: [prove]
            count: >-
              select sender as unit, null as municipality, data_year, '' as part, '' as category,
                count(distinct person_key) as persons, 0 as basis, 0 as amount
              from prove group by sender, data_year
            examples:
              - { title: Én, prove: [{ person_key: 1, sender: '974760673', data_year: 2024 }],
                  counts: [{ category: '', persons: 1 }] }
            """,
        ["checks/kpr-prv-002.yaml"] =
            """
            check: KPR-PRV-002
            kind: reconciliation
            scope: unit
            yearsBack: 1
            register: KPR
            level: warning
            owner: sender
            status: shadow
            source: prøve
            dataYears: { from: 2020 }
            title: { nb: Færre, nn: Færre, en: Fewer }
            text: { nb: '{measured} mot {basis}', nn: '{measured} mot {basis}', en: '{measured} against {basis}' }
            mend: { nb: Send resten, nn: Send resten, en: Send the rest }
            reads: [prove]
            measure: >-
              select t.sender || '/' || t.data_year as subject, null as person_key, t.sender as unit, t.data_year,
                null as record_key, null as local_id, coalesce(n.records, 0) as measured, b.records as basis,
                null as detail
              from (select distinct sender, data_year + 1 as data_year from prove) as t
              join (select sender, data_year, count(*) as records from prove group by 1, 2) b
                on b.sender = t.sender and b.data_year = t.data_year - 1
              left join (select sender, data_year, count(*) as records from prove group by 1, 2) n
                on n.sender = t.sender and n.data_year = t.data_year
            finding: measured < basis
            examples:
              - { title: Like, prove: [{ sender: '974760673', data_year: 2023 },
                  { sender: '974760673', data_year: 2024 }], finds: [{ measured: 0, basis: 1 }] }
              - { title: Ingen, prove: [], finds: [] }
            """,
    };
}
