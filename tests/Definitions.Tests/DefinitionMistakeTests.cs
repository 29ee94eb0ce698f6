namespace Kilde.Definitions.Tests;

public class DefinitionMistakeTests
{
    internal const string Sound =
        """
        message: Prove
        version: '1'
        title: Prøve
        description: En melding til prøve.
        register: KPR
        serviceArea: HST
        status: test
        dataYears: { from: 2026 }
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
            justification: Enheten må være kjent for å styre tjenesten.
        records:
          kontakt:
            title: Kontakt
            table: prove_kontakt
            contact: { serviceArea: HST }
            fields:
              kontaktId:
                title: Id
                type: text
                length: 1..50
                use: localId
                required: true
                role: key
                informationType: c
                purposes: [planning]
                justification: Posten må kunne finnes igjen ved retting.
              tid:
                title: Tid
                type: dateTime
                required: true
                role: contact.start
                informationType: c
                purposes: [planning]
                justification: Tidspunktet plasserer kontakten i dataår.
              svar:
                title: Svar
                type: code
                codeList: '1101'
                wire: number
                informationType: d
                purposes: [evaluation]
                justification: Svaret viser om tjenesten virker etter hensikten.
        """;

    internal const string YesNo =
        """
        codeList: '1101'
        title: Ja, nei
        source: Volven 1101
        codes:
          '1': Ja
          '2': Nei
        """;

    [Fact]
    public void The_sound_definition_has_no_mistakes() => Check(Sound).ShouldBeEmpty();

    /// <summary>One line changed, and where and how the mistake is told: id, line, a part of text and advice.</summary>
    [Theory]
    [InlineData("replacement: incremental", "replacement: cumulativePerPeriod", "DEF-026", 11, "from og to")]
    [InlineData("status: test", "status: tset", "DEF-005", 7, "Mente du «test»?")]
    [InlineData("serviceArea: HST\nstatus", "serviceAera: HST\nstatus", "DEF-003", 6, "Mente du «serviceArea»?")]
    [InlineData("register: KPR\n", "", "DEF-002", 1, "«register» mangler")]
    [InlineData("status: test", "status: production", "DEF-019", 7, "legalAssessment")]
    [InlineData("from: 2026", "from: snart", "DEF-006", 8, "fra 1980 til 2099")]
    [InlineData("        title: Svar\n", "        title:\n          nb: Svar\n          nno: Svar\n", "DEF-003", 48,
        "Mente du «nn»?")]
    [InlineData("        type: code\n", "        type: kode\n", "DEF-005", 47, "Mente du «code»?")]
    [InlineData("codeList: '1101'", "codeList: '1011'", "DEF-016", 48, "Mente du «1101»?")]
    [InlineData("        informationType: d\n", "", "DEF-010", 46, "a–h")]
    [InlineData("informationType: d", "informationType: a", "DEF-015", 50, "type: person")]
    [InlineData("informationType: d", "informationType: x", "DEF-005", 50, "a, b, c, d")]
    [InlineData("justification: Svaret viser om tjenesten virker etter hensikten.", "justification: Nyttig.",
        "DEF-011", 52, "20 tegn")]
    [InlineData("purposes: [evaluation]", "purposes: [research]", "DEF-012", 51, "ikke alene")]
    [InlineData("purposes: [evaluation]", "purposes: [reserch]", "DEF-005", 51, "Mente du «research»?")]
    [InlineData("      svar:", "      pasientNavn:", "DEF-013", 45, "ikke plass")]
    [InlineData("      svar:", "      gateadresse:", "DEF-013", 45, "ikke plass")]
    [InlineData("      svar:", "      KontaktID:", "DEF-017", 45, "to ganger")]
    [InlineData("length: 1..50", "length: 1..5000", "DEF-014", 30, "største er 100")]
    [InlineData("length: 1..50", "length: 50..1", "DEF-006", 30, "1..50")]
    [InlineData("        length: 1..50\n", "", "DEF-014", 28, "øvre lengde")]
    [InlineData("        use: localId\n", "", "DEF-014", 28, "fritekst")]
    [InlineData("        use: localId\n", "        pattern: '[A'\n", "DEF-018", 31, "Begynn med ^")]
    [InlineData("        use: localId\n", "        pattern: '^(A$'\n", "DEF-018", 31, "parenteser")]
    [InlineData("role: key", "role: event", "DEF-020", 33, "passer ikke")]
    [InlineData("        role: key\n", "", "DEF-020", 27, "role: key")]
    [InlineData("role: contact.start", "role: contact.start\n        onFault: { content: log }", "DEF-020", 27,
        "plasserer posten i tid")]
    [InlineData("        required: true\n        role: contact.start", "        role: contact.start", "DEF-020", 27,
        "må være påkrevd")]
    [InlineData("    table: prove_kontakt", "    table: Prove", "DEF-017", 24, "gyldig tabellnavn")]
    [InlineData("codeList: '1101'\n        wire: number",
        "codeList: '1101'\n        column: sender\n        wire: number", "DEF-017", 49, "kolonnenavn")]
    [InlineData("type: code\n        codeList: '1101'\n        wire: number", "type: integer\n        range: 9..1",
        "DEF-006", 48, "minste og største")]
    [InlineData("type: code\n        codeList: '1101'\n        wire: number", "type: fodselsnummer", "DEF-015", 47,
        "kolonne i registeret")]
    [InlineData("        wire: number", "        length: 1..9\n        wire: number", "DEF-003", 49, "ukjent")]
    public void A_mistake_is_told_with_its_line_and_what_to_do(string was, string now, string id, int line, string says)
    {
        Sound.ShouldContain(was);

        var text = Sound.Replace(was, now);
        var mistakes = Check(text);

        var told = mistakes.FirstOrDefault(mistake =>
                mistake.Id == id && mistake.Line == line && $"{mistake.Text} {mistake.Advice}".Contains(says))
            .ShouldNotBeNull(string.Join('\n', mistakes));
        var place = text.Split('\n')[(int)told.Line - 1];
        var column = (int)told.Column - 1;
        (column == 0 || " [{".Contains(place[column - 1])).ShouldBeTrue($"{told}");
        (place[column] != ' ').ShouldBeTrue($"{told}");
    }

    [Fact]
    public void All_mistakes_are_told_and_not_only_the_first()
    {
        var mistakes = Check(Sound.Replace("status: test", "status: tset").Replace("wire: number", "wire: numbr")
            .Replace("purposes: [evaluation]", "purposes: [research]"));

        mistakes.Select(mistake => mistake.Id).ShouldBe(["DEF-005", "DEF-005", "DEF-012"], ignoreOrder: true);
    }

    [Fact]
    public void What_is_not_yaml_is_told_by_its_line()
    {
        var mistake = Check(Sound.Replace("status: test", "status: [test")).ShouldHaveSingleItem();

        mistake.Id.ShouldBe("DEF-001");
        mistake.Line.ShouldBeInRange(7, 10);
    }

    [Theory]
    [InlineData("title: &x\n  nb: *x", 4, 7, "«*x»")]
    [InlineData("title: *nowhere", 3, 8, "«*nowhere»")]
    [InlineData("title: DEEP", 3, 57, "nivåer")]
    [InlineData("a: &a [x, x, x, x, x, x, x, x, x]\nREPEATED", 8, 12, "for mange ganger")]
    public void What_has_no_bottom_is_told_by_its_place(string title, long line, long column, string says)
    {
        var repeated = string.Join('\n', "bcdefgh".Select(name =>
            $"{name}: &{name} [{string.Join(", ", Enumerable.Repeat($"*{(char)(name - 1)}", 9))}]"));
        var text = title.Replace("DEEP", new string('[', 100_000)).Replace("REPEATED", repeated);

        var mistake = Check(Sound.Replace("title: Prøve", text)).ShouldHaveSingleItem();

        (mistake.Id, mistake.Line, mistake.Column).ShouldBe(("DEF-001", line, column), $"{mistake}");
        mistake.Text.ShouldContain(says);
    }

    [Fact]
    public void The_same_key_twice_is_no_yaml() =>
        Check(Sound.Replace("status: test", "status: test\nstatus: test"))
            .ShouldHaveSingleItem().Id.ShouldBe("DEF-001");

    [Fact]
    public void Two_files_cannot_define_the_same_type_or_table()
    {
        using var folder = new DefinitionFolder(Sound, YesNo);
        folder.Write("messages", "n.yaml", Sound);

        folder.Check().Mistakes.Select(mistake => $"{mistake.File} {mistake.Id}")
            .ShouldBe(["messages/n.yaml DEF-022", "messages/n.yaml DEF-022"]);
    }

    [Theory]
    [InlineData("  '1': Ja", "  '1': { text: Ja, from: 2026-01-01, to: 2025-01-01 }", "DEF-021")]
    [InlineData("  '1': Ja", "  '1': { tekst: Ja }", "DEF-002")]
    [InlineData("source: Volven 1101\n", "", "DEF-002")]
    public void Mistakes_in_code_lists_are_told_too(string was, string now, string id)
    {
        using var folder = new DefinitionFolder(Sound, YesNo.Replace(was, now));

        folder.Check().Mistakes.ShouldContain(mistake => mistake.Id == id && mistake.File == "code-lists/0.yaml");
    }

    [Fact]
    public void A_code_is_held_against_the_day_of_the_event()
    {
        using var folder = new DefinitionFolder(
            Sound, YesNo.Replace("  '1': Ja", "  '1': { text: Ja, from: 2026-02-01, to: 2026-02-28 }"));
        var reader = DefinitionCatalogue.Load(folder.Path).FindReader("Prove", "1")!;

        var content = reader.Read("""
            [{"orgNr":310211036,"kontakt":[
              {"kontaktId":"1","svar":1,"tid":"2026-01-31T23:59:00"},
              {"kontaktId":"2","svar":1,"tid":"2026-02-01T00:00:00"},
              {"kontaktId":"3","tid":"2026-02-28T23:30:00Z","svar":1}]}]
            """);

        content.Told().ShouldBe(["COD-002 /0/kontakt/0/svar", "COD-002 /0/kontakt/2/svar"]);
        content.IsAccepted.ShouldBeTrue();
        content.Batches[0].Vector("svar").IsNull(0).ShouldBeTrue();
        content.Batches[0].Vector("svar").IsNull(1).ShouldBeFalse();
    }

    [Fact]
    public void A_contact_may_lack_its_start_when_another_field_is_the_event()
    {
        var definition = Sound
            .Replace("        required: true\n        role: contact.start", "        role: contact.start")
            .Replace("      svar:", Registered + "      svar:");
        using var folder = new DefinitionFolder(definition, YesNo);
        var reader = DefinitionCatalogue.Load(folder.Path).FindReader("Prove", "1")!;

        var content = reader.Read("""
            [{"orgNr":310211036,"kontakt":[
              {"kontaktId":"1","registrert":"2026-02-01T12:00:00"},
              {"kontaktId":"2","registrert":"2026-02-01T12:00:00","tid":"2011-02-01T12:00:00"},
              {"kontaktId":"3","registrert":"2025-12-31T12:00:00","tid":"2026-02-01T12:00:00"}]}]
            """);

        content.Told().ShouldBe(["INN-003 /0/kontakt/2/registrert"]);
        reader.Type.RecordTypes[0].Event.WireName.ShouldBe("registrert");
        reader.Type.RecordTypes[0].Contact!.Start.Column.ShouldBe("tid");
    }

    [Fact]
    public void Two_starts_of_a_contact_are_a_mistake_also_beside_an_event() =>
        Check(Sound.Replace("      svar:", Registered + Registered.Replace("registrert", "nytid")
                .Replace("role: event", "role: contact.start") + "      svar:"))
            .ShouldContain(mistake => mistake.Id == "DEF-020" && mistake.Text.Contains("2 felt"));

    private const string Registered =
        """
              registrert:
                title: Registrert
                type: dateTime
                required: true
                role: event
                informationType: c
                purposes: [planning]
                justification: Tidspunktet viser hvilken versjon som er nyest.

        """;

    [Fact]
    public void A_row_is_dropped_when_the_definition_says_so()
    {
        using var folder = new DefinitionFolder(
            Sound.Replace("        wire: number", "        wire: number\n        onFault: { code: dropRow }"), YesNo);
        var reader = DefinitionCatalogue.Load(folder.Path).FindReader("Prove", "1")!;

        var content = reader.Read("""
            [{"orgNr":310211036,"kontakt":[
              {"kontaktId":"1","svar":7,"tid":"2026-02-01T12:00:00"},{"kontaktId":"2","tid":"2026-02-01T12:00:00"}]}]
            """);

        content.Told().ShouldBe(["COD-001 /0/kontakt/0/svar"]);
        content.DroppedCount.ShouldBe(1);
        content.Batches[0].LocalIds.ShouldBe(["2"]);
        content.Batches[0].Vector("svar").IsNull(0).ShouldBeTrue();
    }

    [Theory]
    [InlineData("onFault: { code: log }", "type: code\n        codeList: '1101'\n        wire: number", "01810149732")]
    [InlineData("onFault: { content: log }", "type: integer\n        range: 0..9", "1810149732")]
    [InlineData("onFault: { content: log }", "type: decimal\n        decimals: 1\n        range: 0..9", "1810149732.0")]
    [InlineData("", "type: integer\n        range: 0..99999999999", "1810149732")]
    public void A_value_that_is_kept_in_spite_of_its_fault_is_still_no_identifier(
        string onFault, string item, string sent)
    {
        const string code = "type: code\n        codeList: '1101'\n        wire: number";
        Sound.ShouldContain(code);
        var text = item == code ? item.Replace("wire: number", "wire: either") : item;
        using var folder = new DefinitionFolder(
            Sound.Replace(code, onFault.Length == 0 ? text : $"{text}\n        {onFault}"), YesNo);
        var reader = DefinitionCatalogue.Load(folder.Path).FindReader("Prove", "1")!;
        var value = item == code ? $"\"{sent}\"" : sent;

        var content = reader.Read(
            $$"""[{"orgNr":310211036,"kontakt":[{"kontaktId":"1","svar":{{value}},"tid":"2026-02-01T12:00:00"}]}]""");

        content.Told().ShouldContain("INN-008 /0/kontakt/0/svar");
        content.IsAccepted.ShouldBeFalse();
    }

    private static IReadOnlyList<Compiling.DefinitionMistake> Check(string message)
    {
        using var folder = new DefinitionFolder(message, YesNo);
        return folder.Check().Mistakes;
    }
}
