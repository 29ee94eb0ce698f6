using System.Text;

namespace Kilde.Kernel.Tests;

public class IdentifierInTextTests
{
    [Theory]
    [InlineData("02813299952", true)]
    [InlineData("EPJ-02813299952.1", true)]
    [InlineData("æøå 41819077906", true)]
    [InlineData("K-2026-000117/02813299952", true)]
    [InlineData("028132 99952", true)]
    [InlineData("028132-99952", true)]
    [InlineData("f. 028132.99952.", true)]
    [InlineData("028132\u00A099952", true)]
    [InlineData("418190\u201377906", true)]
    [InlineData("80000000098", true)]
    [InlineData("hjelpenr 800000-00098", true)]
    [InlineData("028132  99952", false)]
    [InlineData("028132/99952", false)]
    [InlineData("0028132-99952", false)]
    [InlineData("028132-999520", false)]
    [InlineData("028132-99951", false)]
    [InlineData("028132-", false)]
    [InlineData("028132", false)]
    [InlineData("", false)]
    [InlineData("028132999520", false)]
    [InlineData("02813299951", false)]
    [InlineData("0281329995", false)]
    [InlineData("K-2026-000117", false)]
    public void A_number_of_a_person_is_found_wherever_it_stands(string text, bool isIn)
    {
        IdentifierInText.IsIn(text).ShouldBe(isIn);
        IdentifierInText.IsIn(Encoding.UTF8.GetBytes(text)).ShouldBe(isIn);
        IdentifierInText.IsIn(new string('a', 1000) + text).ShouldBe(isIn);
    }

    [Theory]
    [InlineData(2813299952, true)]
    [InlineData(41819077906, true)]
    [InlineData(80000000098, true)]
    [InlineData(281329995, false)]
    [InlineData(2813299951, false)]
    [InlineData(190100000110, false)]
    public void A_number_that_is_a_persons_is_known_without_its_leading_zero(long number, bool isIdentifier)
    {
        IdentifierInText.Is(number).ShouldBe(isIdentifier);
        IdentifierInText.Is((decimal)number).ShouldBe(isIdentifier);
        IdentifierInText.Is(number + 0.5m).ShouldBeFalse();
    }
}
