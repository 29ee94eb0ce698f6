using Kilde.Testing;

namespace Kilde.Definitions.Tests;

/// <summary>What is held apart, told by files in <c>sensitive/</c> and by each record (R4.18).</summary>
public class SensitiveClassTests
{
    private const string Class =
        """
        sensitive: secret
        title: { nb: Hemmelig, nn: Hemmeleg, en: Secret }
        source: R4.18
        reason: Opplysningene kan skade den de gjelder.
        codes: { '1101': ['1'] }
        """;

    private static readonly string Message = DefinitionMistakeTests.Sound.Replace(
        "contact: { serviceArea: HST }",
        "contact: { serviceArea: HST }\n    sensitive: { secret: { rows: [svar] } }");

    [Fact]
    public void A_record_is_of_a_class_by_the_codes_of_the_class()
    {
        using var folder = Folder(Message, Class);

        var part = DefinitionCatalogue.Load(folder.Path).Find("Prove", "1")!.RecordTypes[0].Sensitive
            .ShouldHaveSingleItem();

        part.Class.Id.ShouldBe("secret");
        part.Fields.ShouldBeEmpty();
        part.Rows.ShouldHaveSingleItem().Properties[""].ShouldBe(["1"]);
    }

    [Fact]
    public void A_message_cannot_hold_codes_of_a_class_without_saying_what_is_held_apart()
    {
        using var folder = Folder(DefinitionMistakeTests.Sound, Class);

        var mistake = folder.Check().Mistakes.ShouldHaveSingleItem();

        mistake.Id.ShouldBe("DEF-063");
        mistake.Text.ShouldContain("svar");
        mistake.Advice.ShouldContain("rows: [svar]");
    }

    [Theory]
    [InlineData("secret: {", "secrets: {", "DEF-061")]
    [InlineData("rows: [svar]", "rows: [svaret]", "DEF-062")]
    [InlineData("rows: [svar]", "rows: [tid]", "DEF-062")]
    [InlineData("rows: [svar]", "fields: [tid]", "DEF-062")]
    [InlineData("rows: [svar]", "fields: [kontakt_id]", "DEF-062")]
    [InlineData("rows: [svar]", "rows: [svar], fields: [svar]", "DEF-062")]
    [InlineData("rows: [svar]", "rows: []", "DEF-062")]
    [InlineData("rows: [svar]", "rad: [svar]", "DEF-003")]
    public void A_mistake_in_what_a_record_holds_apart_is_told(string was, string now, string id)
    {
        Message.ShouldContain(was);
        using var folder = Folder(Message.Replace(was, now), Class);

        folder.Check().Mistakes.ShouldContain(mistake => mistake.Id == id && mistake.File == "messages/m.yaml");
    }

    [Theory]
    [InlineData("sensitive: secret", "sensitive: Se-cret", "DEF-060")]
    [InlineData("'1101': ['1']", "'1101': ['7']", "DEF-060")]
    [InlineData("'1101': ['1']", "'1102': ['1']", "DEF-016")]
    [InlineData("reason: Opplysningene kan skade den de gjelder.", "reason: Kort.", "DEF-060")]
    [InlineData("source: R4.18", "sourse: R4.18", "DEF-003")]
    public void A_mistake_in_a_class_is_told(string was, string now, string id)
    {
        Class.ShouldContain(was);
        using var folder = Folder(Message, Class.Replace(was, now));

        folder.Check().Mistakes.ShouldContain(mistake => mistake.Id == id && mistake.File == "sensitive/s.yaml");
    }

    [Fact]
    public void Coercion_and_abuse_are_held_apart_in_the_definitions_of_today()
    {
        var apart =
            from type in DefinitionCatalogue.Load(Repository.At("definitions")).MessageTypes
            from record in type.RecordTypes
            from part in record.Sensitive
            from what in part.Rows
                .Select(rows => $"rows {record.Columns[rows.Column].Name} {rows.Properties.Keys.Single()}".TrimEnd())
                .Concat(part.Fields.Select(field => $"field {record.Columns[field].Name}"))
            select $"{record.Table}: {part.Class.Id}, {what}";

        apart.Order(StringComparer.Ordinal).ShouldBe(
        [
            "ipl_bruker: coercion, field tvang_o",
            "ipl_sak: coercion, rows henvendelse_behov tjenestetype",
            "ipl_sak: coercion, rows iverksatt tjenestetype",
            "ipl_sak: coercion, rows vedtak_beslutning_tjeneste tjenestetype",
            "ipl_stopp_fra: coercion, rows tjeneste_type",
            "ipl_stopp_til: coercion, rows tjeneste_type",
            "ipl_tjenesteslutt: coercion, rows tjeneste_type",
            "ipl_tjenestestart: coercion, rows tjeneste_type",
            "ipl_utforer_endret: coercion, rows tjeneste_type",
            "iplos_tjeneste: coercion, rows tj_tjen_type",
            "ktt_tjeneste: coercion, rows tjenestetype",
            "ord_episode: coercion, field spesialistvedtak",
            "ord_episode: coercion, field tvang",
            "ord_henvisning: coercion, field henv_formal",
            "ord_pasient: abuse, field pasient_tilstand",
        ]);
    }

    private static DefinitionFolder Folder(string message, string one)
    {
        var folder = new DefinitionFolder(message, DefinitionMistakeTests.YesNo);
        folder.Write("sensitive", "s.yaml", one);
        return folder;
    }
}
