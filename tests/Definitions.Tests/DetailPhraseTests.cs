using Kilde.Definitions.Checks;
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
        DetailPhrase.Say(Phrases, stored, "en", out _).ShouldBe(said);

    [Fact]
    public void In_bokmaal_it_is_as_it_is_stored() =>
        DetailPhrase.Say(Phrases, "kjønn og alder (år) i A og B", "nb", out _)
            .ShouldBe("kjønn og alder (år) i A og B");
}
