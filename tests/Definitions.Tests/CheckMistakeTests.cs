namespace Kilde.Definitions.Tests;

/// <summary>What may be wrong in views, checks, figures, eligibility and code systems, and where it is told.</summary>
public class CheckMistakeTests
{
    private static readonly Dictionary<string, string> Sound = new(StringComparer.Ordinal)
    {
        ["views/v.yaml"] =
            """
            view: answer
            title: Det som er svart
            columns: { answer: text }
            from: { prove_kontakt: { answer: svar } }
            counts:
              - { sources: [prove_kontakt], senders: ['964338531'] }
            """,
        ["checks/c.yaml"] =
            """
            check: KPR-PRV-001
            kind: quality
            scope: person
            register: KPR
            level: error
            owner: sender
            status: active
            source: R7.03
            dataYears: { from: 2026 }
            title: { nb: Mange svar, nn: Mange svar, en: Many answers }
            text: { nb: '{measured} svar.', nn: '{measured} svar.', en: '{measured} answers.' }
            mend: { nb: Send ett., nn: Send eitt., en: Send one. }
            details:
              - { nb: 'svart {0}', nn: 'svart {0}', en: 'answered {0}' }
            limits:
              most: { value: 2, min: 1, max: 9, title: { nb: Flest, nn: Flest, en: Most },
                unit: { nb: svar, nn: svar, en: answers } }
            reads: [answer]
            measure: select count(*) as measured from answer
            finding: measured > @most
            edits:
              - { column: answer, remove: true }
            examples:
              - title: Ett svar
                answer: [{ answer: '1' }]
                finds: []
              - title: Tre svar
                answer: [{ answer: '1', repeat: 3 }]
                finds: [{ measured: 3 }]
            """,
        ["figures/f.yaml"] =
            """
            figure: answers
            order: 1
            kind: parts
            title: { nb: Svar, nn: Svar, en: Answers }
            about: { nb: Dem som har svart., nn: Dei som har svart., en: Those who have answered. }
            source: R3.16
            categories:
              all: { nb: Alle, nn: Alle, en: All }
            reads: [answer]
            count: select 1
            examples:
              - title: Ett svar
                answer: [{ answer: '1' }]
                counts: [{ persons: 1 }]
            """,
        ["eligibility/e.yaml"] =
            """
            eligibility: answer
            title: Svar som er med i statistikk
            source: F26
            reads: [answer]
            codeColumn: answer
            codeList: '1101'
            recode: { '9': '1' }
            rows: select answer from answer
            rules:
              - rule: no_answer
                title: { nb: Svaret mangler, nn: Svaret manglar, en: No answer }
                when: code is null
              - rule: no_person
                title: { nb: Personen mangler, nn: Personen manglar, en: No person }
                when: person_key < 0
            examples:
              - title: Ett svar
                answer: [{ answer: '1' }]
                judges: [{ code: '1' }]
            """,
        ["code-systems/s.yaml"] =
            """
            codeSystem: X
            title: Prøvekoder
            source: Til prøve
            pattern: '^[A-Z]$'
            """,
        ["code-systems/t.yaml"] =
            """
            codeSystem: Y
            title: Alle prøvekoder
            source: Til prøve
            anyOf: [X]
            """,
    };

    [Fact]
    public void The_sound_definitions_have_no_mistakes()
    {
        using var folder = Folder();

        folder.Check().Mistakes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("views/v.yaml", "view: answer", "view: Answer", "DEF-050", "«Answer» kan ikke være navnet")]
    [InlineData("views/v.yaml", "{ answer: text }", "{ answer: text, sender: text }", "DEF-050", "«sender»")]
    [InlineData("views/v.yaml", "counts:", "list: expectedReports\ncounts:", "DEF-050", "har ingen tabeller")]
    [InlineData("views/v.yaml", "964338531", "964338532", "DEF-050", "er ikke et organisasjonsnummer")]
    [InlineData("views/v.yaml", "answer: svar", "answer: left(svar", "DEF-051", "Parentesene i «answer»")]
    [InlineData("checks/c.yaml", "from answer", "from answer;", "DEF-051", "semikolon")]
    [InlineData("checks/c.yaml", "measured > @most", "measured > @most --", "DEF-051", "SQL-en i «finding»")]
    [InlineData("checks/c.yaml", "select count(*)", "delete from x returning (1)", "DEF-051", "endrer data")]
    [InlineData("checks/c.yaml", "select count(*)", "select count(*", "DEF-051", "Parentesene i «measure»")]
    [InlineData("checks/c.yaml", "KPR-PRV-001", "KPR-1", "DEF-052", "«KPR-1» er ikke en id")]
    [InlineData("checks/c.yaml", "value: 2", "value: 10", "DEF-053", "utenfor det den kan settes til")]
    [InlineData("checks/c.yaml", "most: {", "_most: {", "DEF-053", "«_most» kan ikke være navnet")]
    [InlineData("checks/c.yaml", "from answer", "from answer having count(*) > @most", "DEF-053", "står i målingen")]
    [InlineData("checks/c.yaml", "finds: []", "finds: [{ measured: 1 }]", "DEF-054", "det som består")]
    [InlineData("checks/c.yaml", "finds: [{ measured: 3 }]", "finds: []", "DEF-054", "det som er et funn")]
    [InlineData("checks/c.yaml", ", remove: true", "", "DEF-055", "hva som skal stå")]
    [InlineData("checks/c.yaml", "remove: true", "remove: true, value: upper(answer)", "DEF-055", "hva som skal stå")]
    [InlineData("checks/c.yaml", "edits:", "noEdit: Ingen vet.\nedits:", "DEF-055", "hvorfor den ingen har")]
    [InlineData("checks/c.yaml", "en: 'answered {0}'", "en: answered", "DEF-065", "de samme plassene")]
    [InlineData("checks/c.yaml", "nn: 'svart {0}'", "nn: 'svart {0} {1}'", "DEF-065", "de samme plassene")]
    [InlineData("checks/c.yaml", "limits:", "detailCodes: '1102'\nlimits:", "DEF-005", "«1102»")]
    [InlineData("checks/c.yaml", "limits:", "detailCodes: '1101'\nlimits:", "DEF-059", "1101:1 står ikke på både")]
    [InlineData("figures/f.yaml", "figure: answers", "figure: Answers", "DEF-056", "«Answers» kan ikke være id-en")]
    [InlineData("figures/f.yaml", "  all: { nb: Alle, nn: Alle, en: All }", "  {}", "DEF-056", "ingen kategorier")]
    [InlineData("figures/f.yaml", "counts: [{ persons: 1 }]", "counts: []", "DEF-054", "Ingen av eksemplene teller")]
    [InlineData("eligibility/e.yaml", "eligibility: answer", "eligibility: Answer", "DEF-064", "«Answer»")]
    [InlineData("eligibility/e.yaml", "codeColumn: answer", "codeColumn: an-swer", "DEF-064", "«an-swer»")]
    [InlineData("eligibility/e.yaml", "rule: no_person", "rule: no person", "DEF-064", "«no person»")]
    [InlineData("eligibility/e.yaml", "rule: no_person", "rule: no_answer", "DEF-064", "står der fra før")]
    [InlineData("eligibility/e.yaml", "'9': '1'", "'9': '7'", "DEF-064", "«9» kan ikke bli «7»")]
    [InlineData("eligibility/e.yaml", "'9': '1'", "'9 ': '1'", "DEF-064", "«9 » kan ikke bli «1»")]
    [InlineData("code-systems/s.yaml", "pattern: '^[A-Z]$'", "", "DEF-040", "hvordan Prøvekoder skriver koder")]
    [InlineData("code-systems/t.yaml", "anyOf: [X]", "anyOf: [X, Z]", "DEF-040", "Det er ikke noe kodeverk «Z»")]
    [InlineData("code-systems/t.yaml", "codeSystem: Y", "codeSystem: X", "DEF-040", "«X» er brukt i en annen fil")]
    public void A_mistake_is_told_in_the_file_it_is_made(string file, string was, string now, string id, string said)
    {
        Sound[file].ShouldContain(was);
        using var folder = Folder();
        Write(folder, file, Sound[file].Replace(was, now, StringComparison.Ordinal));

        var mistakes = folder.Check().Mistakes;
        mistakes.ShouldContain(
            mistake => mistake.Id == id && mistake.File == file && mistake.Text.Contains(said),
            string.Join('\n', mistakes));
    }

    [Theory]
    [InlineData("views/v.yaml", "DEF-050")]
    [InlineData("checks/c.yaml", "DEF-052")]
    [InlineData("figures/f.yaml", "DEF-056")]
    [InlineData("code-systems/s.yaml", "DEF-040")]
    public void A_name_is_used_once(string file, string id)
    {
        using var folder = Folder();
        var again = file.Replace(".yaml", "-again.yaml", StringComparison.Ordinal);
        Write(folder, again, Sound[file]);

        folder.Check().Mistakes.Select(mistake => $"{mistake.File} {mistake.Id}").ShouldContain(
            told => told == $"{again} {id}" || told == $"{file} {id}");
    }

    private static DefinitionFolder Folder()
    {
        var folder = new DefinitionFolder(DefinitionMistakeTests.Sound, DefinitionMistakeTests.YesNo);
        foreach (var (file, text) in Sound) Write(folder, file, text);
        return folder;
    }

    private static void Write(DefinitionFolder folder, string file, string text) =>
        folder.Write(file.Split('/')[0], file.Split('/')[1], text);
}
