using System.Text;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests.Rules;

/// <summary>Rules about reporting units, in every message that names some.</summary>
public class UnitRuleTests
{
    private const string Rule = "NPR-ENH-002";
    private const string WrongDigit = "983974889";

    private static readonly Dictionary<string, string> Contents = new(StringComparer.Ordinal)
    {
        ["53_1_3_ord"] =
            """
            <Enhet enhetID="A1" orgNr="983974880"/><Enhet enhetID="A2"/><Enhet enhetID="A3"/>
            <Objektholder pasientNr="P1"/>
            """,
        ["53_1_3_str"] = """<Enhet enhetID="A1"/><Objektholder pasientNr="P1"/>""",
        ["53_1_3_rad"] = """<Enhet enhetID="A1"/><Objektholder pasientNr="P1"/>""",
        ["53_1_3_pak"] = """<Enhet enhetID="A1"/><Objektholder pasientNr="P1"/>""",
        ["53_1_3_ide"] = """<PasientIdent pid="P1" fid="01831599819" typeID="1"/>""",
        ["53_1_3_pre"] = "",
        ["53_1_3_kpp"] = """<Objektholder pasientNr="P1"/>""",
    };

    public static TheoryData<string> Modules => [.. Contents.Keys];

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_wrong_institution_is_told_once_where_it_is_named(string module)
    {
        var finding = FindingsOf(module, WrongDigit).ShouldHaveSingleItem();

        finding.Path.ShouldStartWith($"/Melding/Institusjon[@institusjonID='{WrongDigit}']/@institusjonID");
        finding.Detail!.Value.ShouldBe(WrongDigit);
        finding.Severity.ShouldBe(Severity.Warning);
    }

    [Theory]
    [InlineData("983974880")] // A
    [InlineData("4204820")] // B
    [InlineData("9839748801")] // C
    [InlineData("X123")] // X
    public void An_institution_may_be_given_in_four_ways(string institution)
    {
        foreach (var module in Contents.Keys) FindingsOf(module, institution).ShouldBeEmpty(module);
    }

    [Theory]
    [InlineData("utenbys")]
    [InlineData("9839748805")]
    [InlineData("98397488012")]
    [InlineData("X-123")]
    public void What_is_given_in_none_of_them_is_told(string institution) =>
        FindingsOf("53_1_3_ide", institution).ShouldHaveSingleItem();

    /// <summary>F11, C23: vendors validate as nobody's unit, and made-up units send made-up persons.</summary>
    [Theory]
    [InlineData("777777777", true, true, 0)]
    [InlineData("777777777", true, false, 1)]
    [InlineData("777777777", false, true, 0)]
    [InlineData("777777777", false, false, 1)]
    [InlineData("310211036", true, false, 0)]
    [InlineData("310211036", false, false, 1)]
    public void What_is_a_unit_depends_on_where_it_is_read(
        string institution, bool takesSynthetic, bool takesValidation, int count)
    {
        var policy = takesSynthetic ? PersonIdentifierPolicy.Test : PersonIdentifierPolicy.Production;

        FindingsOf("53_1_3_pre", institution, policy, takesValidation).Count.ShouldBe(count);
    }

    [Fact]
    public void An_institution_that_looks_like_a_person_is_not_told()
    {
        // A synthetic person: the month has 80 added.
        var finding = FindingsOf("53_1_3_ord", "01810149732").ShouldHaveSingleItem();

        finding.Path.ShouldStartWith("/Melding/Institusjon[1]/@institusjonID");
        finding.Detail!.Value.ShouldBe("***");
    }

    private static List<Finding> FindingsOf(
        string module, string institution, PersonIdentifierPolicy? policy = null, bool takesValidation = false)
    {
        var version = string.Join('.', module.Split('_')[..3]);
        var contacts = module.EndsWith("kpp", StringComparison.Ordinal)
            || module.EndsWith("pre", StringComparison.Ordinal) ? "" :
            """
            <Kontaktperson kontPerson="K" meldEpost1="a@b.no" typeKontaktperson="1"/>
            <Kontaktperson kontPerson="K" meldEpost1="a@b.no" typeKontaktperson="15"/>
            """;
        var message =
            $"""
            <Melding xmlns="http://www.npr.no/xmlstds/{module}" versjon="{version}" meldingstype="B"
              fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-08-31" uttakDato="2019-09-03" leverandor="Prøve"
              navnEPJ="Prøve" versjonEPJ="1" versjonUt="1" lopenr="1">{contacts}
            <Institusjon institusjonID="{institution}">{Contents[module]}</Institusjon></Melding>
            """;
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(message));
        var options = new ReadOptions(policy ?? PersonIdentifierPolicy.Test, new DateOnly(2019, 9, 5))
        {
            TakesValidationUnit = takesValidation,
        };
        using var reading = Kit.Catalogue.OpenXml(content, options).Reading!;
        var outcome = reading.ReadToEnd();
        outcome.IsAccepted.ShouldBeTrue($"{module}: {string.Join('\n', outcome.Findings)}");
        return [.. outcome.Findings.Where(finding => finding.RuleId == Rule)];
    }
}
