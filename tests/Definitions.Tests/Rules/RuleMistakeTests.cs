using Kilde.Testing;

namespace Kilde.Definitions.Tests.Rules;

/// <summary>Mistakes in rule files are told with line, column and advice.</summary>
public class RuleMistakeTests
{
    private const string Sound =
        """
        messages: [Prove]
        rules:
          KPR-PRV-001:
            record: kontakt
            level: error
            mender: sender
            text: { nb: Svaret mangler helt., nn: Svaret manglar heilt., en: The answer is missing. }
            expected: { nb: Et svar på dette., nn: Eit svar på dette., en: An answer to this. }
            source: Prøve
            dataYears: { from: 2026 }
            when: { tid: present }
            check: { required: [svar] }
            passes: [{ tid: '2026-03-01T10:00', svar: '1' }, { svar: '1' }]
            fails: [{ tid: '2026-03-01T10:00' }]
        """;

    [Fact]
    public void The_sound_rule_has_no_mistakes() => Check(Sound).ShouldBeEmpty();

    /// <summary>One line changed, and where and how the mistake is told: id, line, column, a part of it.</summary>
    [Theory]
    [InlineData("messages: [Prove]", "messages: [Prova]", "DEF-005", 1, 12, "Mente du «Prove»?")]
    [InlineData("messages: [Prove]", "messages: [Prove]\nversions: ['7']", "DEF-005", 2, 12, "«7»")]
    [InlineData("messages: [Prove]", "mesages: [Prove]", "DEF-003", 1, 1, "Mente du «messages»?")]
    [InlineData("KPR-PRV-001", "KPR-1", "DEF-031", 3, 3, "NPR-ORD-012")]
    [InlineData("record: kontakt", "record: kontant", "DEF-005", 4, 13, "Mente du «kontakt»?")]
    [InlineData("record: kontakt", "record: kontakt\n    each: svar", "DEF-030", 5, 11, "gjentatt")]
    [InlineData("level: error", "level: eror", "DEF-005", 5, 12, "Mente du «error»?")]
    [InlineData("    mender: sender\n", "", "DEF-002", 4, 5, "«mender» mangler")]
    [InlineData("nb: Svaret mangler helt.", "nb: Feil", "DEF-034", 7, 11, "for kort")]
    [InlineData(", nn: Svaret manglar heilt.", "", "DEF-002", 7, 11, "«nn» mangler")]
    [InlineData("from: 2026", "from: i år", "DEF-006", 10, 24, "fra 1980 til 2099")]
    [InlineData("when: { tid: present }", "when: { tidd: present }", "DEF-030", 11, 13, "Mente du «tid»?")]
    [InlineData("when: { tid: present }", "when: { tid: finnes }", "DEF-032", 11, 18, "present, absent")]
    [InlineData("required: [svar]", "required: [svarr]", "DEF-030", 12, 25, "Mente du «svar»?")]
    [InlineData("required: [svar]", "requires: [svar]", "DEF-005", 12, 14, "Mente du «required»?")]
    [InlineData("{ required: [svar] }", "{ required: [svar], absent: [tid] }", "DEF-032", 12, 12, "én ting")]
    [InlineData("required: [svar]", "inOrder: [tid]", "DEF-032", 12, 23, "minst to")]
    [InlineData("required: [svar]", "inRange: { field: svar, min: ti }", "DEF-006", 12, 43, "punktum")]
    [InlineData("required: [svar]", "inRange: { field: svar, minst: 1 }", "DEF-003", 12, 38, "Mente du «min»?")]
    [InlineData("required: [svar]", "pattern: { field: svar, is: '[0-9]' }", "DEF-018", 12, 42, "Begynn med ^")]
    [InlineData("required: [svar]", "dayOfYear: { field: tid, is: 32-01 }", "DEF-006", 12, 43, "'01-31'")]
    [InlineData("required: [svar]", "unitNumber: { field: svar, kinds: [A, D] }", "DEF-005", 12, 52, "«D»")]
    [InlineData("required: [svar]", "countOf: { field: svar, min: 1 }", "DEF-035", 12, 32, "bare én gang")]
    [InlineData("required: [svar]", "codeForm: { field: svar, letter: Æ }", "DEF-005", 12, 47, "«Æ»")]
    [InlineData("required: [svar]", "referenceExists: { field: svar, record: kontakter, by: svar }", "DEF-030", 12, 54,
        "Mente du «kontakt»?")]
    [InlineData("required: [svar]", "agreesWithNumber: { field: svar, as: sexx }", "DEF-005", 12, 51,
        "Mente du «sex»?")]
    [InlineData("    passes: [{ tid: '2026-03-01T10:00', svar: '1' }, { svar: '1' }]\n", "", "DEF-002", 4, 5,
        "«passes» mangler")]
    [InlineData("fails: [{ tid: '2026-03-01T10:00' }]", "fails: []", "DEF-033", 14, 12, "minst ett eksempel")]
    [InlineData("fails: [{ tid: '2026-03-01T10:00' }]", "fails: [{ tid: '2026-03-01T10:00', svar: '2' }]", "DEF-033",
        14, 12, "består den")]
    [InlineData("passes: [{ tid: '2026-03-01T10:00', svar: '1' }, { svar: '1' }]",
        "passes: [{ tid: '2026-03-01T10:00' }]", "DEF-033", 13, 13, "bryter den")]
    [InlineData("fails: [{ tid: '2026-03-01T10:00' }]", "fails: [{ number: '12345678901' }]", "DEF-030", 14, 23,
        "oppdiktet person")]
    [InlineData("fails: [{ tid: '2026-03-01T10:00' }]", "fails: [{ tid: i går }]", "DEF-030", 14, 20, "«i går»")]
    [InlineData("fails: [{ tid: '2026-03-01T10:00' }]", "fails: [{ tdi: '2026-03-01T10:00' }]", "DEF-030", 14, 20,
        "Mente du «tid»?")]
    public void A_mistake_is_told_where_it_stands(
        string line, string becomes, string id, long atLine, long atColumn, string advice)
    {
        Sound.ShouldContain(line);
        var mistakes = Check(Sound.Replace(line, becomes));

        var mistake = mistakes.FirstOrDefault(one => one.Id == id).ShouldNotBeNull(string.Join('\n', mistakes));
        mistake.File.ShouldBe("rules/r.yaml");
        (mistake.Line, mistake.Column).ShouldBe((atLine, atColumn), mistake.ToString());
        mistake.ToString().ShouldContain(advice);
    }

    [Fact]
    public void An_id_is_used_once()
    {
        using var folder = Folder(Sound);
        folder.Write("rules", "s.yaml", Sound);

        var mistake = folder.Check().Mistakes.ShouldHaveSingleItem();
        (mistake.Id, mistake.File, mistake.Line).ShouldBe(("DEF-031", "rules/s.yaml", 3L));
    }

    [Fact]
    public void Something_repeated_needs_each()
    {
        var ord = File.ReadAllText(Repository.At("definitions", "messages", "ord-53.1.3.yaml"));
        using var folder = new DefinitionFolder(ord);
        foreach (var part in new[] { "code-lists", "code-systems", "sensitive" })
        {
            foreach (var file in Repository.Files($"definitions/{part}", "*.yaml"))
                folder.Write(part, Path.GetFileName(file), File.ReadAllText(file));
        }

        folder.Write("rules", "r.yaml", Sound
            .Replace("[Prove]", "[NPR_ORD]").Replace("record: kontakt", "record: Episode")
            .Replace("when: { tid: present }", "when: { Tjeneste/@instID: ['1'] }"));

        var mistake = folder.Check().Mistakes[0];
        (mistake.Id, mistake.Line, mistake.Column).ShouldBe(("DEF-035", 11L, 13L));
        mistake.Advice.ShouldBe("Skriv each: Tjeneste, eller countOf.");
    }

    /// <summary>The extract of claims has sex and birth year, and of the person a running number alone.</summary>
    [Fact]
    public void A_number_is_asked_of_where_the_record_has_one()
    {
        using var folder = new DefinitionFolder(
            File.ReadAllText(Repository.At("definitions", "messages", "kuhr-uttrekk-1.yaml")));
        foreach (var part in new[] { "code-lists", "mappings" })
        {
            foreach (var file in Repository.Files($"definitions/{part}", "*.yaml"))
                folder.Write(part, Path.GetFileName(file), File.ReadAllText(file));
        }

        folder.Write("rules", "r.yaml", Sound
            .Replace("[Prove]", "[KUHR_Uttrekk]").Replace("record: kontakt", "record: enkeltregning")
            .Replace("when: { tid: present }", "when: { kjonn: present }")
            .Replace("required: [svar]", "agreesWithNumber: { field: kjonn, as: sex }"));

        var mistake = folder.Check().Mistakes.First(one => one.File == "rules/r.yaml");
        (mistake.Id, mistake.Line).ShouldBe(("DEF-030", 12L), mistake.ToString());
        mistake.ToString().ShouldContain("ikke personens nummer");
    }

    private static IReadOnlyList<Compiling.DefinitionMistake> Check(string rules)
    {
        using var folder = Folder(rules);
        return folder.Check().Mistakes;
    }

    private static DefinitionFolder Folder(string rules)
    {
        var folder = new DefinitionFolder(DefinitionMistakeTests.Sound, DefinitionMistakeTests.YesNo);
        folder.Write("rules", "r.yaml", rules);
        return folder;
    }
}
