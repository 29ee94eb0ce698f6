using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Definitions.Tests.Rules;

public sealed class CodeSystemTests : IDisposable
{
    private readonly DirectoryInfo _codes = Directory.CreateTempSubdirectory("kilde-codes-");

    public void Dispose() => _codes.Delete(recursive: true);

    [Fact]
    public void A_code_is_valid_on_its_own_days_and_nothing_is_said_of_days_nobody_has_fetched()
    {
        Write("D-2018.csv", "J189;2018-01-01;2018-12-31;Pneumoni", "J188;2018-01-01;2018-12-31;");
        Write("D-2019.csv", "J189;2019-01-01;2019-12-31;Uspesifisert pneumoni");
        Write("D-2022.csv", "J189;2022-01-01;;Uspesifisert pneumoni");
        var system = Load().CodeSystems.Find("D")!;

        system.Holds("J189", new DateOnly(2018, 6, 1)).ShouldBe(CodeStanding.Valid);
        system.Holds("J188", new DateOnly(2018, 12, 31)).ShouldBe(CodeStanding.Valid);
        system.Holds("J188", new DateOnly(2019, 1, 1)).ShouldBe(CodeStanding.NotValid);
        system.Holds("X999", new DateOnly(2019, 6, 1)).ShouldBe(CodeStanding.NotValid);
        system.Holds("X999", new DateOnly(2020, 6, 1)).ShouldBe(CodeStanding.Unknown);
        system.Holds("J189", new DateOnly(2021, 6, 1)).ShouldBe(CodeStanding.Unknown);
        system.Holds("X999", new DateOnly(2040, 6, 1)).ShouldBe(CodeStanding.NotValid);
        system.TitleOf("J189", new DateOnly(2018, 6, 1)).ShouldBe("Pneumoni");
        system.TitleOf("J189", new DateOnly(2019, 6, 1)).ShouldBe("Uspesifisert pneumoni");
        system.TitleOf("J188", new DateOnly(2018, 6, 1)).ShouldBeNull();
        system.Covered.ShouldBe([
            new Validity(new DateOnly(2018, 1, 1), new DateOnly(2019, 12, 31)),
            new Validity(new DateOnly(2022, 1, 1), null)]);
    }

    [Fact]
    public void Codes_of_a_year_nobody_has_fetched_are_counted_as_not_checked()
    {
        Write("D.csv", "J189;2020-01-01;2020-12-31;");
        var message = new OrdMessage().Add("E1").Add("E2");

        var unchecked2019 = message.Read(Load());

        unchecked2019.Findings.ShouldBeEmpty();
        unchecked2019.UncheckedSystems.ShouldBe([new UncheckedSystem("D", "ICD-10", 2019, 2)]);
        var remark = unchecked2019.Remarks.ShouldHaveSingleItem();
        (remark.RuleId, remark.Severity).ShouldBe(("COD-005", Severity.Information));
        remark.Text.ShouldStartWith("Koder i ICD-10 (D) for 2019 er ikke kontrollert");
        message.Read().UncheckedSystems.ShouldBe(unchecked2019.UncheckedSystems);
        Write("D-2019.csv", "J189;2019-01-01;2019-12-31;");
        message.Read(Load()).UncheckedSystems.ShouldBeEmpty();
    }

    [Fact]
    public void The_letter_of_all_procedures_takes_a_code_of_any_of_them()
    {
        Write("K.csv", "JEA00;;;Appendektomi");
        Write("M.csv", "WDAL30;;;");
        var system = Load().CodeSystems.Find("Q")!;

        foreach (var code in new[] { "JEA00", "WDAL30" })
            system.Holds(code, new DateOnly(2019, 1, 1)).ShouldBe(CodeStanding.Valid, code);
        system.Holds("JEA10", new DateOnly(2019, 1, 1)).ShouldBe(CodeStanding.NotValid);
        system.HasForm("SFX0AA").ShouldBeTrue();
        system.HasForm("lunge").ShouldBeFalse();
    }

    /// <summary>The whole way: the register's codes, a message, and what its sender is told.</summary>
    [Fact]
    public void A_condition_is_held_against_the_day_the_episode_ended()
    {
        Write("D.csv", "J189;;;", "J188;;2019-03-03;", "J187;2019-03-04;;");
        var catalogue = Load();

        OutcomeOf("J189").ShouldBeEmpty();
        OutcomeOf("J187").ShouldBeEmpty();
        OutcomeOf("J188").ShouldBe(["NPR-EPI-011 J188"]);
        OutcomeOf("J186").ShouldBe(["NPR-EPI-011 J186"]);

        string[] OutcomeOf(string code) =>
        [
            .. new OrdMessage().Add("E1", "2019-03-01T10:00:00", "2019-03-04T12:00:00", code: code).Read(catalogue)
                .Findings.Select(finding => $"{finding.RuleId} {finding.Detail!.Value}"),
        ];
    }

    [Fact]
    public void A_procedure_is_held_against_its_own_day()
    {
        Write("K.csv", "JEA00;2019-03-02;;", "JEA01;;2019-03-01;");
        var catalogue = Load();

        OutcomeOf("JEA01", "2019-03-01").ShouldBeEmpty();
        OutcomeOf("JEA00", "2019-03-02").ShouldBeEmpty();
        OutcomeOf("JEA01", "2019-03-02").ShouldBe(["NPR-EPI-013 JEA01"]);
        OutcomeOf("JEA00", "2019-03-01").ShouldBe(["NPR-EPI-013 JEA00"]);

        string[] OutcomeOf(string code, string day) =>
        [
            .. new OrdMessage().Add("E1", services:
                $"""
                <Tjeneste startDatoTid="2019-03-01T10:00:00"><Tiltak typeTiltak="1" startDatoTid="{day}T09:00:00">
                  <Prosedyre prosNr="1">
                    <Kode kodeNr="1" Kodeverk="K" kodeVersjon="2019" kodeVerdi="{code}"/>
                  </Prosedyre>
                </Tiltak></Tjeneste>
                """).Read(catalogue).Findings.Select(finding => $"{finding.RuleId} {finding.Detail!.Value}"),
        ];
    }

    [Theory]
    [InlineData("D.csv", "J18.9;;;", 2, 1, "uten punktum")]
    [InlineData("D.csv", "J189;i dag;;", 2, 6, "2026-01-01")]
    [InlineData("D.csv", "J189;2019-01-01;2018-12-31;", 2, 17, "2018-12-31")]
    [InlineData("D.csv", "J189", 2, 1, "code;from;to;title")]
    [InlineData("Z.csv", "J189;;;", 1, 1, "etter et kodeverk")]
    [InlineData("Q.csv", "JEA00;;;", 1, 1, "etter et kodeverk")]
    public void A_mistake_in_a_file_of_codes_is_told_where_it_stands(
        string file, string line, long atLine, long atColumn, string text)
    {
        Write(file, line);

        var mistake = Compiling.DefinitionChecker.Check(Repository.At("definitions"), _codes.FullName)
            .Mistakes.ShouldHaveSingleItem();
        (mistake.Id, mistake.File, mistake.Line, mistake.Column).ShouldBe(("DEF-041", file, atLine, atColumn));
        mistake.ToString().ShouldContain(text);
    }

    [Fact]
    public void A_file_without_its_heading_is_not_read()
    {
        File.WriteAllText(Path.Combine(_codes.FullName, "D.csv"), "J189;;;\n");

        Compiling.DefinitionChecker.Check(Repository.At("definitions"), _codes.FullName)
            .Mistakes.ShouldHaveSingleItem().Advice.ShouldBe($"Skriv {CodeFile.Header}");
    }

    [Fact]
    public void The_diagnoses_of_the_npm_package_become_code_files()
    {
        var package = Repository.At("tools", "node_modules", "@navikt", "diagnosekoder");
        Assert.SkipUnless(Directory.Exists(package), "The tools are not installed.");

        var written = DiagnosisPackage.Write(package, _codes.FullName);

        written.Select(one => Path.GetFileName(one.File)).ShouldBe(["D-2026.csv", "H-2026.csv"]);
        var systems = Load().CodeSystems;
        systems.Find("D")!.CodeCount.ShouldBeGreaterThan(15_000);
        systems.Find("D")!.Holds("J189", new DateOnly(2026, 5, 1)).ShouldBe(CodeStanding.Valid);
        systems.Find("D")!.Holds("J18", new DateOnly(2026, 5, 1)).ShouldBe(CodeStanding.NotValid);
        systems.Find("D")!.Holds("J189", new DateOnly(2019, 5, 1)).ShouldBe(CodeStanding.Unknown);
        systems.Find("H")!.Holds("A01", new DateOnly(2026, 5, 1)).ShouldBe(CodeStanding.Valid);
        systems.Find("H")!.TitleOf("A03", new DateOnly(2026, 5, 1)).ShouldBe("Feber");
    }

    [Fact]
    public void A_folder_that_is_not_the_package_is_refused() =>
        Should.Throw<InvalidDataException>(() => DiagnosisPackage.Write(_codes.FullName, _codes.FullName));

    /// <summary>Every code that has been seen in use is written as we say its system writes codes.</summary>
    [Theory]
    [InlineData("icd10-no.csv", "D")]
    [InlineData("icpc2-no.csv", "H")]
    [InlineData("ncsp-no.csv", "K")]
    [InlineData("ncmp-no.csv", "M")]
    [InlineData("ncrp-no.csv", "R")]
    public void Known_codes_have_the_form_of_their_system(string file, string letter)
    {
        var lines = File.ReadLines(Repository.Oracle("reference-data", file)).Skip(1);
        var system = Kit.Catalogue.CodeSystems.Find(letter)!;

        lines.Select(line => line.Split(',')[0]).Where(code => !system.HasForm(code)).ShouldBeEmpty();
    }

    private void Write(string file, params string[] lines) =>
        File.WriteAllLines(Path.Combine(_codes.FullName, file), [CodeFile.Header, .. lines]);

    private DefinitionCatalogue Load() => DefinitionCatalogue.Load(Repository.At("definitions"), _codes.FullName);
}
