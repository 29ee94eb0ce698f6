using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests;

/// <summary>What the detail of a finding says, in another language than it is stored in.</summary>
public class DetailPhraseTests
{
    private static readonly DetailPhrase[] Phrases =
    [
        new(new LocalizedText("Meldt {0} er {1}.", "Meld {0} er {1}.", "The {0} told is {1}.")),
        new(new LocalizedText("{0} i {1} og {2}", "{0} i {1} og {2}", "in {1} and {2}: {0}")),
        new(new LocalizedText("{0} og {1}", "{0} og {1}", "{0} and {1}")),
        new(new LocalizedText("kjønn", "kjønn", "sex")),
        new(new LocalizedText("alder (år)", "alder (år)", "age (years)")),
    ];

    [Theory]
    [InlineData("kjønn", "sex")]
    [InlineData("Meldt kjønn er 1.", "The sex told is 1.")]
    [InlineData("kjønn og alder (år) i A.B og C", "in A.B and C: sex and age (years)")]
    [InlineData("21", "21")]
    [InlineData("Meldt kjønn er", "Meldt kjønn er")]
    [InlineData("alder (år), mer", "alder (år), mer")]
    public void A_phrase_is_said_with_what_stands_in_its_places(string stored, string said) =>
        DetailPhrase.Say(Phrases, codes: null, stored, "en", out _).ShouldBe(said);

    [Fact]
    public void In_bokmaal_it_is_as_it_is_stored() =>
        DetailPhrase.Say(Phrases, codes: null, "kjønn og alder (år) i A og B", "nb", out _)
            .ShouldBe("kjønn og alder (år) i A og B");

    [Theory]
    [InlineData("1", "en", "1 (Yes)")]
    [InlineData("1, 2", "nn", "1 (Jau), 2 (Nei)")]
    [InlineData("kjønn og 2", "en", "sex and 2 (No)")]
    [InlineData("1, 9", "en", "1, 9")]
    [InlineData("01.01.2026", "en", "01.01.2026")]
    public void A_code_is_told_with_what_it_means(string stored, string language, string said) =>
        DetailPhrase.Say(Phrases, YesNo, stored, language, out _).ShouldBe(said);

    private static CodeList YesNo { get; } = new()
    {
        Id = "1101", Titles = new LocalizedText("Ja, nei"), Source = "Volven 1101",
        Codes =
        [
            new Code(new CodeValue("1101", "1"), new LocalizedText("Ja", "Jau", "Yes"), Validity.Always),
            new Code(new CodeValue("1101", "2"), new LocalizedText("Nei", "Nei", "No"), Validity.Always),
        ],
    };
}
